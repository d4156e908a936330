"""The terms that all figures share: dimensions, periods, moments, selections, ratios. Pure."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core_service.reference.models import CourtType

DEFINITION_VERSION: Final = "2026.1"
FISCAL_YEAR_BEGINS: Final = 7
PERCENT: Final = 100
DECIMALS: Final = 2


class Dimension(StrEnum):
    """What figures can be grouped by."""

    COURT = "court"
    COURT_TYPE = "court_type"
    CATEGORY = "category"
    CASE_TYPE = "case_type"
    JUDGE = "judge"
    MONTH = "month"
    FISCAL_YEAR = "fiscal_year"


# Groups by time are separate answers, each for its part of the period.
TIMES: Final = (Dimension.MONTH, Dimension.FISCAL_YEAR)
BOTH: Final = (Dimension.COURT, Dimension.CATEGORY)
# Selects the cases that no judge leads.
NO_JUDGE: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both within."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Moment:
    """What is counted: facts effective by `as_of`, as they were known at `known_at`.

    None means all that is known, not what was known by this process's clock: the clock of the
    process that recorded a fact may be ahead. `month_known_at` is the end of that month, by which
    sealed cases are counted for those who may not see them.
    """

    as_of: date
    known_at: datetime | None
    month_known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases are counted; None for all that the caller may count."""

    court_id: UUID | None = None
    court_type: CourtType | None = None
    category_id: UUID | None = None
    case_type_id: UUID | None = None
    judge_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate in percent with its parts; no value when there is nothing to divide by."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        if self.denominator == 0:
            return None
        return round(PERCENT * self.numerator / self.denominator, DECIMALS)


def fiscal_year(day: date) -> Period:
    """The Kenyan Judiciary's year, 1 July to 30 June, that a day falls in."""
    begins = day.year if day.month >= FISCAL_YEAR_BEGINS else day.year - 1
    return Period(date(begins, FISCAL_YEAR_BEGINS, 1), date(begins + 1, 6, 30))


def month_end(day: date) -> date:
    """The last day of the month that a day falls in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_name(day: date) -> str:
    """A month as groups name it: 2026-01."""
    return f"{day:%Y-%m}"


def fiscal_year_name(day: date) -> str:
    """A fiscal year as groups name it: 2025/2026."""
    begins = fiscal_year(day).first.year
    return f"{begins}/{begins + 1}"


def months_of(period: Period) -> list[Period]:
    """The months of a period, the first and the last as far as they lie in it."""
    return _parts(period, month_end)


def fiscal_years_of(period: Period) -> list[Period]:
    """The fiscal years of a period, the first and the last as far as they lie in it."""
    return _parts(period, lambda day: fiscal_year(day).last)


def _parts(period: Period, end_of: Callable[[date], date]) -> list[Period]:
    parts, first = [], period.first
    while first <= period.last:
        last = min(end_of(first), period.last)
        parts.append(Period(first, last))
        first = last + timedelta(days=1)
    return parts
