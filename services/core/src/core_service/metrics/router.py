"""Endpoints of figures: the same two for each of the catalogue."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from common.caller import PrincipalDep
from common.composition import lasting, viewing
from common.errors import ValidationFailed
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.cases.visibility import reading
from core_service.court_calendar import CourtCalendar
from core_service.metrics.catalogue import FIGURES
from core_service.metrics.errors import BeingCounted, FigureTooLarge
from core_service.metrics.frame import Figure
from core_service.metrics.parameters import FigureParametersDep, GroupBy
from core_service.metrics.questions import settle
from core_service.metrics.schemas import CountedCaseRead, body_of
from core_service.metrics.service import FigureService
from core_service.metrics.stored import FigureAnswers

CalendarDep = Annotated[CourtCalendar, Depends(lasting(CourtCalendar))]
AnswersDep = Annotated[FigureAnswers, Depends(viewing(FigureAnswers))]
FiguresDep = Annotated[FigureService, Depends(viewing(FigureService))]

router = APIRouter(prefix="/api/v1/metrics", tags=["metrics"])

WHICH_COLUMN: Final = Query(description="the column whose cases are wanted")
SEALED: Final = (
    "Sealed cases count; those that you may not see count at the end of their month, and "
    "`known_on` means the end of its month for them."
)


def _add_figure(figure: Figure) -> None:
    async def read(
        principal: PrincipalDep,
        answers: AnswersDep,
        calendar: CalendarDep,
        wanted: FigureParametersDep,
        group_by: GroupBy = list(figure.group_by),  # noqa: B006 - FastAPI copies the default
    ) -> Response:
        query = settle(wanted.query(group_by), calendar)
        counted = await answers.read(figure, query, reading(principal))
        return Response(counted, media_type="application/json")

    router.add_api_route(
        f"/{figure.name}",
        read,
        name=_function("get", figure),
        summary=f"Read the {figure.title}",
        description=f"{figure.text} {SEALED}",
        response_model=body_of(type(figure)),
        responses=problems(ALLOWED, ValidationFailed, FigureTooLarge, BeingCounted),
    )


def _add_cases(figure: Figure) -> None:
    columns, default = figure.columns, figure.shown

    async def list_cases(
        principal: PrincipalDep,
        figures: FiguresDep,
        calendar: CalendarDep,
        wanted: FigureParametersDep,
        page: PageDep,
        column: Annotated[columns, WHICH_COLUMN] = default,  # type: ignore[valid-type]  # of each
    ) -> Page[CountedCaseRead]:
        query = settle(wanted.query(), calendar)
        found = await figures.cases(figure, query, column, reading(principal), page)
        items = [CountedCaseRead.counted(case) for case in found.cases]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    router.add_api_route(
        f"/{figure.name}/cases",
        list_cases,
        name=_function("list", figure, "cases"),
        summary=f"List the cases behind the {figure.title}",
        description="One entry for each that the column counts, the oldest first.",
        responses=problems(ALLOWED, PAGED),
    )


def _function(verb: str, figure: Figure, *more: str) -> str:
    """The name from which the operation's ID is made."""
    return "_".join((verb, *figure.name.split("-"), *more))


for each in FIGURES:
    _add_figure(each)
    _add_cases(each)
