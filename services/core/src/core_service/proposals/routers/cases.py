"""Endpoints of changes of cases that need approval."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter

from common.idempotency import write_once
from common.problem_responses import Errors, problems
from common.writes import Answer
from core_service.activities.errors import ActivityAlreadyCorrected, ActivityNotFound
from core_service.activities.schemas import ActivityRead
from core_service.cases.errors import CaseDeleted, CaseNotFound, CaseNumberTaken
from core_service.cases.schemas import CaseRead
from core_service.cases.visibility import reading, reading_deleted
from core_service.proposals.approvals import ACCEPTED, PROPOSING, ApprovalsDep
from core_service.proposals.errors import RequestOutdated
from core_service.proposals.handlers.status_orders import StatusOrderInvalid, StatusUnchanged
from core_service.proposals.models import RequestKind
from core_service.proposals.proposal import Proposal
from core_service.proposals.schemas import ReasonBody, StatusBody, TransferBody
from core_service.transfers.errors import CaseNotTransferable, CaseOpenThere, TransferInvalid

TRANSFER: Final[Errors] = (
    CaseNotTransferable,
    CaseOpenThere,
    CaseDeleted,
    CaseNumberTaken,
    TransferInvalid,
)
VOID: Final[Errors] = (ActivityAlreadyCorrected, RequestOutdated)
STATUS: Final[Errors] = (CaseDeleted, StatusUnchanged, StatusOrderInvalid)

router = APIRouter(prefix="/api/v1", tags=["requests"])


@router.post(
    "/cases/{case_id}/restore",
    summary="Restore a deleted case",
    response_model=CaseRead,
    responses=ACCEPTED | problems(PROPOSING, CaseNotFound),
)
@write_once
async def restore_case(approvals: ApprovalsDep, case_id: UUID, body: ReasonBody) -> Answer:
    """Bring a deleted case back as it was. `GET /cases?deleted=true` finds deleted cases."""

    async def propose() -> Proposal:
        case = await approvals.cases.get(case_id, reading_deleted(approvals.principal))
        return Proposal.of_case(RequestKind.RESTORE, case, body.reason)

    return await approvals.submit(propose, approvals.show_case)


@router.post(
    "/cases/{case_id}/transfer",
    summary="Transfer a case to another court",
    response_model=CaseRead,
    responses=ACCEPTED | problems(PROPOSING, CaseNotFound, TRANSFER),
)
@write_once
async def transfer_case(approvals: ApprovalsDep, case_id: UUID, body: TransferBody) -> Answer:
    """Send the file of a case to another court, where an administrator accepts it.

    The file leaves this court's lists and arrives on the other's on the same day: as the case
    that it was there before, or as a new one, linked to this. The answer is the case there. When a
    return has already reported that the file left, only its arrival is recorded, on that day.
    """

    async def propose() -> Proposal:
        case = await approvals.cases.get(case_id, reading(approvals.principal))
        court_id, terms = body.to_court_id, body.terms()
        return Proposal.of_case(
            RequestKind.TRANSFER, case, body.reason, deciding_court_id=court_id, terms=terms
        )

    return await approvals.submit(propose, approvals.show_case)


@router.post(
    "/cases/{case_id}/status",
    summary="Set a case's status by order",
    response_model=CaseRead,
    responses=ACCEPTED | problems(PROPOSING, CaseNotFound, STATUS),
)
@write_once
async def set_case_status(approvals: ApprovalsDep, case_id: UUID, body: StatusBody) -> Answer:
    """Give a case a status that no outcome gives it. It becomes an activity of the system with
    the reason, and the ledger follows from it like from any other; void it to take it back.
    """

    async def propose() -> Proposal:
        case = await approvals.cases.get(case_id, reading(approvals.principal))
        return Proposal.of_case(RequestKind.STATUS, case, body.reason, terms=body.terms())

    return await approvals.submit(propose, approvals.show_case)


@router.post(
    "/activities/{activity_id}/void",
    summary="Void an activity",
    response_model=ActivityRead,
    responses=ACCEPTED | problems(PROPOSING, ActivityNotFound, CaseNotFound, VOID),
)
@write_once
async def void_activity(approvals: ApprovalsDep, activity_id: UUID, body: ReasonBody) -> Answer:
    """Take back what was recorded by mistake: it stays to be read, with the reason, and counts no
    more. The void of one end of a transfer voids the other too, and the receiving court decides.
    """

    async def propose() -> Proposal:
        case = await approvals.activities.case_of(activity_id, reading(approvals.principal))
        court_id = await approvals.activities.void_decided_at(activity_id, case)
        return Proposal.of_case(
            RequestKind.VOID,
            case,
            body.reason,
            deciding_court_id=court_id,
            activity_id=activity_id,
        )

    return await approvals.submit(propose, approvals.show_activity)
