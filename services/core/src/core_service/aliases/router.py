"""Endpoints of aliases."""

from uuid import UUID

from fastapi import APIRouter

from common.caller import PrincipalDep
from common.errors import ValidationFailed
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.access.actors import Actor
from core_service.access.courts import reading, require_admin
from core_service.aliases.models import AliasKind, AliasState
from core_service.aliases.schemas import AliasAccept, AliasRead
from core_service.aliases.service import AliasDecidedAlready, AliasNotFound, AliasTargetUnknown
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
    responses=problems(
        ALLOWED, AliasNotFound, AliasDecidedAlready, ValidationFailed, AliasTargetUnknown
    ),
)
async def accept_alias(
    principal: PrincipalDep, aliases: AliasesDep, alias_id: UUID, body: AliasAccept
) -> AliasRead:
    """Accept a meaning: every row that waits for it is applied, and so are future ones."""
    require_admin(principal)
    alias = await aliases.accept(alias_id, body.target_id, Actor.of(principal))
    return AliasRead.model_validate(alias)


@router.post(
    "/{alias_id}/reject",
    summary="Decide that a spelling means nothing",
    responses=problems(ALLOWED, AliasNotFound, AliasDecidedAlready),
)
async def reject_alias(principal: PrincipalDep, aliases: AliasesDep, alias_id: UUID) -> AliasRead:
    """Reject a spelling: rows with it are rejected. It can still be accepted later."""
    require_admin(principal)
    return AliasRead.model_validate(await aliases.reject(alias_id, Actor.of(principal)))
