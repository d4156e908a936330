"""Requests about what all courts share: judges, spellings, reference data."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "change_requests"
OF_CASES: Final = ("case_id", "court_id", "deciding_court_id", "reason")


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("entity", sa.String()))
    op.add_column(TABLE, sa.Column("entity_id", sa.Uuid()))
    op.add_column(TABLE, sa.Column("entity_version", sa.Integer()))
    for column in OF_CASES:
        op.alter_column(TABLE, column, nullable=True)
    op.create_check_constraint(
        op.f("ck_change_requests_subject"), TABLE, "(case_id IS NULL) = (entity IS NOT NULL)"
    )
    op.create_check_constraint(
        op.f("ck_change_requests_decided_at_court"),
        TABLE,
        "(case_id IS NULL) = (deciding_court_id IS NULL)",
    )
    op.create_index(
        "uq_change_requests_pending_entity",
        TABLE,
        ["entity", "kind", sa.text("coalesce(entity_id::text, md5(terms::text))")],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_index("uq_change_requests_pending_entity", TABLE)
    op.drop_constraint(op.f("ck_change_requests_decided_at_court"), TABLE)
    op.drop_constraint(op.f("ck_change_requests_subject"), TABLE)
    # What the older version cannot tell apart from requests about cases.
    op.execute(f"DELETE FROM {TABLE} WHERE case_id IS NULL")  # noqa: S608 - a constant
    for column in OF_CASES:
        op.alter_column(TABLE, column, nullable=False)
    for column in ("entity_version", "entity_id", "entity"):
        op.drop_column(TABLE, column)
