"""Endpoints of figures."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from common.caller import PrincipalDep
from common.composition import lasting, viewing
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.cases.visibility import reading
from core_service.court_calendar import CourtCalendar
from core_service.metrics.figures import ClearanceColumn, MatrixColumn
from core_service.metrics.parameters import BOTH, FigureParametersDep, GroupBy
from core_service.metrics.questions import settle
from core_service.metrics.schemas import ClearanceRead, CountedCaseRead, MatrixRead
from core_service.metrics.service import CasePage, FigureService

CalendarDep = Annotated[CourtCalendar, Depends(lasting(CourtCalendar))]
FiguresDep = Annotated[FigureService, Depends(viewing(FigureService))]


router = APIRouter(prefix="/api/v1/metrics", tags=["metrics"])

WHICH_COLUMN: Final = Query(description="the column whose cases are wanted")


@router.get("/matrix", summary="Read the caseload matrix", responses=problems(ALLOWED))
async def get_caseload_matrix(
    principal: PrincipalDep,
    figures: FiguresDep,
    calendar: CalendarDep,
    wanted: FigureParametersDep,
    group_by: GroupBy = list(BOTH),  # noqa: B006 - FastAPI copies the default
) -> MatrixRead:
    """Pending at the beginning, what came, what went, pending at the end: of your courts, by group.

    Counted from the ledger of status events, as of a day and as known on a day, so that a figure
    that was published can be produced again. Sealed cases count; those that you may not see count
    at the end of their month, and `known_on` means the end of its month for them.
    """
    query = settle(wanted.query(group_by), calendar)
    return MatrixRead.of(await figures.matrix(query, reading(principal)))


@router.get(
    "/matrix/cases", summary="List the cases behind the matrix", responses=problems(ALLOWED, PAGED)
)
async def list_matrix_cases(
    principal: PrincipalDep,
    figures: FiguresDep,
    calendar: CalendarDep,
    wanted: FigureParametersDep,
    page: PageDep,
    column: Annotated[MatrixColumn, WHICH_COLUMN] = MatrixColumn.END_ACTIVE,
) -> Page[CountedCaseRead]:
    """One entry for each that the column counts, the oldest first."""
    query = settle(wanted.query(), calendar)
    return _page(await figures.cases(query, column, reading(principal), page))


@router.get("/clearance", summary="Read the clearance rates", responses=problems(ALLOWED))
async def get_clearance_rates(
    principal: PrincipalDep,
    figures: FiguresDep,
    calendar: CalendarDep,
    wanted: FigureParametersDep,
    group_by: GroupBy = list(BOTH),  # noqa: B006 - FastAPI copies the default
) -> ClearanceRead:
    """Outgoing cases in percent of incoming ones, and the Judiciary's CCR for the fiscal year."""
    query = settle(wanted.query(group_by), calendar)
    return ClearanceRead.of(await figures.clearance(query, reading(principal)))


@router.get(
    "/clearance/cases",
    summary="List the cases behind the clearance rates",
    responses=problems(ALLOWED, PAGED),
)
async def list_clearance_cases(
    principal: PrincipalDep,
    figures: FiguresDep,
    calendar: CalendarDep,
    wanted: FigureParametersDep,
    page: PageDep,
    column: Annotated[ClearanceColumn, WHICH_COLUMN] = ClearanceColumn.NUMERATOR,
) -> Page[CountedCaseRead]:
    """One entry for each that the count counts, the oldest first."""
    query = settle(wanted.query(), calendar)
    return _page(await figures.cases(query, column, reading(principal), page))


def _page(found: CasePage) -> Page[CountedCaseRead]:
    items = [CountedCaseRead.counted(case) for case in found.cases]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)
