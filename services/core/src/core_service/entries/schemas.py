"""Bodies of requests and responses about activities."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from common.dates import Day
from common.errors import DomainError
from common.problems import ProblemFieldError
from common.schemas import RequestModel, ResponseModel
from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.cases.models import CaseStatus
from core_service.entries.service import DayListVerdict, Entry
from core_service.entries.timeline import TimelineEntry
from core_service.ledger.models import CaseActivity, VoidReason
from core_service.ledger.steps import Flag
from core_service.people import PersonRead
from core_service.sources import MANUAL, Source, SourceKind

# In a PATCH a field that is left out stays as it is; null is a value and not always allowed.
OMITTED: Final[Any] = None
MENTION_EXAMPLE: Final[dict[str, Any]] = {
    "case_id": "0197a5e4-7c00-7abc-8def-0123456789ab",
    "activity_on": "2026-05-04",
    "activity_type_id": "01941f29-7c00-7f3a-9c1e-5b2d8f6a4c10",
    "outcome_id": "01941f29-7c00-7b52-8e4d-1a9c3f7e2d60",
    "judge_ids": ["01941f29-7c00-7d18-a6b0-4e2f9c8d7b31"],
    "next_on": "2026-07-09",
    "legal_representation": True,
    "details": "Parties to file submissions within 21 days",
}

Count = Annotated[int, Field(ge=0, le=999)]
Bench = Annotated[list[UUID], Field(max_length=7, description="the judges, the lead first")]


class ActivityCreate(RequestModel):
    """What happened to a case on a day. `supersedes` names the activity that this one corrects."""

    model_config = ConfigDict(json_schema_extra={"examples": [MENTION_EXAMPLE]})

    case_id: UUID
    activity_on: Day
    activity_type_id: UUID
    outcome_id: UUID | None = None
    reason_id: UUID | None = None
    next_on: Day | None = None
    judge_ids: Bench = Field(default=[])
    applicant_witnesses: Count = 0
    defendant_witnesses: Count = 0
    custody_count: Count | None = None
    legal_representation: bool | None = None
    details: Annotated[str, StringConstraints(max_length=4000)] | None = None
    supersedes: UUID | None = None
    allow_duplicate: bool = Field(default=False, description="it did happen twice on that day")

    def record(self) -> ActivityRecord:
        how = {"case_id", "supersedes", "allow_duplicate", "judge_ids"}
        content = self.model_dump(exclude=how)
        return ActivityRecord(
            case=self.case_id,
            content=ActivityContent(judge_ids=tuple(self.judge_ids), **content),
            source=MANUAL,
            supersedes=self.supersedes,
            allow_duplicate=self.allow_duplicate,
        )


class ActivityUpdate(RequestModel):
    """The corrected fields of an activity; fields that are left out stay as recorded."""

    activity_on: Day = OMITTED
    activity_type_id: UUID = OMITTED
    outcome_id: UUID | None = None
    reason_id: UUID | None = None
    next_on: Day | None = None
    judge_ids: Bench = OMITTED
    applicant_witnesses: Count = OMITTED
    defendant_witnesses: Count = OMITTED
    custody_count: Count | None = None
    legal_representation: bool | None = None
    details: Annotated[str, StringConstraints(max_length=4000)] | None = None

    def content(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True)
        return given | ({"judge_ids": tuple(given["judge_ids"])} if "judge_ids" in given else {})


class DayListCreate(RequestModel):
    """A day's list: what happened in court, in the order of the list."""

    items: Annotated[list[ActivityCreate], Field(min_length=1, max_length=200)] = Field(
        examples=[[MENTION_EXAMPLE]]
    )

    def records(self) -> list[ActivityRecord]:
        return [item.record() for item in self.items]


class SourceRead(ResponseModel):
    """Where an entry comes from; batch, file and row for imports."""

    kind: SourceKind
    batch_id: UUID | None
    filename: str | None
    row_no: int | None


