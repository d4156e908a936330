"""Case weights, and which edition of the time standards figures go by."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from core_service.migrations.columns import record_columns

revision: Final = "0025"
down_revision: Final = "0020"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

COMPARED: Final = "US Model Time Standards 2011"
# Tables that figures read, too: a write to one of them drops the stored answers.
MARKED: Final = ("case_weights", "import_batches", "import_row_issues", "import_rows")
RECORDED: Final = MARKED[1:]
STORE_SUPERSEDED: Final = """
CREATE TRIGGER store_superseded AFTER UPDATE ON case_weights FOR EACH ROW
WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION store_superseded()
"""
NO_CATEGORY: Final = "'00000000-0000-0000-0000-000000000000'::uuid"


def upgrade() -> None:
    op.add_column(
        "time_standards", sa.Column("rank", sa.Integer(), server_default="1", nullable=False)
    )
    standards = sa.table("time_standards", sa.column("edition"), sa.column("rank"))
    op.execute(standards.update().where(standards.c.edition == COMPARED).values(rank=2))
    op.create_table(
        "case_weights",
        *record_columns(),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("label_norm", sa.String(), nullable=False),
        sa.Column("category_id", sa.Uuid()),
        sa.Column("court_type", sa.String(24)),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("judge_year_minutes", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_weights"),
        sa.ForeignKeyConstraint(
            ["category_id"], ["case_categories.id"], name="fk_case_weights_category_id"
        ),
        sa.CheckConstraint("minutes > 0", name="minutes"),
        sa.CheckConstraint("judge_year_minutes > 0", name="judge_year_minutes"),
    )
    op.execute(
        "ALTER TABLE case_weights ADD CONSTRAINT ex_case_weights_validity EXCLUDE USING gist ("
        f"edition WITH =, label_norm WITH =, COALESCE(category_id, {NO_CATEGORY}) WITH =,"
        " COALESCE(court_type, '') WITH =, daterange(valid_from, valid_to, '[)') WITH &&)"
    )
    op.create_index("ix_case_weights_category_id", "case_weights", ["category_id"])
    for table in MARKED:
        argument = "'recorded'" if table in RECORDED else ""
        op.execute(
            f"CREATE TRIGGER mark_figure_change AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION mark_figure_change({argument})"
        )
    op.execute(STORE_SUPERSEDED)


def downgrade() -> None:
    for table in MARKED:
        op.execute(f"DROP TRIGGER mark_figure_change ON {table}")
    op.drop_table("case_weights")
    op.drop_column("time_standards", "rank")
