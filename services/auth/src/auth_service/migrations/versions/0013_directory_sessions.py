"""Which sessions began at a directory, so that the directory can end them.

A service of the revision before opens sessions without saying so: they end by themselves.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0013"
down_revision: Final = "0011"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "directory_sessions"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("session_id", sa.Uuid(), primary_key=True),
        sa.Column(
            "identity_id",
            sa.Uuid(),
            sa.ForeignKey("identities.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("sid", sa.String(255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for name in ("identity_id", "sid", "created_at"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name])
    op.add_column("sign_in_codes", sa.Column("sid", sa.String(255), nullable=True))


def downgrade() -> None:
    op.drop_column("sign_in_codes", "sid")
    op.drop_table(TABLE)
