"""The days of a case's activities are read from an index, so that figures of one court read no
table of all courts.
"""

from collections.abc import Sequence
from typing import Final

from common.migration_indexes import build_index, drop_index

revision: Final = "0031"
down_revision: Final = "0030"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "case_activities"
COLUMNS: Final = ("case_id", "activity_on", "seq")


def upgrade() -> None:
    build_index("ix_case_activities_days", TABLE, COLUMNS, postgresql_include=["next_on"])
    drop_index("ix_case_activities_case_id", TABLE)


def downgrade() -> None:
    build_index("ix_case_activities_case_id", TABLE, COLUMNS)
    drop_index("ix_case_activities_days", TABLE)
