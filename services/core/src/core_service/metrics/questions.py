"""The questions about the caseload, and the defaults of their parts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from common.dates import require_period
from core_service.court_calendar import CourtCalendar
from core_service.metrics.figures import (
    FISCAL,
    ClearanceColumn,
    Dimension,
    MatrixColumn,
    Moment,
    Period,
    Selection,
    fiscal_year,
    month_end,
)

Column = MatrixColumn | ClearanceColumn
ONE_DAY: Final = timedelta(days=1)
LEAST: Final = timedelta(microseconds=1)
EVERYTHING: Final = Selection()


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """A question; what is left out means: this fiscal year so far, every court, as known now."""

    first: date | None = None
    last: date | None = None
    as_of: date | None = None
    known_on: date | datetime | None = None
    selection: Selection = EVERYTHING
    group_by: tuple[Dimension, ...] = (Dimension.COURT, Dimension.CATEGORY)


@dataclass(frozen=True, slots=True)
class SettledQuery:
    """A query with its defaults filled in."""

    period: Period
    moment: Moment
    known_on: date | datetime
    selection: Selection
    group_by: tuple[Dimension, ...]

    @property
    def is_of_whole_months(self) -> bool:
        """Whether the period and the dates begin and end whole months."""
        known_on = self.moment.known_at
        days = (self.period.last, self.moment.as_of)
        return (
            self.period.first.day == 1
            and all(day == month_end(day) for day in days)
            and known_on in (None, self.moment.month_known_at)
        )

    @property
    def fiscal(self) -> Period:
        """The fiscal year that the period ends in."""
        return fiscal_year(self.period.last)

    def period_of(self, column: ClearanceColumn) -> Period:
        """The period that a column counts in."""
        return self.fiscal if column in FISCAL else self.period


def settle(query: FigureQuery, calendar: CourtCalendar) -> SettledQuery:
    """Fill in the defaults of a query. Raises ValidationFailed."""
    now = calendar.clock.now()
    last = query.last or calendar.today()
    first = query.first or fiscal_year(last).first
    require_period(first, last)
    known_at = _known_at(query.known_on, calendar) if query.known_on is not None else None
    return SettledQuery(
        period=Period(first, last),
        moment=Moment(query.as_of or last, known_at, _month_known_at(known_at, calendar)),
        known_on=query.known_on or now,
        selection=query.selection,
        group_by=query.group_by,
    )


def _month_known_at(known_at: datetime | None, calendar: CourtCalendar) -> datetime | None:
    if known_at is None:
        return None
    return _known_at(month_end(known_at.astimezone(calendar.zone).date()), calendar)


def _known_at(known_on: date | datetime, calendar: CourtCalendar) -> datetime:
    """A day means all that was known when it ended, in the courts' time zone."""
    if isinstance(known_on, datetime):
        return known_on
    return datetime.combine(known_on + ONE_DAY, time(), calendar.zone) - LEAST
