"""What each figure means: columns, signs, periods, ratios. Pure, and defined only here.

The matrix follows the NCSC/COSCA State Court Guide, the clearance rate CourTools 2, and the case
clearance rate (CCR) the Kenyan Judiciary's SOJAR: resolved ÷ filed in a year from 1 July.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from core_service.ledger.models import EventKind
from core_service.reference.models import CourtType

DEFINITION_VERSION: Final = "2026.1"
FISCAL_YEAR_BEGINS: Final = 7
PERCENT: Final = 100
DECIMALS: Final = 2

# What each kind of event does to the active pending caseload: this is the identity.
SIGNS: Final[Mapping[EventKind, int]] = {
    EventKind.FILED: 1,
    EventKind.REOPENED: 1,
    EventKind.REACTIVATED: 1,
    EventKind.TRANSFER_IN: 1,
    EventKind.DISPOSED: -1,
    EventKind.REOPENED_DISPOSED: -1,
    EventKind.INACTIVATED: -1,
    EventKind.TRANSFER_OUT: -1,
}
INACTIVE_SIGNS: Final[Mapping[EventKind, int]] = {
    EventKind.INACTIVATED: 1,
    EventKind.REACTIVATED: -1,
}


class MatrixColumn(StrEnum):
    """The eleven columns of the caseload matrix, in their order."""

    BEGIN_ACTIVE = "begin_active"
    NEW = "new"
    REOPENED = "reopened"
    REACTIVATED = "reactivated"
    TRANSFER_IN = "transfer_in"
    DISPOSED = "disposed"
    REOPENED_DISPOSED = "reopened_disposed"
    INACTIVATED = "inactivated"
    TRANSFER_OUT = "transfer_out"
    END_ACTIVE = "end_active"
    END_INACTIVE = "end_inactive"


class ClearanceColumn(StrEnum):
    """The counts behind the two clearance rates."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    CCR_NUMERATOR = "ccr_numerator"
    CCR_DENOMINATOR = "ccr_denominator"


FLOWS: Final[Mapping[MatrixColumn, EventKind]] = {
    MatrixColumn.NEW: EventKind.FILED,
    MatrixColumn.REOPENED: EventKind.REOPENED,
    MatrixColumn.REACTIVATED: EventKind.REACTIVATED,
    MatrixColumn.TRANSFER_IN: EventKind.TRANSFER_IN,
    MatrixColumn.DISPOSED: EventKind.DISPOSED,
    MatrixColumn.REOPENED_DISPOSED: EventKind.REOPENED_DISPOSED,
    MatrixColumn.INACTIVATED: EventKind.INACTIVATED,
    MatrixColumn.TRANSFER_OUT: EventKind.TRANSFER_OUT,
}
CLEARANCE_KINDS: Final[Mapping[ClearanceColumn, frozenset[EventKind]]] = {
    ClearanceColumn.NUMERATOR: frozenset(
        {EventKind.DISPOSED, EventKind.REOPENED_DISPOSED, EventKind.INACTIVATED}
    ),
    ClearanceColumn.DENOMINATOR: frozenset(
        {EventKind.FILED, EventKind.REOPENED, EventKind.REACTIVATED}
    ),
    ClearanceColumn.CCR_NUMERATOR: frozenset({EventKind.DISPOSED, EventKind.REOPENED_DISPOSED}),
    ClearanceColumn.CCR_DENOMINATOR: frozenset({EventKind.FILED}),
}
FISCAL: Final = frozenset({ClearanceColumn.CCR_NUMERATOR, ClearanceColumn.CCR_DENOMINATOR})


class Dimension(StrEnum):
    """What figures can be grouped by."""

    COURT = "court"
    COURT_TYPE = "court_type"
    CATEGORY = "category"


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


def add_up(rows: Iterable[Mapping[str, int]], names: Iterable[str]) -> dict[str, int]:
    """The columns' totals."""
    totals = dict.fromkeys(names, 0)
    for row in rows:
        for name in totals:
            totals[name] += row[name]
    return totals
