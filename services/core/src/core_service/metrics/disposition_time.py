"""Disposition time (CEPEJ): how long the pending cases would take at the period's pace."""

from enum import StrEnum

from pydantic import Field

from common.schemas import ResponseModel
from core_service.metrics.conditions import Count, Listing, Question
from core_service.metrics.events import SIGNS, balance_listed, events_listed
from core_service.metrics.figures import DECIMALS
from core_service.metrics.frame import Values
from core_service.metrics.lives import RESOLVED
from core_service.metrics.summing import Counting, TotalledFigure


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


class DispositionTime(TotalledFigure):
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

    def counts(self, question: Question, by: Counting) -> dict[str, Count]:
        return {
            "numerator": by.balance(question.period.last, SIGNS),
            "denominator": by.occurrences(question.period, frozenset(RESOLVED)),
        }

    def line(self, counts: Values, question: Question) -> Values:
        days = (question.period.last - question.period.first).days + 1
        pending, resolved = counts["numerator"], counts["denominator"]
        value = round(pending / resolved * days, DECIMALS) if resolved else None
        return {**counts, "days_in_period": days, "value": value}

    def listing(self, question: Question, column: StrEnum) -> Listing:
        if column is DispositionTimeColumn.NUMERATOR:
            return balance_listed(question, SIGNS, question.period.last)
        return events_listed(question, question.period, frozenset(RESOLVED))
