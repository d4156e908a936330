"""Endpoint of a case's ledger."""

from uuid import UUID

from fastapi import APIRouter

from common.caller import PrincipalDep
from common.pages import PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.cases.errors import CaseNotFound
from core_service.cases.visibility import reading
from core_service.dependencies import CasesDep, CoreDep, LedgerDep
from core_service.ledger.schemas import StatusEventList, StatusEventRead

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get(
    "/{case_id}/status-events",
    summary="Read a case's ledger",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_status_events(
    principal: PrincipalDep,
    core: CoreDep,
    cases: CasesDep,
    ledger: LedgerDep,
    page: PageDep,
    case_id: UUID,
) -> StatusEventList:
    """Every event of the case, retracted ones too: what was known when can be seen from it."""
    case = await cases.get(case_id, reading(principal))
    found = await ledger.page(case.id, page, core.pager)
    items = [StatusEventRead.model_validate(event) for event in found.rows]
    return StatusEventList(items=items, next_cursor=found.next_cursor, total=found.total)
