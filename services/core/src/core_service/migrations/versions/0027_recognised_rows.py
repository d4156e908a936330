"""Rows of imports are recognised by their cells when they are sent again."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from common.migration_indexes import build_index, drop_index

revision: Final = "0027"
down_revision: Final = "0019"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.add_column("import_rows", sa.Column("cells_hash", sa.LargeBinary(), nullable=True))
    build_index(
        "ix_import_rows_cells_hash",
        "import_rows",
        ["cells_hash"],
        postgresql_where=sa.text("cells_hash IS NOT NULL"),
    )


def downgrade() -> None:
    drop_index("ix_import_rows_cells_hash", "import_rows")
    op.drop_column("import_rows", "cells_hash")
