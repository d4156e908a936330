"""What a caller held when an idempotent answer was given; null in rows of earlier code."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: Final = "0015"
down_revision: Final = "0014"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "idempotency_keys"


def upgrade() -> None:
    """Add the column; code that does not know it goes on writing rows without it."""
    op.add_column(TABLE, sa.Column("held", JSONB()))


def downgrade() -> None:
    """Drop it: every stored answer is then given as before."""
    op.drop_column(TABLE, "held")
