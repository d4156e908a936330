"""Endpoints of the requests that wait for approval, and of the decisions on them."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, status

from common.errors import Unavailable
from common.idempotency import write_once
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, Errors, problems
from common.writes import Answer
from core_service.access.callers import AdministratorDep
from core_service.activities.errors import ActivityNotFound
from core_service.aliases.errors import DECISION
from core_service.cases.errors import CaseNotFound
from core_service.judges.errors import JudgeMergeInvalid, JudgeNotFound, JudgeNotMerged
from core_service.proposals.approvals import Approvals, ApprovalsDep
from core_service.proposals.errors import RequestDecided, RequestNotFound
from core_service.proposals.models import ChangeRequest
from core_service.proposals.routers.cases import STATUS, TRANSFER, VOID
from core_service.proposals.schemas import ChangeRequestRead, DecisionBody
from core_service.proposals.service import RequestFilter
from core_service.reference.errors import RULES, ReferenceNotFound

DECIDE: Final[Errors] = (*ALLOWED, *CREATING, RequestNotFound, RequestDecided)
JUDGES: Final[Errors] = (JudgeNotFound, JudgeMergeInvalid, JudgeNotMerged)
REFERENCE: Final[Errors] = (ReferenceNotFound, *RULES)

router = APIRouter(prefix="/api/v1/requests", tags=["requests"])


@router.get("", summary="List requests", responses=problems(ALLOWED, PAGED))
async def list_change_requests(
    approvals: ApprovalsDep, wanted: Annotated[RequestFilter, Depends()], page: PageDep
) -> Page[ChangeRequestRead]:
    """The requests about cases and spellings of your courts and those that you may decide; of what
    all courts share those that you made. The oldest first; `state=pending` is the work to do.
    """
    found = await approvals.proposals.page(wanted, approvals.by, page)
    items = await approvals.read(found.rows)
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get("/{request_id}", summary="Read a request", responses=problems(ALLOWED, RequestNotFound))
async def get_change_request(approvals: ApprovalsDep, request_id: UUID) -> ChangeRequestRead:
    """A request and what became of it."""
    request = await approvals.proposals.get(request_id, approvals.by)
    return (await approvals.read([request]))[0]


@router.post(
    "/{request_id}/accept",
    summary="Accept a request",
    response_model=ChangeRequestRead,
    responses=problems(
        DECIDE,
        CaseNotFound,
        ActivityNotFound,
        VOID,
        TRANSFER,
        STATUS,
        JUDGES,
        DECISION,
        REFERENCE,
        Unavailable,
    ),
)
@write_once
async def accept_change_request(
    approvals: ApprovalsDep, by: AdministratorDep, request_id: UUID, body: DecisionBody
) -> Answer:
    """Make the proposed change, now and under your name. If it has become impossible since, the
    answer says why, and the request stays to be rejected. About a case of a court at which you may
    not enter data, the user who proposed must still be allowed to there. Changes of what all courts
    share are decided by administrators of all courts.
    """
    await approvals.proposals.accept(request_id, body.note, by)
    return await _answer(approvals, await approvals.proposals.get(request_id, by))


@router.post(
    "/{request_id}/reject",
    summary="Reject a request",
    response_model=ChangeRequestRead,
    responses=problems(DECIDE),
)
@write_once
async def reject_change_request(
    approvals: ApprovalsDep, by: AdministratorDep, request_id: UUID, body: DecisionBody
) -> Answer:
    """Turn a request down; say why in `note`."""
    return await _answer(approvals, await approvals.proposals.reject(request_id, body.note, by))


async def _answer(approvals: Approvals, request: ChangeRequest) -> Answer:
    (shown,) = await approvals.read([request])
    return Answer(shown, status.HTTP_200_OK, request.version)
