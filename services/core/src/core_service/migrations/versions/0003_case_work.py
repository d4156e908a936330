"""What is done with cases: transfers, links, changes, requests, assignments by origin."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

UTC_TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    _cases()
    _activities()
    _assignments()
    _links()
    _changes()
    _requests()


def downgrade() -> None:
    for table in ("change_requests", "case_changes", "case_links"):
        op.drop_table(table)
    for column in ("origin", "ended_on", "ended_reason"):
        op.drop_column("case_judge_assignments", column)
    for column in ("sets_status", "counterpart_id", "case_version", "void_note"):
        op.drop_column("case_activities", column)
    op.drop_index("ix_cases_in_custody", "cases")
    op.drop_column("cases", "received_from_id")


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


def _foreign_key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _cases() -> None:
    op.add_column("cases", sa.Column("received_from_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_cases_received_from_id", "cases", "cases", ["received_from_id"], ["id"]
    )
    op.create_index(
        "ix_cases_in_custody",
        "cases",
        ["filed_on", "id"],
        postgresql_where=sa.text("custody_count > 0"),
    )


def _activities() -> None:
    op.add_column("case_activities", sa.Column("sets_status", sa.String(24)))
    op.add_column("case_activities", sa.Column("counterpart_id", sa.Uuid()))
    op.add_column("case_activities", sa.Column("case_version", sa.Integer()))
    op.add_column("case_activities", sa.Column("void_note", sa.String()))
    op.create_foreign_key(
        "fk_case_activities_counterpart_id",
        "case_activities",
        "case_activities",
        ["counterpart_id"],
        ["id"],
    )
    op.create_index(
        "uq_case_activities_counterpart_id",
        "case_activities",
        ["counterpart_id"],
        unique=True,
        postgresql_where=sa.text("counterpart_id IS NOT NULL AND voided_at IS NULL"),
    )


def _assignments() -> None:
    op.add_column(
        "case_judge_assignments",
        sa.Column("origin", sa.String(24), nullable=False, server_default="bench"),
    )
    op.add_column("case_judge_assignments", sa.Column("ended_on", sa.Date()))
    op.add_column("case_judge_assignments", sa.Column("ended_reason", sa.String()))


def _links() -> None:
    op.create_table(
        "case_links",
        *_record(),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("removed_at", UTC_TIME),
        sa.CheckConstraint("case_id <> other_id", name="ck_case_links_itself"),
        _foreign_key("case_links", "case_id", "cases"),
        _foreign_key("case_links", "other_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_links"),
    )
    op.create_index(
        "uq_case_links_live",
        "case_links",
        ["case_id", "other_id", "kind"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index("ix_case_links_other_id", "case_links", ["other_id"])


def _changes() -> None:
    op.create_table(
        "case_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("changed_at", UTC_TIME, nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.Column("source_kind", sa.String(24), nullable=False),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("filename", sa.String()),
        sa.Column("row_no", sa.Integer()),
        _foreign_key("case_changes", "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_changes"),
    )
    op.create_index("ix_case_changes_case_id", "case_changes", ["case_id", "case_version"])


def _requests() -> None:
    op.create_table(
        "change_requests",
        *_record(),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid()),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("deciding_court_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("decided_at", UTC_TIME),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decision_note", sa.String()),
        _foreign_key("change_requests", "case_id", "cases"),
        _foreign_key("change_requests", "activity_id", "case_activities"),
        _foreign_key("change_requests", "court_id", "courts"),
        _foreign_key("change_requests", "deciding_court_id", "courts"),
        sa.PrimaryKeyConstraint("id", name="pk_change_requests"),
    )
    op.create_index(
        "uq_change_requests_pending",
        "change_requests",
        ["case_id", "kind", sa.text("coalesce(activity_id, case_id)")],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_change_requests_state", "change_requests", ["state", "id"])
