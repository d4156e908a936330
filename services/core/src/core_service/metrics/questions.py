"""The questions about the caseload, and the defaults of their parts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from common.dates import require_period
from common.errors import FieldError, ValidationFailed
from core_service.court_calendar import CourtCalendar
from core_service.metrics.figures import (
    BOTH,
    TIMES,
    Dimension,
    Moment,
    Period,
    Selection,
    fiscal_year,
    fiscal_year_name,
    fiscal_years_of,
    month_end,
    month_name,
    months_of,
)

ONE_DAY: Final = timedelta(days=1)
LEAST: Final = timedelta(microseconds=1)
EVERYTHING: Final = Selection()
MOST_DIMENSIONS: Final = 3
# Each is counted separately: ten years by month.
MOST_PARTS: Final = 120

Keys = Mapping[Dimension, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """A question; what is left out means: this fiscal year so far, every court, as known now."""

    first: date | None = None
    last: date | None = None
    as_of: date | None = None
    known_on: date | datetime | None = None
    selection: Selection = EVERYTHING
    group_by: tuple[Dimension, ...] = BOTH


@dataclass(frozen=True, slots=True)
class SettledQuery:
    """A query with its defaults filled in."""

    period: Period
    moment: Moment
    known_on: date | datetime
    selection: Selection
    group_by: tuple[Dimension, ...]
    today: date
    zone: tzinfo

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

    @property
    def times(self) -> tuple[Dimension, ...]:
        """The dimensions that divide the period."""
        return tuple(each for each in self.group_by if each in TIMES)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The other dimensions."""
        return tuple(each for each in self.group_by if each not in TIMES)

    def parts(self) -> list[tuple[Keys, "SettledQuery"]]:
        """The parts of the period that are groups, each as a separate question."""
        if not self.times:
            return [({}, self)]
        by_month = Dimension.MONTH in self.times
        periods = months_of(self.period) if by_month else fiscal_years_of(self.period)
        return [(self._keys(each.first), self.within(each)) for each in periods]

    def within(self, period: Period) -> "SettledQuery":
        """The same for a part of the period, as of its end."""
        as_of = min(self.moment.as_of, period.last)
        moment = replace(self.moment, as_of=as_of)
        return replace(self, period=period, moment=moment, group_by=self.dimensions)

    def whole(self) -> "SettledQuery":
        """The same without groups."""
        return replace(self, group_by=())

    def _keys(self, day: date) -> Keys:
        names = {Dimension.MONTH: month_name, Dimension.FISCAL_YEAR: fiscal_year_name}
        return {each: (names[each](day),) for each in self.times}


def settle(query: FigureQuery, calendar: CourtCalendar) -> SettledQuery:
    """Fill in the defaults of a query. Raises ValidationFailed."""
    now, today = calendar.clock.now(), calendar.today()
    last = query.last or today
    first = query.first or fiscal_year(last).first
    require_period(first, last)
    known_at = _known_at(query.known_on, calendar) if query.known_on is not None else None
    settled = SettledQuery(
        period=Period(first, last),
        moment=Moment(query.as_of or last, known_at, _month_known_at(known_at, calendar)),
        known_on=query.known_on or now,
        selection=query.selection,
        group_by=query.group_by,
        today=today,
        zone=calendar.zone,
    )
    _require_few(settled)
    return settled


def _require_few(query: SettledQuery) -> None:
    """Refuse a grouping over too much before it is counted. Raises ValidationFailed."""
    if len(query.group_by) > MOST_DIMENSIONS:
        message = f"at most {MOST_DIMENSIONS} dimensions at once"
        raise ValidationFailed(errors=(FieldError("group_by", "too-many", message),))
    parts = len(query.parts())
    if parts > MOST_PARTS:
        message = f"the period has {parts} parts, and at most {MOST_PARTS} are counted at once"
        raise ValidationFailed(errors=(FieldError("group_by", "too-many-parts", message),))


def _month_known_at(known_at: datetime | None, calendar: CourtCalendar) -> datetime | None:
    if known_at is None:
        return None
    return _known_at(month_end(calendar.day_of(known_at)), calendar)


def _known_at(known_on: date | datetime, calendar: CourtCalendar) -> datetime:
    """A day means all that was known when it ended, in the courts' time zone."""
    if isinstance(known_on, datetime):
        return known_on
    return datetime.combine(known_on + ONE_DAY, time(), calendar.zone) - LEAST
