"""Endpoints of decisions about aliases."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from common.composition import working
from common.idempotency import write_once
from common.problem_responses import ALLOWED, CREATING, problems
from common.writes import Answer
from core_service.aliases.errors import DECISION
from core_service.aliases.schemas import AliasAccept, AliasRead, AliasReject
from core_service.aliases.service import AliasService, Decision
from core_service.proposals.alias_decisions import AliasDecisions, proposal_of
from core_service.proposals.approvals import ACCEPTED, PROPOSING, Approvals, ApprovalsDep
from core_service.proposals.proposal import Proposal, Result
from core_service.proposals.schemas import DecisionList, DecisionListRead

AliasesDep = Annotated[AliasService, Depends(working(AliasService))]

router = APIRouter(prefix="/api/v1/aliases", tags=["aliases"])


@router.post(
    "/decisions",
    summary="Decide about many spellings",
    response_model=DecisionListRead,
    responses=problems(ALLOWED, CREATING),
)
@write_once
async def decide_aliases(
    approvals: ApprovalsDep, aliases: AliasesDep, body: DecisionList
) -> Answer:
    """Accept and reject up to 500 spellings by the rules of single ones, each with its own verdict.

    A decision that needs an administrator becomes a request: `asked`, with a `request_id`. One that
    is not possible is `refused`, with the problem, and stops no other.
    """
    decisions = AliasDecisions(aliases, approvals.proposals)
    verdicts = await decisions.decide(
        [item.to_decision() for item in body.items], approvals.principal
    )
    return Answer(DecisionListRead.of(verdicts), HTTPStatus.OK)


@router.post(
    "/{alias_id}/accept",
    summary="Decide what a spelling means",
    response_model=AliasRead,
    responses=ACCEPTED | problems(PROPOSING, DECISION),
)
@write_once
async def accept_alias(
    approvals: ApprovalsDep, aliases: AliasesDep, alias_id: UUID, body: AliasAccept
) -> Answer:
    """Accept a meaning: every row that waits for it is applied, and so are future ones.

    Administrators of all courts decide; with `court_id` that court's administrator does, and the
    meaning holds for that court's rows alone.
    """
    return await _decide(approvals, aliases, body.decision(alias_id))


@router.post(
    "/{alias_id}/reject",
    summary="Decide that a spelling means nothing",
    response_model=AliasRead,
    responses=ACCEPTED | problems(PROPOSING, DECISION),
)
@write_once
async def reject_alias(
    approvals: ApprovalsDep, aliases: AliasesDep, alias_id: UUID, body: AliasReject | None = None
) -> Answer:
    """Reject a spelling: rows with it are rejected. It can still be accepted later. Who decides is
    as for accepting.
    """
    return await _decide(approvals, aliases, (body or AliasReject()).decision(alias_id))


async def _decide(approvals: Approvals, aliases: AliasService, decision: Decision) -> Answer:
    async def propose() -> Proposal:
        known = await aliases.known_to(approvals.principal, [decision])
        await aliases.require_known(decision, known)
        return proposal_of(decision)

    async def show(result: Result) -> Answer:
        (read,) = await aliases.show([result.value], approvals.principal)
        return Answer(AliasRead.of(read), HTTPStatus.OK)

    return await approvals.submit(propose, show)
