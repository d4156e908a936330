"""Indexes have all that date certainty reads of hearings, and custody of activities."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from common.migration_indexes import build_index, drop_index

revision: Final = "0033"
down_revision: Final = "0032"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "hearings"
ACTIVITIES: Final = "case_activities"
DAYS: Final = ("case_id", "activity_on", "seq")


def upgrade() -> None:
    build_index(
        "ix_case_activities_history",
        ACTIVITIES,
        [*DAYS, "id"],
        postgresql_include=["next_on", "custody_count", "voided_at"],
    )
    drop_index("ix_case_activities_days", ACTIVITIES)
    build_index(
        "ix_hearings_planned",
        TABLE,
        ["court_id", "hearing_on"],
        postgresql_include=["case_id", "status", "set_by_id", "is_manual", "is_vacated"],
        postgresql_where=text("set_by_id IS NOT NULL OR is_manual"),
    )
    build_index(
        "ix_hearings_heard",
        TABLE,
        ["case_id", "hearing_on"],
        postgresql_include=["setting_no"],
        postgresql_where=text("status = 'heard'"),
    )


def downgrade() -> None:
    drop_index("ix_hearings_heard", TABLE)
    drop_index("ix_hearings_planned", TABLE)
    build_index("ix_case_activities_days", ACTIVITIES, DAYS, postgresql_include=["next_on"])
    drop_index("ix_case_activities_history", ACTIVITIES)
