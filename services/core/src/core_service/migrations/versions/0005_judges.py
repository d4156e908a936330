"""Postings and merges of judges, search of their names by likeness, time standards."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0005"
down_revision: Final = "0004"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

UTC_TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Trusted since Postgres 13, and in the same package as btree_gist.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_index(
        "ix_judges_name_likeness",
        "judges",
        ["name_norm"],
        postgresql_using="gin",
        postgresql_ops={"name_norm": "gin_trgm_ops"},
    )
    _postings()
    _merges()
    _time_standards()


def downgrade() -> None:
    for table in ("time_standards", "judge_merge_items", "judge_merges", "judge_postings"):
        op.drop_table(table)
    op.drop_index("ix_judges_name_likeness", "judges")
    op.execute("DROP EXTENSION pg_trgm")


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


def _postings() -> None:
    op.create_table(
        "judge_postings",
        *_record(),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.Column("principal", sa.Boolean(), nullable=False),
        sa.CheckConstraint("to_on IS NULL OR to_on > from_on", name="ck_judge_postings_period"),
        postgresql.ExcludeConstraint(
            (sa.column("judge_id"), "="),
            (sa.text("daterange(from_on, to_on, '[)')"), "&&"),
            using="gist",
            where=sa.text("principal"),
            name="ex_judge_postings_principal",
        ),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name="fk_judge_postings_judge_id"),
        sa.ForeignKeyConstraint(["court_id"], ["courts.id"], name="fk_judge_postings_court_id"),
        sa.PrimaryKeyConstraint("id", name="pk_judge_postings"),
    )
    op.create_index("ix_judge_postings_judge_id", "judge_postings", ["judge_id", "from_on"])
    op.create_index("ix_judge_postings_court_id", "judge_postings", ["court_id", "from_on"])


def _merges() -> None:
    op.create_table(
        "judge_merges",
        *_record(),
        sa.Column("judge_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("was_active", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("undone_at", UTC_TIME),
        sa.Column("undone_by", sa.Uuid()),
        sa.CheckConstraint("judge_id <> into_id", name="ck_judge_merges_itself"),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name="fk_judge_merges_judge_id"),
        sa.ForeignKeyConstraint(["into_id"], ["judges.id"], name="fk_judge_merges_into_id"),
        sa.PrimaryKeyConstraint("id", name="pk_judge_merges"),
    )
    op.create_index(
        "uq_judge_merges_standing",
        "judge_merges",
        ["judge_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "judge_merge_items",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["judge_merges.id"], name="fk_judge_merge_items_merge_id"
        ),
        sa.PrimaryKeyConstraint("merge_id", "kind", "row_id", "place", name="pk_judge_merge_items"),
    )


def _time_standards() -> None:
    op.create_table(
        "time_standards",
        *_record(),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("label_norm", sa.String(), nullable=False),
        sa.Column("category_id", sa.Uuid()),
        sa.Column("court_type", sa.String(24)),
        sa.Column("measure", sa.String(24), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name="ck_time_standards_percent"),
        sa.CheckConstraint("days > 0", name="ck_time_standards_days"),
        postgresql.ExcludeConstraint(
            (sa.column("edition"), "="),
            (sa.column("label_norm"), "="),
            (
                sa.text("coalesce(category_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
                "=",
            ),
            (sa.text("coalesce(court_type, '')"), "="),
            (sa.column("measure"), "="),
            (sa.column("percent"), "="),
            (sa.text("daterange(valid_from, valid_to, '[)')"), "&&"),
            using="gist",
            name="ex_time_standards_validity",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["case_categories.id"], name="fk_time_standards_category_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_time_standards"),
    )
    op.create_index("ix_time_standards_category_id", "time_standards", ["category_id"])
