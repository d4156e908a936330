"""Bodies of requests and responses about activities."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from common.schemas import RequestModel, ResponseModel
from core_service.activities.models import CaseActivity, VoidReason
from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.activities.timeline import TimelineEntry
from core_service.ledger.replay import Flag
from core_service.sources import MANUAL, SourceKind

Count = Annotated[int, Field(ge=0, le=999)]
Bench = Annotated[list[UUID], Field(max_length=7, description="the judges, the lead first")]


class ActivityCreate(RequestModel):
    """What happened to a case on a day. `supersedes` names the activity that this one corrects."""

    case_id: UUID
    activity_on: date
    activity_type_id: UUID
    outcome_id: UUID | None = None
    reason_id: UUID | None = None
    next_on: date | None = None
    judge_ids: Bench = Field(default=[])
    applicant_witnesses: Count = 0
    defendant_witnesses: Count = 0
    custody_count: Count | None = None
    legal_representation: bool | None = None
    details: Annotated[str, StringConstraints(max_length=4000)] | None = None
    supersedes: UUID | None = None

    def record(self) -> ActivityRecord:
        """As the service takes it."""
        content = self.model_dump(exclude={"case_id", "supersedes", "judge_ids"})
        return ActivityRecord(
            case=self.case_id,
            content=ActivityContent(judge_ids=tuple(self.judge_ids), **content),
            source=MANUAL,
            supersedes=self.supersedes,
        )


class SourceRead(ResponseModel):
    """Where an entry comes from; batch, file and row for imports."""

    kind: SourceKind
    batch_id: UUID | None
    filename: str | None
    row_no: int | None


class ActivityRead(ResponseModel):
    """An activity; one that counts no more has `voided_at` and the reason."""

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
    voided_at: datetime | None
    void_reason: VoidReason | None
    created_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, activity: CaseActivity, judge_ids: Sequence[UUID]) -> "ActivityRead":
        """An activity with its bench."""
        source = {
            "kind": activity.source_kind,
            "batch_id": activity.batch_id,
            "filename": activity.filename,
            "row_no": activity.row_no,
        }
        return cls.model_validate(
            activity.model_dump() | {"judge_ids": judge_ids, "source": source}
        )


class ActivityRecorded(ActivityRead):
    """A recorded activity, with the registry's remarks on it."""

    flags: list[Flag]


class ActivityList(ResponseModel):
    """The activities of one case, in the order of the days."""

    items: list[ActivityRead]


class PersonRead(ResponseModel):
    """Who; the name is null when auth does not know it or is away."""

    id: UUID
    name: str | None


class TimelineItem(ResponseModel):
    """One entry of a case's history."""

    on: date
    kind: str = Field(description="the status event that it caused, or `activity`")
    summary: str
    activity_id: UUID | None
    recorded_at: datetime
    recorded_by: PersonRead | None
    source: SourceRead

    @classmethod
    def of(cls, entry: TimelineEntry, names: Mapping[UUID, str | None]) -> "TimelineItem":
        """An entry with the name of who recorded it."""
        by = entry.recorded_by
        return cls(
            on=entry.on,
            kind=entry.kind,
            summary=entry.summary,
            activity_id=entry.activity_id,
            recorded_at=entry.recorded_at,
            recorded_by=PersonRead(id=by, name=names.get(by)) if by else None,
            source=SourceRead.model_validate(entry.source),
        )


class Timeline(ResponseModel):
    """A case's history, the earliest first."""

    items: list[TimelineItem]
