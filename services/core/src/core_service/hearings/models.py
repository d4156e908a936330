"""The table of hearings: one row for each case and day, planned, held or both."""

from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, col

from core_service.judge_columns import JudgeColumn
from core_service.tables import Record, text_enum


class HearingStatus(StrEnum):
    SCHEDULED = "scheduled"
    HEARD = "heard"
    ADJOURNED = "adjourned"
    NOT_REACHED = "not_reached"
    VACATED = "vacated"


class Hearing(Record, table=True):
    """A case's day in court.

    The plan (`set_by_id`, or a user who entered it: `is_manual`) and what happened (`actual_id`)
    are separate facts. All but a manual plan follows from the live activities.
    """

    __tablename__ = "hearings"
    __table_args__ = (
        Index("uq_hearings_day", "case_id", "hearing_on", unique=True),
        Index("ix_hearings_court_day", "court_id", "hearing_on"),
        Index("ix_hearings_judge_day", "judge_id", "hearing_on"),
        Index("ix_hearings_set_by_id", "set_by_id", postgresql_where=text("set_by_id IS NOT NULL")),
        Index("ix_hearings_actual_id", "actual_id", postgresql_where=text("actual_id IS NOT NULL")),
        # Each has all that date certainty reads, so that it reads no hearing.
        Index(
            "ix_hearings_planned",
            "court_id",
            "hearing_on",
            postgresql_include=["case_id", "status", "set_by_id", "is_manual", "is_vacated"],
            postgresql_where=text("set_by_id IS NOT NULL OR is_manual"),
        ),
        Index(
            "ix_hearings_heard",
            "case_id",
            "hearing_on",
            postgresql_include=["setting_no"],
            postgresql_where=text("status = 'heard'"),
        ),
        CheckConstraint("setting_no > 0", "setting_no"),
        CheckConstraint("(status IN ('heard', 'adjourned')) = (actual_id IS NOT NULL)", "actual"),
        CheckConstraint("is_manual OR NOT is_vacated", "vacated"),
    )

    case_id: UUID = Field(foreign_key="cases.id")
    court_id: UUID = Field(foreign_key="courts.id")
    hearing_on: date
    # The planned judge and purpose until the hearing takes place, then those that were.
    judge_id: UUID | None = Field(default=None, foreign_key="judges.id")
    purpose_id: UUID | None = Field(default=None, foreign_key="activity_types.id")
    # How often the matter has been scheduled since it was last heard; date certainty counts it.
    setting_no: int = 1
    status: HearingStatus = Field(default=HearingStatus.SCHEDULED, sa_type=text_enum(HearingStatus))
    set_by_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
    actual_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
    # What a user entered, separate so that the rest can be derived again.
    is_manual: bool = False
    is_vacated: bool = False
    planned_judge_id: UUID | None = Field(default=None, foreign_key="judges.id")
    planned_purpose_id: UUID | None = Field(default=None, foreign_key="activity_types.id")
    note: str | None = None

    @property
    def is_derived(self) -> bool:
        """All but a typed-in plan follows from the activities."""
        return not self.is_manual

    @property
    def is_planned(self) -> bool:
        """Whether the day was scheduled before it came."""
        return self.is_manual or self.set_by_id is not None


_IN_COURT: Final[dict[str, Any]] = {
    "court_id": col(Hearing.court_id),
    "audited": col(Hearing.is_manual),
}
JUDGE_COLUMNS: Final = (
    JudgeColumn("hearing", Hearing, "judge_id", **_IN_COURT),
    JudgeColumn("planned_hearing", Hearing, "planned_judge_id", **_IN_COURT),
)
