"""Endpoints of activities and of the timeline."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from common.composition import lasting, working
from common.errors import BadRequest, PreconditionFailed, ValidationFailed
from common.idempotency import write_once
from common.problem_responses import ALLOWED, CREATING, PAGED, VERSIONED, Errors, problems
from common.writes import Answer, ExpectedVersionDep, VersionIfGivenDep, set_etag, write
from core_service.activities.errors import (
    ActivityAlreadyCorrected,
    ActivityExists,
    ActivityInvalid,
    ActivityIsAnAct,
    ActivityNotFound,
)
from core_service.activities.records import Recorded
from core_service.activities.service import ActivityService
from core_service.cases.errors import CaseNotFound
from core_service.cases.service import CaseService
from core_service.cases.visibility import CasePartDep, CaseReaderDep, CaseWriterDep
from core_service.entries.schemas import (
    ActivityCreate,
    ActivityList,
    ActivityRead,
    ActivityRecorded,
    ActivityUpdate,
    DayListCreate,
    DayListRead,
    Timeline,
    TimelineItem,
)
from core_service.entries.service import EntryService
from core_service.entries.timeline import TimelineReading
from core_service.reference.errors import UnknownReference
from core_service.users.directory import UserDirectory

ActivitiesDep = Annotated[ActivityService, Depends(working(ActivityService))]
CasesDep = Annotated[CaseService, Depends(working(CaseService))]
EntriesDep = Annotated[EntryService, Depends(working(EntryService))]
TimelineDep = Annotated[TimelineReading, Depends(working(TimelineReading))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]

router = APIRouter(prefix="/api/v1", tags=["activities"])

RULES: Final[Errors] = (
    ActivityInvalid,
    ActivityAlreadyCorrected,
    ActivityIsAnAct,
    UnknownReference,
)


@router.post(
    "/activities",
    summary="Record an activity",
    status_code=status.HTTP_201_CREATED,
    response_model=ActivityRecorded,
    responses=problems(
        *(ALLOWED, CREATING, CaseNotFound, ActivityNotFound, ActivityExists),
        *(PreconditionFailed, BadRequest, RULES),
    ),
)
@write_once
async def record_activity(
    by: CaseWriterDep, entries: EntriesDep, case_version: VersionIfGivenDep, body: ActivityCreate
) -> Answer:
    """Record what happened, or correct an activity with `supersedes`. The outcome acts on the case
    at once: its status, dates and counters are new when this answers.

    When the case has a live activity of the same day, type, lead judge and outcome, the answer is
    `activity-exists` with its `activity_id`; send `allow_duplicate` when it did happen twice.

    With the case's ETag in `If-Match`, which a cause list has as `case_version`, nothing is
    recorded on top of what another user recorded meanwhile: 412.
    """
    recorded = await entries.enter(body.record(), case_version, by)
    shown = await _recorded(entries, recorded)
    return Answer(shown, version=shown.version)


@router.post(
    "/activities/batch",
    summary="Record a day's list",
    response_model=DayListRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound),
)
@write_once
async def record_day_list(by: CaseWriterDep, entries: EntriesDep, body: DayListCreate) -> Answer:
    """Record what happened in court on a day, up to 200 rows, each with its own verdict.

    A row that cannot be recorded is `refused`, with the problem, and stops no other. A row that is
    there already is `unchanged`, with the problem `activity-exists`; one of the same case, day,
    purpose and lead judge that says something else corrects what was there, as in a return. A row
    with `allow_duplicate` is recorded in any case.
    """
    verdicts = await entries.enter_list(body.records(), by)
    return Answer(DayListRead.of(body, verdicts), status.HTTP_200_OK)


@router.get(
    "/activities/{activity_id}",
    summary="Read an activity",
    responses=problems(ALLOWED, ActivityNotFound),
)
async def get_activity(
    by: CaseReaderDep, activities: ActivitiesDep, response: Response, activity_id: UUID
) -> ActivityRead:
    """An activity as it was recorded; its version is the ETag."""
    await activities.case_of(activity_id, by.visibility)
    activity, judge_ids = await activities.get(activity_id)
    set_etag(response, activity.version)
    return ActivityRead.of(activity, judge_ids)


@router.patch(
    "/activities/{activity_id}",
    summary="Correct an activity",
    response_model=ActivityRecorded,
    responses=problems(ALLOWED, VERSIONED, ActivityNotFound, CaseNotFound, ValidationFailed, RULES),
)
@write
async def correct_activity(
    by: CaseWriterDep,
    entries: EntriesDep,
    activity_id: UUID,
    expected: ExpectedVersionDep,
    body: ActivityUpdate,
) -> Answer:
    """Correct an activity. Needs `If-Match`.

    Nothing is rewritten: the answer is a new activity that `supersedes` this one, and the ledger
    moves by exactly the difference.
    """
    recorded = await entries.correct(activity_id, body.content(), expected, by)
    shown = await _recorded(entries, recorded)
    return Answer.of(shown, shown)


@router.get(
    "/cases/{case_id}/activities",
    summary="List a case's activities",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_activities(
    by: CaseReaderDep,
    cases: CasesDep,
    activities: ActivitiesDep,
    part: CasePartDep,
    history: Annotated[bool, Query(description="corrected and voided ones too")] = True,
) -> ActivityList:
    """Every activity, corrected and voided ones too, in the order of the days."""
    case = await cases.get(part.case_id, by.visibility)
    found = await activities.page(case.id, part.page, live=not history)
    benches = await activities.benches(found.rows)
    after = await activities.successors(case.id, found.rows)
    items = [ActivityRead.of(row, benches[row.id], after.get(row.id)) for row in found.rows]
    return ActivityList(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get(
    "/cases/{case_id}/timeline",
    summary="Read a case's history",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def get_case_timeline(
    by: CaseReaderDep,
    users: UsersDep,
    cases: CasesDep,
    timeline: TimelineDep,
    part: CasePartDep,
) -> Timeline:
    """What happened to the case, who recorded it, and from which file and row."""
    case = await cases.get(part.case_id, by.visibility)
    found = await timeline.page(case, part.page)
    names = await users.names(entry.recorded_by for entry in found.items)
    items = [TimelineItem.of(entry, names) for entry in found.items]
    return Timeline(items=items, next_cursor=found.next_cursor)


async def _recorded(entries: EntryService, recorded: Recorded) -> ActivityRecorded:
    activity, judge_ids = await entries.activities.get(recorded.activity_id)
    shown = ActivityRead.of(activity, judge_ids).model_dump()
    return ActivityRecorded(**shown, flags=sorted(recorded.flags))
