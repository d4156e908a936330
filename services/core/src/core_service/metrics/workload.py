"""Weighted caseload (NCSC): how many judges the filings need."""

from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import Integer, Numeric, cast, distinct, func, true
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.ledger.models import EventKind
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.counting import CountedFigure, Rows, excluded
from core_service.metrics.events import Event, counted_events, counted_on
from core_service.metrics.figures import DECIMALS
from core_service.metrics.frame import Excluded, Values
from core_service.metrics.standards import with_weight
from core_service.metrics.states import State, is_stored, states_from


class WorkloadColumn(StrEnum):
    """Which filings."""

    FILINGS = "filings"
    WEIGHTED = "weighted"


class WorkloadValues(ResponseModel):
    """Filings, the minutes of judges that they take, and how many judges that is.

    The link lists `column=filings`; `weighted` lists those that have a weight.
    """

    filings: int
    weighted: int
    numerator: int = Field(description="minutes: each filing times its weight")
    denominator: int | None = Field(
        description="minutes of a judge's year; null where weights of several studies meet"
    )
    value: float | None = Field(description="judges needed; null without a weighted filing")


class Workload(CountedFigure):
    """Filings times weight by judge-year."""

    name = "workload"
    title = "weighted caseload"
    text = (
        "How many judges the filings of the period need: the sum of filings times their case "
        "weight in minutes, by the minutes of a judge-year (NCSC, weighted caseload). Weights are "
        "rows with a source (`/case-weights`), in force on the day of filing. Ask for a year: "
        "a shorter period is not scaled up. Filings without a weight are in `excluded`. 100 "
        "filings of 480 minutes and 500 of 22 are 59,000 minutes; by 77,400 a year, 0.76 judges."
    )
    values = WorkloadValues
    columns = WorkloadColumn

    def rows(self, question: Question) -> Rows:
        on, period = counted_on(question), question.period
        filings = counted_events(question).where(
            col(Event.kind) == EventKind.FILED, on.between(period.first, period.last)
        )
        return _weighed(question, filings, on, col(Event.id), col(Event.case_id))

    def counted(self, question: Question) -> Rows:
        if not is_stored(question):
            return self.rows(question)
        filings = states_from(question).where(col(State.filed) > 0)
        case_id = col(State.case_id)
        return _weighed(question, filings, col(State.from_on), case_id, case_id)

    def line(self, counts: Values, question: Question) -> Values:
        years = set(counts["years"])
        return {
            "filings": counts["filings"],
            "weighted": counts["weighted"],
            "numerator": counts["minutes"],
            "denominator": years.pop() if len(years) == 1 else None,
            "value": round(float(counts["judges"]), DECIMALS) if counts["weighted"] else None,
        }

    def excluded(self, totals: Values) -> list[Excluded]:
        return excluded(totals, unweighted="without-weight")


def _weighed(question: Question, filings: Statement, on: Any, entry_id: Any, case_id: Any) -> Rows:
    """Rows of filings, each with its weight."""
    weighed, weight = with_weight(question, filings, on)
    minutes, year = weight.minutes, weight.judge_year_minutes
    return Rows(
        weighed,
        on,
        entry_id,
        case_id,
        {WorkloadColumn.FILINGS: true(), WorkloadColumn.WEIGHTED: minutes.is_not(None)},
        {
            "minutes": cast(func.coalesce(func.sum(minutes), 0), Integer),
            "judges": func.coalesce(func.sum(cast(minutes, Numeric) / year), 0),
            "unweighted": func.count().filter(minutes.is_(None)),
        },
        {"years": (distinct(year), minutes.is_not(None))},
    )
