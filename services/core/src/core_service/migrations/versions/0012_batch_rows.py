"""The court of each row of an import; grants of the moment of upload are no longer written.

The columns suit the code that is running: it leaves `court_id` out, and still writes `grants`.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core_service.migrations.indexes import build_index, drop_index

revision: Final = "0012"
down_revision: Final = "0011"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

BATCHES: Final = "import_batches"
ROWS: Final = "import_rows"
# A batch at a time, so that no row is locked for long.
FILL_IN: Final = sa.text(
    """
    UPDATE import_rows SET court_id = cases.court_id FROM cases
    WHERE import_rows.batch_id = :batch_id AND import_rows.court_id IS NULL
      AND cases.id = import_rows.case_id
    """
)


def upgrade() -> None:
    op.alter_column(BATCHES, "grants", existing_type=postgresql.JSONB(), nullable=True)
    # Building the index commits what came before it, so a migration that is run again meets it.
    op.add_column(ROWS, sa.Column("court_id", sa.Uuid()), if_not_exists=True)
    build_index("ix_import_rows_court_id", ROWS, ["batch_id", "court_id", "row_no"])
    with op.get_context().autocommit_block():
        batches = op.get_bind().execute(sa.text("SELECT id FROM import_batches ORDER BY id"))
        for (batch_id,) in batches.all():
            op.get_bind().execute(FILL_IN, {"batch_id": batch_id})


def downgrade() -> None:
    drop_index("ix_import_rows_court_id", ROWS)
    op.drop_column(ROWS, "court_id")
    op.execute("UPDATE import_batches SET grants = '[]' WHERE grants IS NULL")
    op.alter_column(BATCHES, "grants", existing_type=postgresql.JSONB(), nullable=False)
