"""Bodies of requests and responses about hearings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from common.dates import Day
from common.schemas import RequestModel, ResponseModel
from core_service.cases.schemas import JudgeBrief
from core_service.hearings.models import Hearing, HearingStatus
from core_service.hearings.repository import DiaryDay, ListedHearing

# In a PATCH a field that is left out stays as it is.
OMITTED: Final[Any] = None
Note = Annotated[str, StringConstraints(max_length=500)]
COLUMNS: Final = {
    "on": "hearing_on",
    "judge_id": "planned_judge_id",
    "purpose_id": "planned_purpose_id",
    "vacated": "is_vacated",
}


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    return {COLUMNS.get(name, name): value for name, value in given.items() if name != "case_id"}


class HearingCreate(RequestModel):
    """A hearing to schedule, other than by an activity's next date."""

    case_id: UUID
    on: Day = Field(examples=["2026-07-14"])
    judge_id: UUID | None = None
    purpose_id: UUID | None = Field(default=None, description="an activity type")
    note: Note | None = None

    def columns(self) -> dict[str, Any]:
        return _columns(self.model_dump())


class HearingUpdate(RequestModel):
    """What may change of a manual hearing; another day is another hearing."""

    judge_id: UUID | None = None
    purpose_id: UUID | None = None
    vacated: bool = OMITTED
    note: Note | None = None

    def columns(self) -> dict[str, Any]:
        return _columns(self.model_dump(exclude_unset=True))


class HearingRead(ResponseModel):
    """A case's day in court: the plan, and what came of it."""

    id: UUID
    case_id: UUID
    court_id: UUID
    on: date
    judge_id: UUID | None
    purpose_id: UUID | None
    purpose: str | None
    setting_no: int = Field(description="how often scheduled since the case was last heard")
    status: HearingStatus
    planned: bool = Field(description="false when it came up without having been scheduled")
    set_by: UUID | None = Field(description="the activity that set the day")
    actual: UUID | None = Field(description="the activity that took place")
    manual: bool
    note: str | None
    version: int

    @classmethod
    def of(cls, hearing: Hearing, labels: Mapping[UUID, str]) -> "HearingRead":
        purpose = labels.get(hearing.purpose_id) if hearing.purpose_id else None
        return cls(
            **hearing.model_dump(include=set(cls.model_fields) & set(Hearing.model_fields)),
            on=hearing.hearing_on,
            purpose=purpose,
            planned=hearing.is_planned,
            set_by=hearing.set_by_id,
            actual=hearing.actual_id,
            manual=hearing.is_manual,
        )


class HearingList(ResponseModel):
    """The hearings of one case, in the order of their days."""

    items: list[HearingRead]
    next_cursor: str | None = None
    total: int | None = None


class CauseListItem(ResponseModel):
    """One matter on a list."""

    hearing_id: UUID
    case_id: UUID
    case_version: int = Field(description="the case's ETag, to record what came of the hearing")
    number: str = Field(examples=["HCCC E014 of 2025"])
    judge: JudgeBrief | None
    purpose_id: UUID | None = Field(description="what it was set down for, where that is known")
    purpose: str | None
    setting_no: int
    status: HearingStatus

    @classmethod
    def of(cls, listed: ListedHearing) -> "CauseListItem":
        return cls(
            hearing_id=listed.hearing.id,
            case_id=listed.case.id,
            case_version=listed.case.version,
            number=listed.number,
            judge=JudgeBrief.model_validate(listed.judge) if listed.judge else None,
            purpose_id=listed.hearing.purpose_id,
            purpose=listed.purpose,
            setting_no=listed.hearing.setting_no,
            status=listed.hearing.status,
        )


class CauseList(ResponseModel):
    """A court's list of one day, by judge and number."""

    court_id: UUID
    on: date
    items: list[CauseListItem]

    @classmethod
    def of(cls, court_id: UUID, on: date, listed: Sequence[ListedHearing]) -> "CauseList":
        return cls(court_id=court_id, on=on, items=[CauseListItem.of(each) for each in listed])


class DiaryItem(ResponseModel):
    """How many hearings of each status one judge has on one day."""

    on: date
    judge: JudgeBrief | None
    total: int
    scheduled: int
    heard: int
    adjourned: int
    not_reached: int
    vacated: int

    @classmethod
    def of(cls, day: DiaryDay) -> "DiaryItem":
        """A day as it is shown; the total leaves out what was vacated."""
        counts = {status.value: day.counts.get(status, 0) for status in HearingStatus}
        judge = (
            JudgeBrief(id=day.judge_id, display_name=day.judge_name or "") if day.judge_id else None
        )
        total = sum(counts.values()) - counts[HearingStatus.VACATED.value]
        return cls(on=day.on, judge=judge, total=total, **counts)


class DiaryLoad(ResponseModel):
    """A court's diary, of the cases that the caller may see."""

    court_id: UUID
    items: list[DiaryItem]
