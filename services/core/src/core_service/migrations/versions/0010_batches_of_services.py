"""Which service sent a return, where no person did."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "import_batches"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("client_id", sa.String()))


def downgrade() -> None:
    op.drop_column(TABLE, "client_id")
