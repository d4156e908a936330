"""Endpoints of aliases."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from common.caller import PrincipalDep
from common.idempotency import Answer
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.access.courts import reading
from core_service.aliases.models import Alias, AliasKind, AliasState
from core_service.aliases.schemas import AliasAccept, AliasRead
from core_service.aliases.service import AliasDecidedAlready, AliasNotFound, AliasTargetUnknown
from core_service.change_requests.deeds import Wish
from core_service.change_requests.desk import ASK, ASKED, DeskDep
from core_service.change_requests.models import RequestKind
from core_service.dependencies import AliasesDep

router = APIRouter(prefix="/api/v1/aliases", tags=["aliases"])


@router.get("", summary="List aliases", responses=problems(ALLOWED, PAGED))
async def list_aliases(
    principal: PrincipalDep,
    aliases: AliasesDep,
    page: PageDep,
    kind: AliasKind | None = None,
    state: AliasState | None = None,
) -> Page[AliasRead]:
    """Spellings seen in returns, the oldest first; `state=pending` is the work to do."""
    reading(principal)
    found = await aliases.page(kind, state, page)
    items = [AliasRead.model_validate(alias) for alias in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "/{alias_id}/accept",
    summary="Decide what a spelling means",
    response_model=AliasRead,
    responses=ASKED | problems(ASK, AliasNotFound, AliasDecidedAlready, AliasTargetUnknown),
)
async def accept_alias(desk: DeskDep, alias_id: UUID, body: AliasAccept) -> Response:
    """Accept a meaning: every row that waits for it is applied, and so are future ones."""
    terms = body.model_dump(mode="json")
    return await desk.hand_in(_wish(RequestKind.ALIAS_ACCEPT, alias_id, terms=terms), _shown)


@router.post(
    "/{alias_id}/reject",
    summary="Decide that a spelling means nothing",
    response_model=AliasRead,
    responses=ASKED | problems(ASK, AliasNotFound, AliasDecidedAlready),
)
async def reject_alias(desk: DeskDep, alias_id: UUID) -> Response:
    """Reject a spelling: rows with it are rejected. It can still be accepted later."""
    return await desk.hand_in(_wish(RequestKind.ALIAS_REJECT, alias_id), _shown)


def _wish(kind: RequestKind, alias_id: UUID, **said: Any) -> Wish:
    return Wish(kind, entity=Alias.__tablename__, entity_id=alias_id, **said)


def _shown(alias: Alias) -> Answer:
    return Answer(AliasRead.model_validate(alias), HTTPStatus.OK)
