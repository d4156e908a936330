"""Endpoint of reverts."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from common.composition import working
from common.idempotency import write_once
from common.problem_responses import problems
from common.writes import Answer
from core_service.proposals.approvals import ACCEPTED, PROPOSING, ApprovalsDep
from core_service.proposals.errors import RequestOutdated
from core_service.proposals.models import Proposal, Result
from core_service.proposals.schemas import ReasonBody
from core_service.returns.errors import BatchNotReady, ImportBuiltUpon, ImportNotFound
from core_service.returns.reverting import RevertRequests
from core_service.returns.router import ImportsDep, shown_batch
from core_service.returns.schemas import BatchRead
from core_service.returns.visibility import BatchView

RevertsDep = Annotated[RevertRequests, Depends(working(RevertRequests))]

router = APIRouter(prefix="/api/v1/imports", tags=["imports"])


@router.post(
    "/{batch_id}/revert",
    summary="Revert an import",
    response_model=BatchRead,
    responses=ACCEPTED
    | problems(PROPOSING, ImportNotFound, BatchNotReady, ImportBuiltUpon, RequestOutdated),
)
@write_once
async def revert_import(
    approvals: ApprovalsDep,
    imports: ImportsDep,
    reverts: RevertsDep,
    batch_id: UUID,
    body: ReasonBody,
) -> Answer:
    """Take an import back: a worker makes every case that it touched what it was before, and the
    file can be sent again. `progress` counts back to 0 meanwhile. Refused when later imports or
    changes concern the same cases; the problem names them. An administrator of the court, or of all
    courts where the import has rows of several, does it; others propose it.
    """

    async def propose() -> Proposal:
        batch = await imports.find(batch_id, BatchView.of(approvals.principal))
        return await reverts.proposal(batch, body.reason, approvals.by)

    async def show(_: Result) -> Answer:
        seen = await imports.get(batch_id, approvals.principal)
        shown = await shown_batch(approvals.users, seen)
        return Answer(shown, HTTPStatus.OK, seen.batch.version)

    return await approvals.submit(propose, show)
