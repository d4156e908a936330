"""Endpoints of aliases."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.caller import PrincipalDep
from common.composition import working
from common.idempotency import Answer
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, problems
from core_service.aliases.decisions import AliasDecisions, proposal
from core_service.aliases.errors import DECISION
from core_service.aliases.models import AliasKind, AliasState
from core_service.aliases.schemas import (
    AliasAccept,
    AliasRead,
    AliasReject,
    DecisionList,
    DecisionListRead,
)
from core_service.aliases.service import AliasService, Decision
from core_service.cases.visibility import reading
from core_service.change_requests.deeds import Done
from core_service.change_requests.desk import ASK, ASKED, Desk, DeskDep

AliasesDep = Annotated[AliasService, Depends(working(AliasService))]


router = APIRouter(prefix="/api/v1/aliases", tags=["aliases"])


@router.get("", summary="List aliases", responses=problems(ALLOWED, PAGED))
async def list_aliases(
    principal: PrincipalDep,
    aliases: AliasesDep,
    page: PageDep,
    kind: AliasKind | None = None,
    state: AliasState | None = None,
) -> Page[AliasRead]:
    """Spellings seen in returns, the oldest first; `state=pending` is the work to do.

    Decided ones are shown to every reader. A pending one is shown to those who may propose or
    decide and who may read a row that waits for it.
    """
    reading(principal)
    found = await aliases.page(kind, state, principal, page)
    items = [AliasRead.of(read) for read in await aliases.show(found.rows, principal)]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "/decisions",
    summary="Decide about many spellings",
    response_model=DecisionListRead,
    responses=problems(ALLOWED, CREATING),
)
async def decide_aliases(desk: DeskDep, aliases: AliasesDep, body: DecisionList) -> Response:
    """Accept and reject up to 500 spellings by the rules of single ones, each with its own verdict.

    A decision that you may not take yourself becomes a request: `asked`, with a `request_id`. One
    that cannot be taken is `refused`, with the problem, and stops no other.
    """
    decisions = AliasDecisions(aliases, desk.changes)

    async def work() -> Answer:
        taken = await decisions.take([item.taken() for item in body.items], desk.principal)
        return Answer(DecisionListRead.of(taken), HTTPStatus.OK)

    return await desk.once(work)


@router.post(
    "/{alias_id}/accept",
    summary="Decide what a spelling means",
    response_model=AliasRead,
    responses=ASKED | problems(ASK, DECISION),
)
async def accept_alias(
    desk: DeskDep, aliases: AliasesDep, alias_id: UUID, body: AliasAccept
) -> Response:
    """Accept a meaning: every row that waits for it is applied, and so are future ones.

    Administrators of all courts decide; with `court_id` that court's administrator does, and the
    meaning holds for that court's rows alone.
    """
    return await _decide(desk, aliases, body.decision(alias_id))


@router.post(
    "/{alias_id}/reject",
    summary="Decide that a spelling means nothing",
    response_model=AliasRead,
    responses=ASKED | problems(ASK, DECISION),
)
async def reject_alias(
    desk: DeskDep, aliases: AliasesDep, alias_id: UUID, body: AliasReject | None = None
) -> Response:
    """Reject a spelling: rows with it are rejected. It can still be accepted later. Who decides is
    as for accepting.
    """
    return await _decide(desk, aliases, (body or AliasReject()).decision(alias_id))


async def _decide(desk: Desk, aliases: AliasService, decision: Decision) -> Response:
    async def show(done: Done) -> Answer:
        (read,) = await aliases.show([done.made], desk.principal)
        return Answer(AliasRead.of(read), HTTPStatus.OK)

    async def work() -> Answer:
        known = await aliases.known_to(desk.principal, [decision])
        await aliases.require_known(decision, known)
        return await desk.submit(proposal(decision), show)

    return await desk.once(work)
