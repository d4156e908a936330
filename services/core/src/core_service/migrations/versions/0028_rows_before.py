"""What rows of imports were before they were judged otherwise, so that their figures are dated."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0028"
down_revision: Final = "0027"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column(
        "import_rows",
        sa.Column(
            "judged_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.execute(
        "UPDATE import_rows r SET judged_at = b.created_at FROM import_batches b"
        " WHERE b.id = r.batch_id"
    )
    op.create_table(
        "import_rows_before",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=True),
        sa.Column("is_faulty", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "row_no", "retracted_at", name="pk_import_rows_before"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_import_rows_before_batch_id"
        ),
    )


def downgrade() -> None:
    op.drop_table("import_rows_before")
    op.drop_column("import_rows", "judged_at")
