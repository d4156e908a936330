"""Reference data: courts, judges, case types, words of the returns, aliases; idempotency keys."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0000"
down_revision: Final = None
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

UTC_TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    # For exclusion constraints that mix equality and ranges; a trusted extension since Postgres 13.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    _people_and_places()
    _words()
    _idempotency()


def downgrade() -> None:
    for table in (
        "idempotency_keys",
        "aliases",
        "adjournment_reasons",
        "outcomes",
        "activity_types",
        "case_types",
        "case_categories",
        "judges",
        "courts",
    ):
        op.drop_table(table)
    op.execute("DROP EXTENSION btree_gist")


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


def _one_edition_at_a_time(table: str) -> postgresql.ExcludeConstraint:
    return postgresql.ExcludeConstraint(
        (sa.column("label_norm"), "="),
        (sa.text("daterange(valid_from, valid_to, '[)')"), "&&"),
        using="gist",
        name=f"ex_{table}_label_validity",
    )


def _people_and_places() -> None:
    op.create_table(
        "courts",
        *_record(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("court_type", sa.String(24), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("division", sa.String()),
        sa.Column("county", sa.String()),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ck_courts_validity"),
        sa.ForeignKeyConstraint(["parent_id"], ["courts.id"], name="fk_courts_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_courts"),
    )
    op.create_index("uq_courts_code", "courts", ["code"], unique=True)
    op.create_index(
        "uq_courts_name", "courts", [sa.literal_column("lower(name)"), "court_type"], unique=True
    )
    op.create_table(
        "judges",
        *_record(),
        sa.Column("pj_number", sa.String()),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("given_names", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("name_norm", sa.String(), nullable=False),
        sa.Column("cadre", sa.String(24), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["merged_into_id"], ["judges.id"], name="fk_judges_merged_into_id"),
        sa.PrimaryKeyConstraint("id", name="pk_judges"),
    )
    op.create_index("ix_judges_name_norm", "judges", ["name_norm"])
    op.create_index("uq_judges_pj_number", "judges", ["pj_number"], unique=True)
    op.create_table(
        "case_categories",
        *_record(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("nature", sa.String(24), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_categories"),
    )
    op.create_index("uq_case_categories_code", "case_categories", ["code"], unique=True)
    op.create_index(
        "uq_case_categories_name",
        "case_categories",
        [sa.literal_column("lower(name)")],
        unique=True,
    )
    op.create_table(
        "case_types",
        *_record(),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_norm", sa.String(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["case_categories.id"], name="fk_case_types_category_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_types"),
    )
    op.create_index("ix_case_types_category_id", "case_types", ["category_id"])
    op.create_index("uq_case_types_code", "case_types", ["code"], unique=True)
    op.create_index("uq_case_types_name_norm", "case_types", ["name_norm"], unique=True)


def _words() -> None:
    op.create_table(
        "activity_types",
        *_record(),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("label_norm", sa.String(), nullable=False),
        sa.Column("counts_as_hearing", sa.Boolean(), nullable=False),
        sa.Column("adjournable", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _one_edition_at_a_time("activity_types"),
        sa.PrimaryKeyConstraint("id", name="pk_activity_types"),
    )
    op.create_table(
        "outcomes",
        *_record(),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("label_norm", sa.String(), nullable=False),
        sa.Column("effect", sa.String(24), nullable=False),
        sa.Column("on_merits", sa.Boolean()),
        sa.Column("limited_to", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _one_edition_at_a_time("outcomes"),
        sa.PrimaryKeyConstraint("id", name="pk_outcomes"),
    )
    op.create_table(
        "adjournment_reasons",
        *_record(),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("label_norm", sa.String(), nullable=False),
        sa.Column("cause", sa.String(24), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_adjournment_reasons"),
    )
    op.create_index(
        "uq_adjournment_reasons_label_norm", "adjournment_reasons", ["label_norm"], unique=True
    )
    op.create_table(
        "aliases",
        *_record(),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("target_id", sa.Uuid()),
        sa.Column("first_seen_batch_id", sa.Uuid()),
        sa.Column("first_seen_row_no", sa.Integer()),
        sa.Column("decided_at", UTC_TIME),
        sa.Column("decided_by", sa.Uuid()),
        sa.CheckConstraint(
            "(state = 'accepted') = (target_id IS NOT NULL)", name="ck_aliases_target"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_aliases"),
    )
    op.create_index("ix_aliases_kind_state", "aliases", ["kind", "state", "id"])
    op.create_index("uq_aliases_spelling", "aliases", ["kind", "spelling"], unique=True)


def _idempotency() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(length=128), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=3), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", UTC_TIME, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
