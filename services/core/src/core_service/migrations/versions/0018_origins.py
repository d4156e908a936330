"""What an outcome's next date is for, and cases that returns report as received."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from common.migration_indexes import build_index, drop_index

revision: Final = "0018"
down_revision: Final = "0017"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

INDEXED: Final = ("original_norm", "received_from_id")


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("sets_down_for_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_outcomes_sets_down_for_id"),
        "outcomes",
        "activity_types",
        ["sets_down_for_id"],
        ["id"],
    )
    op.add_column("cases", sa.Column("original_norm", sa.String(), nullable=True))
    op.add_column(
        "cases",
        sa.Column("received_by_return", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for column in INDEXED:
        is_there = sa.text(f"{column} IS NOT NULL")
        build_index(f"ix_cases_{column}", "cases", [column], postgresql_where=is_there)


def downgrade() -> None:
    for column in INDEXED:
        drop_index(f"ix_cases_{column}", "cases")
    op.drop_column("cases", "received_by_return")
    op.drop_column("cases", "original_norm")
    op.drop_column("outcomes", "sets_down_for_id")
