"""The first screen's figures: those of the catalogue, of the last months, in one answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar
from core_service.metrics.catalogue import BY_NAME
from core_service.metrics.figures import Dimension, Period, Selection, month_end
from core_service.metrics.questions import FigureQuery, settle
from core_service.metrics.stored import FigureAnswers

Body = Mapping[str, Any]
MONTHS_OF_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a first screen, as their own endpoints give them."""

    period: Period
    totals: Body
    clearance: Body
    by_month: Body
    by_court: Body
    by_type: Body
    ages: Body


@dataclass(frozen=True, slots=True)
class Analytics:
    """Asks for figures that are stored until a write changes them."""

    answers: FigureAnswers
    calendar: CourtCalendar

    async def overview(self, selection: Selection, months: int, seen: Visibility) -> Overview:
        """The last months, the present one as far as it goes."""
        today = self.calendar.today()
        period = Period(_first_of(today, months), month_end(today))

        async def read(name: str, *group_by: Dimension) -> Body:
            query = FigureQuery(period.first, period.last, selection=selection, group_by=group_by)
            settled = settle(query, self.calendar)
            body: Body = json.loads(await self.answers.read(BY_NAME[name], settled, seen))
            return body

        by_court = await read("matrix", Dimension.COURT)
        return Overview(
            period=period,
            totals=by_court["totals"],
            clearance=await read("clearance", Dimension.COURT),
            by_month=await read("matrix", Dimension.MONTH),
            by_court=by_court,
            by_type=await read("matrix", Dimension.CASE_TYPE),
            ages=await read("pending-age", Dimension.COURT),
        )


def _first_of(today: date, months: int) -> date:
    """The first day of the first of so many months, of which today's is the last."""
    place = today.year * MONTHS_OF_YEAR + today.month - months
    return date(place // MONTHS_OF_YEAR, place % MONTHS_OF_YEAR + 1, 1)
