"""Disposition time (CEPEJ): how long the pending cases would take at the period's pace."""

from enum import StrEnum

from pydantic import Field

from common.schemas import ResponseModel
from core_service.metrics.events import SIGNS, balance_listed, counting, events_listed
from core_service.metrics.figures import DECIMALS, add_up
from core_service.metrics.frame import Counted, Figure, Values
from core_service.metrics.lives import RESOLVED
from core_service.metrics.repository import FigureRepository, Listing, Question


class DispositionTimeColumn(StrEnum):
    """What is divided by what."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


class DispositionTimeValues(ResponseModel):
    """Pending at the end, resolved in the period, and the days that follow.

    `column=numerator` lists the pending cases, `denominator` the resolved ones.
    """

    numerator: int = Field(description="active cases pending at the period's end")
    denominator: int = Field(description="cases resolved in the period, reopened ones too")
    days_in_period: int
    value: float | None = Field(description="days; null when nothing was resolved")


class DispositionTime(Figure):
    """Pending at the end ÷ resolved in the period, times its days."""

    name = "disposition-time"
    title = "disposition time"
    text = (
        "How many days it would take to resolve the pending cases at the pace of the period: "
        "active cases pending at its end ÷ cases resolved in it, times its days (CEPEJ, calculated "
        "disposition time; for a year times 365). 50 pending and 100 resolved in a year are 182.5 "
        "days."
    )
    values = DispositionTimeValues
    columns = DispositionTimeColumn

    async def count(self, figures: FigureRepository, question: Question) -> Counted:
        by = counting(question, question.period)
        columns = {
            "numerator": by.balance(question.period.last, SIGNS),
            "denominator": by.occurrences(question.period, frozenset(RESOLVED)),
        }
        groups = await figures.grouped(question, by.statement, columns)
        days = (question.period.last - question.period.first).days + 1
        totals = add_up((group.counts for group in groups), columns)
        return Counted.of(groups, lambda counts: _days(counts, days), totals)

    def listing(self, question: Question, column: StrEnum) -> Listing:
        if column is DispositionTimeColumn.NUMERATOR:
            return balance_listed(question, SIGNS, question.period.last)
        return events_listed(question, question.period, frozenset(RESOLVED))


def _days(counts: Values, days: int) -> Values:
    pending, resolved = counts["numerator"], counts["denominator"]
    value = round(pending / resolved * days, DECIMALS) if resolved else None
    return {**counts, "days_in_period": days, "value": value}
