"""Endpoints of assignments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from common.composition import lasting, working
from common.idempotency import write_once
from common.pages import PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, problems
from common.writes import Answer
from core_service.assignments.bulk import BulkReassignment
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
from core_service.assignments.service import AssignmentService
from core_service.cases.errors import CaseNotFound
from core_service.cases.visibility import CaseReaderDep, CaseWriterDep
from core_service.users.directory import UserDirectory

AssignmentsDep = Annotated[AssignmentService, Depends(working(AssignmentService))]
BulkDep = Annotated[BulkReassignment, Depends(working(BulkReassignment))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]

router = APIRouter(prefix="/api/v1", tags=["assignments"])


@dataclass(frozen=True, slots=True)
class AssignmentsView:
    """Assignments as they are shown, with the names of judges and authors."""

    service: AssignmentsDep
    users: UsersDep

    async def all(self, rows: Sequence[CaseJudgeAssignment]) -> list[AssignmentRead]:
        judges = await self.service.judges(rows)
        names = await self.users.names(row.created_by for row in rows)
        return [AssignmentRead.of(row, judges[row.judge_id], names) for row in rows]

    async def answer(self, row: CaseJudgeAssignment, status_code: int) -> Answer:
        return Answer((await self.all([row]))[0], status_code, row.version)


ViewDep = Annotated[AssignmentsView, Depends(scope="function")]


@router.get(
    "/cases/{case_id}/assignments",
    summary="List who is and was responsible for a case",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_assignments(
    by: CaseReaderDep, view: ViewDep, page: PageDep, case_id: UUID
) -> AssignmentList:
    """Leads and members, the earliest first: from the benches that sat, and as assigned."""
    found = await view.service.page(case_id, page, by)
    items = await view.all(found.rows)
    return AssignmentList(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "/cases/{case_id}/assignments",
    summary="Assign a case to a judge",
    status_code=status.HTTP_201_CREATED,
    response_model=AssignmentRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound, AssignmentInvalid, LeadTaken),
)
@write_once
async def assign_case(
    by: CaseWriterDep,
    view: ViewDep,
    case_id: UUID,
    body: AssignmentCreate,
) -> Answer:
    """Make a judge the case's lead, or a member of its bench. A new lead ends the one before; when
    another judge sits later, the case follows the bench.
    """
    row = await view.service.assign(case_id, body.assignment(), by)
    return await view.answer(row, status.HTTP_201_CREATED)


@router.post(
    "/cases/{case_id}/assignments/{assignment_id}/end",
    summary="End an assignment",
    response_model=AssignmentRead,
    responses=problems(
        ALLOWED, CREATING, CaseNotFound, AssignmentNotFound, AssignmentNotEndable, AssignmentInvalid
    ),
)
@write_once
async def end_assignment(
    by: CaseWriterDep,
    view: ViewDep,
    case_id: UUID,
    assignment_id: UUID,
    body: AssignmentEnd,
) -> Answer:
    """End a manual assignment; what follows from the bench ends when another bench sits."""
    row = await view.service.end(case_id, assignment_id, body.ended_on, body.reason, by)
    return await view.answer(row, status.HTTP_200_OK)


@router.post(
    "/assignments/bulk",
    summary="Move a judge's open cases to others",
    response_model=BulkRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound, AssignmentInvalid, PlanChanged, LeadTaken),
)
@write_once
async def reassign_cases(
    by: CaseWriterDep,
    bulk: BulkDep,
    body: BulkBody,
    preview: Annotated[bool, Query(description="only show what would move")] = False,
) -> Answer:
    """Move the open cases that a judge leads to one judge, or to several in turn, from today on.

    With `preview=true` nothing changes, and the answer shows exactly what would move; send its
    `plan` along to move exactly that, or to get a 409 if it has changed since. At most 500 cases
    move at once; `remaining` says how many are left.
    """
    wanted = body.reassignment()
    plan = await (bulk.preview(wanted, by) if preview else bulk.carry_out(wanted, by))
    return Answer(BulkRead.of(plan, moved=not preview), status=status.HTTP_200_OK)
