"""Endpoint of a case's ledger."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from common.composition import lasting, working
from common.keyset import Pager
from common.problem_responses import ALLOWED, PAGED, problems
from common.schemas import ResponseModel
from core_service.cases.errors import CaseNotFound
from core_service.cases.service import CaseService
from core_service.cases.visibility import CasePartDep, CaseReaderDep
from core_service.ledger.models import EventKind
from core_service.ledger.service import Ledger

CasesDep = Annotated[CaseService, Depends(working(CaseService))]
LedgerDep = Annotated[Ledger, Depends(working(Ledger))]
PagerDep = Annotated[Pager, Depends(lasting(Pager))]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class StatusEventRead(ResponseModel):
    """One event; a retracted one was believed from `recorded_at` until `retracted_at`."""

    id: UUID
    kind: EventKind
    court_id: UUID
    effective_on: date
    recorded_at: datetime
    retracted_at: datetime | None
    activity_id: UUID | None


class StatusEventList(ResponseModel):
    """The ledger of one case."""

    items: list[StatusEventRead]
    next_cursor: str | None = None
    total: int | None = None


@router.get(
    "/{case_id}/status-events",
    summary="Read a case's ledger",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_status_events(
    by: CaseReaderDep,
    pager: PagerDep,
    cases: CasesDep,
    ledger: LedgerDep,
    part: CasePartDep,
) -> StatusEventList:
    """Every event of the case, retracted ones too: what was known when can be seen from it."""
    case = await cases.get(part.case_id, by.visibility)
    found = await ledger.page(case.id, part.page, pager)
    items = [StatusEventRead.model_validate(event) for event in found.rows]
    return StatusEventList(items=items, next_cursor=found.next_cursor, total=found.total)
