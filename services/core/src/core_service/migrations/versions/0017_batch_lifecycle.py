"""What rows were before users repaired them."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: Final = "0017"
down_revision: Final = "0015"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "import_row_repairs",
        sa.Column("batch_id", sa.Uuid(), sa.ForeignKey("import_batches.id"), nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changes", JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.Column("client_id", sa.String()),
        sa.PrimaryKeyConstraint("batch_id", "row_no", "seq", name="pk_import_row_repairs"),
    )


def downgrade() -> None:
    op.drop_table("import_row_repairs")
