"""Endpoints of changes that need an administrator, and of the requests for them."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from common.errors import Unavailable
from common.idempotency import Answer
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, Errors, problems
from core_service.activities.errors import ActivityAlreadyCorrected, ActivityNotFound
from core_service.activities.schemas import ActivityRead
from core_service.aliases.errors import DECISION
from core_service.cases.errors import CaseDeleted, CaseNotFound, CaseNumberTaken
from core_service.cases.schemas import CaseRead
from core_service.cases.visibility import reading, reading_deleted
from core_service.change_requests.deeds import Wish
from core_service.change_requests.desk import ASK, ASKED, Desk, DeskDep
from core_service.change_requests.errors import RequestDecided, RequestNotFound, RequestOutdated
from core_service.change_requests.models import ChangeRequest, RequestKind
from core_service.change_requests.orders import StatusOrderInvalid, StatusUnchanged
from core_service.change_requests.schemas import (
    ChangeRequestRead,
    DecisionBody,
    ReasonBody,
    StatusBody,
    TransferBody,
)
from core_service.change_requests.service import RequestFilter
from core_service.judges.errors import JudgeMergeInvalid, JudgeNotFound, JudgeNotMerged
from core_service.reference.errors import RULES, ReferenceNotFound
from core_service.transfers.errors import CaseNotTransferable, CaseOpenThere, TransferInvalid

router = APIRouter(prefix="/api/v1", tags=["requests"])

DECIDE: Final[Errors] = (*ALLOWED, *CREATING, RequestNotFound, RequestDecided)
TRANSFER: Final[Errors] = (
    CaseNotTransferable,
    CaseOpenThere,
    CaseDeleted,
    CaseNumberTaken,
    TransferInvalid,
)
VOID: Final[Errors] = (ActivityAlreadyCorrected, RequestOutdated)
STATUS: Final[Errors] = (CaseDeleted, StatusUnchanged, StatusOrderInvalid)
JUDGES: Final[Errors] = (JudgeNotFound, JudgeMergeInvalid, JudgeNotMerged)
REFERENCE: Final[Errors] = (ReferenceNotFound, *RULES)
RequestFilterDep = Annotated[RequestFilter, Depends()]


@router.post(
    "/cases/{case_id}/restore",
    summary="Restore a deleted case",
    response_model=CaseRead,
    responses=ASKED | problems(ASK, CaseNotFound),
)
async def restore_case(desk: DeskDep, case_id: UUID, body: ReasonBody) -> Response:
    """Bring a deleted case back as it was. `GET /cases?deleted=true` finds deleted cases."""

    async def work() -> Answer:
        case = await desk.cases.get(case_id, reading_deleted(desk.principal))
        court = case.court_id
        wish = Wish(RequestKind.RESTORE, case_id, court, court, body.reason)
        return await desk.submit(wish, desk.case)

    return await desk.once(work)


@router.post(
    "/cases/{case_id}/transfer",
    summary="Transfer a case to another court",
    response_model=CaseRead,
    responses=ASKED | problems(ASK, CaseNotFound, TRANSFER),
)
async def transfer_case(desk: DeskDep, case_id: UUID, body: TransferBody) -> Response:
    """Send the file of a case to another court, where an administrator accepts it.

    The file leaves this court's lists and arrives on the other's on the same day: as the case
    that it was there before, or as a new one, linked to this. The answer is the case there. When a
    return has already reported that the file left, only its arrival is recorded, on that day.
    """

    async def work() -> Answer:
        case = await desk.cases.get(case_id, reading(desk.principal))
        wish = Wish(
            kind=RequestKind.TRANSFER,
            case_id=case_id,
            court_id=case.court_id,
            deciding_court_id=body.to_court_id,
            reason=body.reason,
            terms=body.terms(),
        )
        return await desk.submit(wish, desk.case)

    return await desk.once(work)


@router.post(
    "/cases/{case_id}/status",
    summary="Set a case's status by order",
    response_model=CaseRead,
    responses=ASKED | problems(ASK, CaseNotFound, STATUS),
)
async def set_case_status(desk: DeskDep, case_id: UUID, body: StatusBody) -> Response:
    """Give a case a status that no outcome gives it. It becomes an activity of the system with
    the reason, and the ledger follows from it like from any other; void it to take it back.
    """

    async def work() -> Answer:
        case = await desk.cases.get(case_id, reading(desk.principal))
        court, terms = case.court_id, body.terms()
        wish = Wish(RequestKind.STATUS, case_id, court, court, body.reason, terms=terms)
        return await desk.submit(wish, desk.case)

    return await desk.once(work)


@router.post(
    "/activities/{activity_id}/void",
    summary="Void an activity",
    response_model=ActivityRead,
    responses=ASKED | problems(ASK, ActivityNotFound, CaseNotFound, VOID),
)
async def void_activity(desk: DeskDep, activity_id: UUID, body: ReasonBody) -> Response:
    """Take back what was recorded by mistake: it stays to be read, with the reason, and counts no
    more. The void of one end of a transfer voids the other too, and the receiving court decides.
    """

    async def work() -> Answer:
        case = await desk.activities.case_of(activity_id, reading(desk.principal))
        court, decides = case.court_id, await desk.activities.void_decided_at(activity_id, case)
        wish = Wish(RequestKind.VOID, case.id, court, decides, body.reason, activity_id)
        return await desk.submit(wish, desk.activity)

    return await desk.once(work)


@router.get("/requests", summary="List requests", responses=problems(ALLOWED, PAGED))
async def list_change_requests(
    desk: DeskDep, wanted: RequestFilterDep, page: PageDep
) -> Page[ChangeRequestRead]:
    """The requests about cases and spellings of your courts and those that you may decide; of what
    all courts share those that you made. The oldest first; `state=pending` is the work to do.
    """
    found = await desk.changes.page(wanted, desk.principal, page)
    items = await desk.requests(found.rows)
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get(
    "/requests/{request_id}", summary="Read a request", responses=problems(ALLOWED, RequestNotFound)
)
async def get_change_request(desk: DeskDep, request_id: UUID) -> ChangeRequestRead:
    """A request and what became of it."""
    return await _one(desk, await desk.changes.get(request_id, desk.principal))


@router.post(
    "/requests/{request_id}/accept",
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
async def accept_change_request(desk: DeskDep, request_id: UUID, body: DecisionBody) -> Response:
    """Make the change that was asked for, now and under your name. What has become impossible
    since says why, and the request stays to be rejected. About a case of a court at which you may
    not enter data, the user who asked must still be allowed to there. Of what all courts share
    administrators of all courts decide.
    """

    async def work() -> Answer:
        await desk.changes.accept(request_id, body.note, desk.principal)
        request = await desk.changes.get(request_id, desk.principal)
        return Answer(await _one(desk, request), status.HTTP_200_OK, request.version)

    return await desk.once(work)


@router.post(
    "/requests/{request_id}/reject",
    summary="Reject a request",
    response_model=ChangeRequestRead,
    responses=problems(DECIDE),
)
async def reject_change_request(desk: DeskDep, request_id: UUID, body: DecisionBody) -> Response:
    """Turn a request down; say why in `note`."""

    async def work() -> Answer:
        request = await desk.changes.reject(request_id, body.note, desk.principal)
        return Answer(await _one(desk, request), status.HTTP_200_OK, request.version)

    return await desk.once(work)


async def _one(desk: Desk, request: ChangeRequest) -> ChangeRequestRead:
    return (await desk.requests([request]))[0]
