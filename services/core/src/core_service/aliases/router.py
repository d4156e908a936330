"""Endpoint that lists aliases."""

from typing import Annotated

from fastapi import APIRouter, Depends

from common.caller import PrincipalDep
from common.composition import working
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.aliases.models import AliasKind, AliasState
from core_service.aliases.schemas import AliasRead
from core_service.aliases.service import AliasService, AliasSort

AliasesDep = Annotated[AliasService, Depends(working(AliasService))]

router = APIRouter(prefix="/api/v1/aliases", tags=["aliases"])


@router.get("", summary="List aliases", responses=problems(ALLOWED, PAGED))
async def list_aliases(
    principal: PrincipalDep,
    aliases: AliasesDep,
    page: PageDep,
    kind: AliasKind | None = None,
    state: AliasState | None = None,
    sort: AliasSort = AliasSort.ID,
) -> Page[AliasRead]:
    """Spellings seen in returns, the oldest first; `state=pending` is the work to do, and
    `sort=waiting` begins with what most rows wait for. A pending one comes with up to three
    candidates for its meaning.

    Decided ones are shown to every reader. A pending one is shown to those who may propose or
    decide and who may read a row that waits for it.
    """
    found = await aliases.page(kind, state, sort, principal, page)
    items = [AliasRead.of(read) for read in await aliases.show(found.rows, principal)]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)