class ActivityRead(ResponseModel):
    """An activity; a voided one has `voided_at` and the reason."""

    id: UUID
    case_id: UUID
    activity_on: date
    seq: int
    activity_type_id: UUID
    outcome_id: UUID | None
    reason_id: UUID | None
    next_on: date | None
    judge_ids: list[UUID]
    applicant_witnesses: int
    defendant_witnesses: int
    custody_count: int | None
    legal_representation: bool | None
    details: str | None
    source: SourceRead
    supersedes_id: UUID | None
    superseded_by: UUID | None = Field(
        default=None, description="the activity that corrects this one"
    )
    sets_status: CaseStatus | None = Field(
        description="the status, when the registry set it directly"
    )
    voided_at: datetime | None
    voided_by: UUID | None
    void_reason: VoidReason | None
    void_note: str | None
    created_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(
        cls, activity: CaseActivity, judge_ids: Sequence[UUID], superseded_by: UUID | None = None
    ) -> "ActivityRead":
        more = {
            "judge_ids": judge_ids,
            "source": Source.of(activity),
            "superseded_by": superseded_by,
            "voided_by": activity.updated_by if activity.voided_at else None,
        }
        return cls.model_validate(activity.model_dump() | more)


class RowProblem(ResponseModel):
    """Why a row was not recorded: the members of a problem that are not about the whole request."""

    code: str = Field(examples=["case-not-found"])
    title: str
    detail: str
    errors: list[ProblemFieldError]

    @classmethod
    def of(cls, error: DomainError) -> "RowProblem":
        errors = [ProblemFieldError(**asdict(fault)) for fault in error.errors]
        return cls(code=error.code, title=error.title, detail=error.detail, errors=errors)


class RowVerdict(ResponseModel):
    """The result for the row with this index; `activity_id` is the activity that is valid now."""

    index: int
    verdict: DayListVerdict
    case_id: UUID
    activity_id: UUID | None
    flags: list[Flag]
    problem: RowProblem | None

    @classmethod
    def of(cls, index: int, case_id: UUID, entry: Entry) -> "RowVerdict":
        applied = entry.applied
        recorded = applied.recorded if applied else None
        known_id = applied.match.activity_id if applied else None
        return cls(
            index=index,
            verdict=entry.verdict,
            case_id=case_id,
            activity_id=recorded.activity_id if recorded else known_id,
            flags=sorted(recorded.flags) if recorded else [],
            problem=RowProblem.of(entry.error) if entry.error else None,
        )


class DayListRead(ResponseModel):
    """The results in the order of the rows, and the number of each verdict."""

    counts: dict[DayListVerdict, int]
    items: list[RowVerdict]

    @classmethod
    def of(cls, listed: DayListCreate, entries: Sequence[Entry]) -> "DayListRead":
        found = Counter(entry.verdict for entry in entries)
        items = [
            RowVerdict.of(index, item.case_id, entry)
            for index, (item, entry) in enumerate(zip(listed.items, entries, strict=True))
        ]
        return cls(counts={verdict: found[verdict] for verdict in DayListVerdict}, items=items)


class ActivityRecorded(ActivityRead):
    """A recorded activity, with what the ledger finds unusual about it."""

    flags: list[Flag]


class ActivityList(ResponseModel):
    """The activities of one case, in the order of the days."""

    items: list[ActivityRead]
    next_cursor: str | None = None
    total: int | None = None


class TimelineItem(ResponseModel):
    """One entry of a case's history."""

    on: date
    kind: str = Field(description="the kind of status event that it caused, or `activity`")
    summary: str
    activity_id: UUID | None
    recorded_at: datetime
    recorded_by: PersonRead | None
    source: SourceRead

    @classmethod
    def of(cls, entry: TimelineEntry, names: Mapping[UUID, str | None]) -> "TimelineItem":
        author = PersonRead.of(entry.recorded_by, names)
        return cls.model_validate(asdict(entry) | {"recorded_by": author})


class Timeline(ResponseModel):
    """A case's history, the earliest first."""

    items: list[TimelineItem]
    next_cursor: str | None = None
