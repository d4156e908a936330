"""Endpoints of activities and of the timeline."""

from uuid import UUID

from fastapi import APIRouter, Response, status

from common.caller import PrincipalDep
from common.idempotency import Answer, IdempotencyDep
from core_service.access.actors import Actor
from core_service.access.courts import reading, require_court, writing
from core_service.activities.schemas import (
    ActivityCreate,
    ActivityList,
    ActivityRead,
    ActivityRecorded,
    Timeline,
    TimelineItem,
)
from core_service.wiring import ActivitiesDep, CasesDep, CoreDep

router = APIRouter(prefix="/api/v1", tags=["activities"])


@router.post(
    "/activities",
    summary="Record an activity",
    status_code=status.HTTP_201_CREATED,
    response_model=ActivityRecorded,
)
async def record_activity(
    principal: PrincipalDep,
    cases: CasesDep,
    activities: ActivitiesDep,
    idempotency: IdempotencyDep,
    body: ActivityCreate,
) -> Response:
    """Record what happened, or correct an activity with `supersedes`. The outcome acts on the case
    at once: its status, dates and counters are new when this answers.
    """
    allowed = writing(principal)

    async def work() -> Answer:
        case = await cases.lock(body.case_id, reading(principal))
        require_court(allowed, case.court_id)
        recorded = await activities.enter(body.record(), Actor.of(principal))
        activity, judge_ids = await activities.get(recorded.activity_id)
        shown = ActivityRead.of(activity, judge_ids).model_dump()
        answer = ActivityRecorded(**shown, flags=sorted(recorded.flags))
        return Answer(answer, version=activity.version)

    return await idempotency.run(work)


@router.get("/cases/{case_id}/activities", summary="List a case's activities")
async def list_activities(
    principal: PrincipalDep, cases: CasesDep, activities: ActivitiesDep, case_id: UUID
) -> ActivityList:
    """Every activity, corrected and voided ones too, in the order of the days."""
    case = await cases.get(case_id, reading(principal))
    found = await activities.of_case(case.id)
    benches = await activities.benches(found)
    return ActivityList(items=[ActivityRead.of(row, benches[row.id]) for row in found])


@router.get("/cases/{case_id}/timeline", summary="Read a case's history")
async def read_timeline(
    principal: PrincipalDep,
    core: CoreDep,
    cases: CasesDep,
    activities: ActivitiesDep,
    case_id: UUID,
) -> Timeline:
    """What happened to the case, who recorded it, and from which file and row."""
    case = await cases.get(case_id, reading(principal))
    entries = await activities.timeline(case)
    names = await core.users.names(entry.recorded_by for entry in entries)
    return Timeline(items=[TimelineItem.of(entry, names) for entry in entries])
