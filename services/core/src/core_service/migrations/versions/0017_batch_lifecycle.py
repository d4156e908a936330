"""Repairs of rows, what a revert of an import needs, and the court calendar."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from common.migration_indexes import build_index, drop_index
from core_service.migrations.columns import record_columns

revision: Final = "0017"
down_revision: Final = "0015"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

NUMBER: Final = ("court_id", "caseid_type", "number_norm", "filed_year")


def upgrade() -> None:
    op.create_table(
        "import_row_repairs",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changes", JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.Column("client_id", sa.String()),
        sa.PrimaryKeyConstraint("batch_id", "row_no", "seq", name="pk_import_row_repairs"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_import_row_repairs_batch_id"
        ),
    )
    op.create_table(
        "import_cases_before",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("custody_count", sa.Integer(), nullable=False),
        sa.Column("legal_representation", sa.Boolean()),
        sa.PrimaryKeyConstraint("batch_id", "case_id", name="pk_import_cases_before"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_import_cases_before_batch_id"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_import_cases_before_case_id"),
    )
    op.create_table(
        "calendar_periods",
        *record_columns(),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("court_id", sa.Uuid()),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("sits", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_periods"),
        sa.ForeignKeyConstraint(["court_id"], ["courts.id"], name="fk_calendar_periods_court_id"),
        sa.CheckConstraint("last_on >= first_on", name="period"),
    )
    op.create_index("ix_calendar_periods_last_on", "calendar_periods", ["last_on"])
    op.add_column(
        "cases", sa.Column("reverted", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_cases_reverted"),
        "cases",
        "deleted_at IS NOT NULL OR NOT reverted",
        postgresql_not_valid=True,
    )
    op.execute("ALTER TABLE cases VALIDATE CONSTRAINT ck_cases_reverted")
    _replace_number_index(postgresql_where=sa.text("reverted IS false"))


def downgrade() -> None:
    _replace_number_index()
    op.drop_constraint(op.f("ck_cases_reverted"), "cases")
    op.drop_column("cases", "reverted")
    op.drop_table("calendar_periods")
    op.drop_table("import_cases_before")
    op.drop_table("import_row_repairs")


def _replace_number_index(**options: object) -> None:
    """There is always one of them, so that no number is registered twice meanwhile."""
    build_index("uq_cases_number_next", "cases", NUMBER, unique=True, **options)
    drop_index("uq_cases_number", "cases")
    op.execute("ALTER INDEX uq_cases_number_next RENAME TO uq_cases_number")
