"""When the file of a return was deleted, whose rows stay."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0014"
down_revision: Final = "0013"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "import_batches"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("file_deleted_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column(TABLE, "file_deleted_at")
