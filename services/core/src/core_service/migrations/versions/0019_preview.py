"""Rows of imports by the cases that they are about; workers that have died over an import."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from common.migration_indexes import build_index, drop_index

revision: Final = "0019"
down_revision: Final = "0026"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("import_batches", sa.Column("compared_group", sa.BigInteger(), nullable=True))
    op.add_column(
        "import_batches", sa.Column("deaths", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "import_batches", sa.Column("furthest", sa.Float(), nullable=False, server_default="0")
    )
    op.add_column("import_rows", sa.Column("slip_group", sa.BigInteger(), nullable=True))
    build_index(
        "ix_import_rows_slip_group",
        "import_rows",
        ["batch_id", "slip_group", "row_no"],
        postgresql_where=sa.text("slip_group IS NOT NULL"),
    )


def downgrade() -> None:
    drop_index("ix_import_rows_slip_group", "import_rows")
    op.drop_column("import_rows", "slip_group")
    for column in ("furthest", "deaths", "compared_group"):
        op.drop_column("import_batches", column)
