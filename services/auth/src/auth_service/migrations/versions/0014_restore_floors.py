"""Since when tokens are accepted after a restore of the database."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0014"
down_revision: Final = "0013"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

FLOORS: Final = "restore_floors"
BACKUPS: Final = "backups"


def upgrade() -> None:
    op.create_table(FLOORS, sa.Column("moment", sa.DateTime(timezone=True), primary_key=True))
    op.create_table(
        BACKUPS,
        sa.Column("ended_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
    )


def downgrade() -> None:
    op.drop_table(BACKUPS)
    op.drop_table(FLOORS)
