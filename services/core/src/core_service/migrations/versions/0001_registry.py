"""Cases, their activities and the ledger of status events."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = "0000"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

COUNTS: Final = (
    "male_applicant",
    "female_applicant",
    "organization_applicant",
    "male_defendant",
    "female_defendant",
    "organization_defendant",
    "custody_count",
)
UTC_TIME: Final = sa.DateTime(timezone=True)
LAST_SEEN_ON: Final = sa.text("coalesce(last_activity_on, filed_on)")


def upgrade() -> None:
    _cases()
    _activities()
    _ledger()


def downgrade() -> None:
    for table in (
        "case_status_events",
        "activity_judges",
        "case_activities",
        "case_judge_assignments",
        "cases",
    ):
        op.drop_table(table)


def _record() -> list[sa.Column[Any]]:
    """The columns that every record has."""
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("updated_by", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _cases() -> None:
    op.create_table(
        "cases",
        *_record(),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("caseid_type", sa.String(), nullable=False),
        sa.Column("number_raw", sa.String(), nullable=False),
        sa.Column("number_norm", sa.String(), nullable=False),
        sa.Column("number_serial", sa.BigInteger(), nullable=False),
        sa.Column("filed_year", sa.Integer(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("case_type_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("status_since", sa.Date(), nullable=False),
        sa.Column("disposed_on", sa.Date()),
        sa.Column("next_hearing_on", sa.Date()),
        sa.Column("last_activity_on", sa.Date()),
        sa.Column("activity_count", sa.Integer(), nullable=False),
        sa.Column("adjournment_count", sa.Integer(), nullable=False),
        sa.Column("lead_judge_id", sa.Uuid()),
        sa.Column("original_court", sa.String()),
        sa.Column("original_code", sa.String()),
        sa.Column("original_number", sa.String()),
        sa.Column("original_year", sa.Integer()),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("legal_representation", sa.Boolean()),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("source_kind", sa.String(24), nullable=False),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("filename", sa.String()),
        sa.Column("row_no", sa.Integer()),
        sa.Column("deleted_at", UTC_TIME),
        sa.CheckConstraint(
            "(status = 'disposed') = (disposed_on IS NOT NULL)", name="ck_cases_disposed_on"
        ),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 0 AND 999", name=f"ck_cases_{name}")
            for name in COUNTS
        ),
        sa.CheckConstraint("filed_year = EXTRACT(YEAR FROM filed_on)", name="ck_cases_filed_year"),
        sa.ForeignKeyConstraint(["case_type_id"], ["case_types.id"], name="fk_cases_case_type_id"),
        sa.ForeignKeyConstraint(["court_id"], ["courts.id"], name="fk_cases_court_id"),
        sa.ForeignKeyConstraint(["lead_judge_id"], ["judges.id"], name="fk_cases_lead_judge_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_case_type_id", "cases", ["case_type_id", "filed_on", "id"])
    op.create_index("ix_cases_court_filed_on", "cases", ["court_id", "filed_on", "id"])
    op.create_index("ix_cases_court_last_seen_on", "cases", ["court_id", LAST_SEEN_ON, "id"])
    op.create_index(
        "ix_cases_disposed_on",
        "cases",
        ["disposed_on"],
        postgresql_where=sa.text("disposed_on IS NOT NULL"),
    )
    op.create_index("ix_cases_filed_on", "cases", ["filed_on", "id"])
    op.create_index("ix_cases_last_seen_on", "cases", [LAST_SEEN_ON, "id"])
    op.create_index(
        "ix_cases_number_order", "cases", ["caseid_type", "filed_year", "number_serial", "id"]
    )
    op.create_index("ix_cases_lead_judge_id", "cases", ["lead_judge_id", "filed_on", "id"])
    op.create_index(
        "ix_cases_next_hearing_on",
        "cases",
        ["court_id", "next_hearing_on"],
        postgresql_where=sa.text("next_hearing_on IS NOT NULL"),
    )
    op.create_index("ix_cases_number_norm", "cases", ["number_norm", "filed_year"])
    op.create_index(
        "uq_cases_number",
        "cases",
        ["court_id", "caseid_type", "number_norm", "filed_year"],
        unique=True,
    )
    op.create_table(
        "case_judge_assignments",
        *_record(),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.Column("reason", sa.String()),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name="ck_case_judge_assignments_period"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_case_judge_assignments_case_id"
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judges.id"], name="fk_case_judge_assignments_judge_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_judge_assignments"),
    )
    op.create_index(
        "ix_case_judge_assignments_case_id", "case_judge_assignments", ["case_id", "from_on"]
    )
    op.create_index(
        "ix_case_judge_assignments_judge_id", "case_judge_assignments", ["judge_id", "to_on"]
    )
    op.create_index(
        "uq_case_judge_assignments_current_lead",
        "case_judge_assignments",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("role = 'lead' AND to_on IS NULL"),
    )


def _activities() -> None:
    op.create_table(
        "case_activities",
        *_record(),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("activity_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("activity_type_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid()),
        sa.Column("reason_id", sa.Uuid()),
        sa.Column("next_on", sa.Date()),
        sa.Column("applicant_witnesses", sa.Integer(), nullable=False),
        sa.Column("defendant_witnesses", sa.Integer(), nullable=False),
        sa.Column("custody_count", sa.Integer()),
        sa.Column("legal_representation", sa.Boolean()),
        sa.Column("details", sa.String()),
        sa.Column("source_kind", sa.String(24), nullable=False),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("filename", sa.String()),
        sa.Column("row_no", sa.Integer()),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid()),
        sa.Column("voided_at", UTC_TIME),
        sa.Column("void_reason", sa.String(24)),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason IS NULL)", name="ck_case_activities_void_reason"
        ),
        sa.CheckConstraint(
            "applicant_witnesses BETWEEN 0 AND 999", name="ck_case_activities_applicant_witnesses"
        ),
        sa.CheckConstraint(
            "custody_count BETWEEN 0 AND 999", name="ck_case_activities_custody_count"
        ),
        sa.CheckConstraint(
            "defendant_witnesses BETWEEN 0 AND 999", name="ck_case_activities_defendant_witnesses"
        ),
        sa.CheckConstraint("seq > 0", name="ck_case_activities_seq"),
        sa.ForeignKeyConstraint(
            ["activity_type_id"], ["activity_types.id"], name="fk_case_activities_activity_type_id"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_activities_case_id"),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name="fk_case_activities_outcome_id"
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["adjournment_reasons.id"], name="fk_case_activities_reason_id"
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["case_activities.id"], name="fk_case_activities_supersedes_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_activities"),
    )
    op.create_index(
        "ix_case_activities_activity_on",
        "case_activities",
        ["activity_on"],
        postgresql_using="brin",
    )
    op.create_index(
        "ix_case_activities_batch_id",
        "case_activities",
        ["batch_id", "row_no"],
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.create_index(
        "ix_case_activities_case_id", "case_activities", ["case_id", "activity_on", "seq"]
    )
    op.create_index(
        "uq_case_activities_live",
        "case_activities",
        ["case_id", "activity_on", "activity_type_id", "seq"],
        unique=True,
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_index(
        "uq_case_activities_supersedes_id",
        "case_activities",
        ["supersedes_id"],
        unique=True,
        postgresql_where=sa.text("supersedes_id IS NOT NULL AND voided_at IS NULL"),
    )
    op.create_table(
        "activity_judges",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 7", name="ck_activity_judges_position"),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["case_activities.id"], name="fk_activity_judges_activity_id"
        ),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name="fk_activity_judges_judge_id"),
        sa.PrimaryKeyConstraint("activity_id", "position", name="pk_activity_judges"),
    )
    op.create_index("ix_activity_judges_judge_id", "activity_judges", ["judge_id"])
    op.create_index(
        "uq_activity_judges_judge", "activity_judges", ["activity_id", "judge_id"], unique=True
    )


def _ledger() -> None:
    op.create_table(
        "case_status_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UTC_TIME, nullable=False),
        sa.Column("retracted_at", UTC_TIME),
        sa.Column("activity_id", sa.Uuid()),
        sa.CheckConstraint(
            "retracted_at >= recorded_at", name="ck_case_status_events_retracted_at"
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["case_activities.id"], name="fk_case_status_events_activity_id"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_status_events_case_id"),
        sa.ForeignKeyConstraint(["court_id"], ["courts.id"], name="fk_case_status_events_court_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_status_events"),
    )
    op.create_index(
        "ix_case_status_events_case_id", "case_status_events", ["case_id", "effective_on"]
    )
    op.create_index(
        "ix_case_status_events_live",
        "case_status_events",
        ["court_id", "effective_on", "kind", "case_id"],
        postgresql_where=sa.text("retracted_at IS NULL"),
    )
    op.create_index(
        "ix_case_status_events_recorded_at",
        "case_status_events",
        ["recorded_at"],
        postgresql_using="brin",
    )
