"""The caseload matrix (NCSC/COSCA State Court Guide)."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from common.schemas import ResponseModel
from core_service.ledger.models import EventKind
from core_service.metrics.conditions import Count, Listing, Question
from core_service.metrics.events import (
    INACTIVE_SIGNS,
    SIGNS,
    balance_listed,
    events_listed,
)
from core_service.metrics.figures import Period
from core_service.metrics.frame import Values
from core_service.metrics.summing import Counting, TotalledFigure


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


class MatrixValues(ResponseModel):
    """The caseload matrix of the NCSC/COSCA State Court Guide.

    end_active = begin_active + new + reopened + reactivated + transfer_in - disposed -
    reopened_disposed - inactivated - transfer_out. The link lists `column=end_active`; put another
    column there for the cases behind that one.
    """

    begin_active: int
    new: int
    reopened: int
    reactivated: int
    transfer_in: int
    disposed: int
    reopened_disposed: int
    inactivated: int
    transfer_out: int
    end_active: int
    end_inactive: int


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


class Matrix(TotalledFigure):
    """Pending at the beginning, what came, what went, pending at the end."""

    name = "matrix"
    title = "caseload matrix"
    text = (
        "Pending at the beginning, what came, what went, pending at the end: of your courts, by "
        "group. Counted from the ledger of status events, as of a day and as known on a day, so "
        "that a figure that was published can be produced again."
    )
    values = MatrixValues
    columns = MatrixColumn

    @property
    def shown(self) -> MatrixColumn:
        return MatrixColumn.END_ACTIVE

    def counts(self, question: Question, by: Counting) -> dict[str, Count]:
        """The eleven, each computed separately, so that the balance is a check and not a sum."""
        period = question.period
        flows = {
            column.value: by.occurrences(period, frozenset({kind}))
            for column, kind in FLOWS.items()
        }
        return {
            MatrixColumn.BEGIN_ACTIVE.value: by.balance(_day_before(period), SIGNS),
            **flows,
            MatrixColumn.END_ACTIVE.value: by.balance(period.last, SIGNS),
            MatrixColumn.END_INACTIVE.value: by.balance(period.last, INACTIVE_SIGNS),
        }

    def line(self, counts: Values, question: Question) -> Values:
        return counts

    def listing(self, question: Question, column: StrEnum) -> Listing:
        wanted, period = MatrixColumn(column), question.period
        if wanted in FLOWS:
            return events_listed(question, period, frozenset({FLOWS[wanted]}))
        if wanted is MatrixColumn.BEGIN_ACTIVE:
            return balance_listed(question, SIGNS, _day_before(period))
        signs = INACTIVE_SIGNS if wanted is MatrixColumn.END_INACTIVE else SIGNS
        return balance_listed(question, signs, period.last)


def _day_before(period: Period) -> date:
    return period.first - timedelta(days=1)
