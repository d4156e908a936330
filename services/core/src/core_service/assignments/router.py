"""Endpoints of assignments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from common.caller import PrincipalDep
from common.composition import working
from common.idempotency import Answer, IdempotencyDep
from common.pages import PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, problems
from core_service.access.actors import Actor
from core_service.access.courts import writing
from core_service.assignments.bulk import BulkReassignment
from core_service.assignments.desk import DeskDep
from core_service.assignments.errors import (
    AssignmentInvalid,
    AssignmentNotEndable,
    AssignmentNotFound,
    LeadTaken,
    PlanChanged,
)
from core_service.assignments.models import CaseJudgeAssignment
from core_service.assignments.schemas import (
    AssignmentCreate,
    AssignmentEnd,
    AssignmentList,
    AssignmentRead,
    BulkBody,
    BulkRead,
)
from core_service.cases.errors import CaseNotFound
from core_service.cases.models import Case
from core_service.cases.visibility import reading

BulkDep = Annotated[BulkReassignment, Depends(working(BulkReassignment))]


router = APIRouter(prefix="/api/v1", tags=["assignments"])


@router.get(
    "/cases/{case_id}/assignments",
    summary="List who is and was responsible for a case",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_assignments(desk: DeskDep, page: PageDep, case_id: UUID) -> AssignmentList:
    """Leads and members, the earliest first: from the benches that sat, and as assigned."""
    case = await desk.cases.get(case_id, reading(desk.principal))
    found = await desk.assignments.page(case.id, page)
    items = await desk.shown(found.rows)
    return AssignmentList(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "/cases/{case_id}/assignments",
    summary="Assign a case to a judge",
    status_code=status.HTTP_201_CREATED,
    response_model=AssignmentRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound, AssignmentInvalid, LeadTaken),
)
async def assign_case(desk: DeskDep, case_id: UUID, body: AssignmentCreate) -> Response:
    """Make a judge the case's lead, or a member of its bench. A new lead ends the one before; when
    another judge sits later, the case follows the bench.
    """

    async def work(case: Case, by: Actor) -> CaseJudgeAssignment:
        return await desk.assignments.assign(case, body.assignment(), by)

    return await desk.change(case_id, work, status.HTTP_201_CREATED)


@router.post(
    "/cases/{case_id}/assignments/{assignment_id}/end",
    summary="End an assignment",
    response_model=AssignmentRead,
    responses=problems(
        ALLOWED, CREATING, CaseNotFound, AssignmentNotFound, AssignmentNotEndable, AssignmentInvalid
    ),
)
async def end_assignment(
    desk: DeskDep, case_id: UUID, assignment_id: UUID, body: AssignmentEnd
) -> Response:
    """End what somebody assigned; what follows from the bench ends when somebody else sits."""

    async def work(case: Case, by: Actor) -> CaseJudgeAssignment:
        return await desk.assignments.end(case, assignment_id, body.ended_on, body.reason, by)

    return await desk.change(case_id, work, status.HTTP_200_OK)


@router.post(
    "/assignments/bulk",
    summary="Move a judge's open cases to others",
    response_model=BulkRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound, AssignmentInvalid, PlanChanged, LeadTaken),
)
async def reassign_cases(
    principal: PrincipalDep,
    bulk: BulkDep,
    idempotency: IdempotencyDep,
    body: BulkBody,
    preview: Annotated[bool, Query(description="only show what would move")] = False,
) -> Response:
    """Move the open cases that a judge leads to one judge, or to several in turn, from today on.

    With `preview=true` nothing changes, and the answer shows exactly what would move; send its
    `plan` along to move just that, or hear that it has changed since. At most 500 cases move at
    once; `remaining` says how many are left.
    """
    allowed, visibility = writing(principal), reading(principal)

    async def work() -> Answer:
        wanted = body.reassignment()
        if preview:
            plan = await bulk.preview(wanted, visibility, allowed)
        else:
            plan = await bulk.carry_out(wanted, visibility, allowed, Actor.of(principal))
        return Answer(BulkRead.of(plan, moved=not preview), status=status.HTTP_200_OK)

    return await idempotency.run(work)
