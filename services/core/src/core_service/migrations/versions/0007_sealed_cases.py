"""An index for the list of sealed cases, which are few."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from core_service.migrations.indexes import build_index, drop_index

revision: Final = "0007"
down_revision: Final = "0006"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    is_sealed = sa.text("sealed IS true")
    build_index("ix_cases_sealed", "cases", ["filed_on", "id"], postgresql_where=is_sealed)


def downgrade() -> None:
    drop_index("ix_cases_sealed", "cases")
