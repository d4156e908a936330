"""Endpoint of a case's ledger."""

from uuid import UUID

from fastapi import APIRouter

from common.caller import PrincipalDep
from common.problem_responses import ALLOWED, problems
from core_service.access.courts import reading
from core_service.cases.errors import CaseNotFound
from core_service.dependencies import CasesDep, LedgerDep
from core_service.ledger.schemas import StatusEventList, StatusEventRead

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get(
    "/{case_id}/status-events",
    summary="Read a case's ledger",
    responses=problems(ALLOWED, CaseNotFound),
)
async def list_status_events(
    principal: PrincipalDep, cases: CasesDep, ledger: LedgerDep, case_id: UUID
) -> StatusEventList:
    """Every event of the case, retracted ones too: what was known when can be seen from it."""
    case = await cases.get(case_id, reading(principal))
    events = await ledger.of_case(case.id)
    return StatusEventList(items=[StatusEventRead.model_validate(event) for event in events])
