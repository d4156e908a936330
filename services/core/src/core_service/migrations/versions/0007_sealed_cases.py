"""An index for the list of sealed cases, which are few."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_index(
        "ix_cases_sealed", "cases", ["filed_on", "id"], postgresql_where=sa.text("sealed IS true")
    )


def downgrade() -> None:
    op.drop_index("ix_cases_sealed", "cases")
