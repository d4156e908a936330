"""Time to disposition (CourTools 3): which part of cases was disposed of within its standard."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.cases.models import Case
from core_service.ledger.models import EventKind
from core_service.metrics.conditions import Count, Question, Source, Statement
from core_service.metrics.counting import CountedFigure, Rows, excluded
from core_service.metrics.events import Event, counted_events, counted_on
from core_service.metrics.frame import Excluded, RatioRead, Values, percentile, ratio
from core_service.metrics.lives import inactive_days
from core_service.metrics.standards import with_standard
from core_service.metrics.states import State, inactive_days_until, is_stored, states_from
from core_service.reference.measures import TimeMeasure


class TimeToDispositionColumn(StrEnum):
    """Which disposals."""

    DISPOSED = "disposed"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


class TimeToDispositionValues(ResponseModel):
    """Of the cases disposed of for the first time: how many within the standard, and their days.

    A percentile is the number of days within which so many percent of the cases were finished, one
    of theirs: nothing is interpolated. The link lists `column=disposed`; `numerator` are those
    within their standard, `denominator` those that have one.
    """

    disposed: int
    within_standard: RatioRead
    median: int | None = Field(description="days; null without cases")
    p75: int | None
    p90: int | None
    p98: int | None


class TimeToDisposition(CountedFigure):
    """Days = disposed - filed - inactive days."""

    name = "time-to-disposition"
    title = "time to disposition"
    text = (
        "Of the cases disposed of in the period, the part that was within the time standard in "
        "force on that day (CourTools 3), and their days. Days = disposed - filed - inactive days: "
        "time in which the court could not go on does not count. A case that a transfer brought "
        "counts from its arrival. A reopened case counts by its first disposal alone. Cases "
        "without a standard are left out of the rate and counted in `excluded`. A case filed on "
        "1 January, inactive for February and disposed of on 31 March took 90 - 28 - 1 = 61 days."
    )
    values = TimeToDispositionValues
    columns = TimeToDispositionColumn

    def rows(self, question: Question) -> Rows:
        ends = _disposals(question).subquery("ends")
        statement: Statement = select().select_from(ends).join(Case, col(Case.id) == ends.c.case_id)
        source = Source(ends.c.court_id, ends.c.case_type_id, question.lead_id)
        first = ends.c.kind == EventKind.DISPOSED
        again = func.count().filter(~first)
        found = _Disposals(ends.c.on, ends.c.id, ends.c.case_id, first, ends.c.days, again)
        return found.rows(question, question.limited(statement, source))

    def counted(self, question: Question) -> Rows:
        if not is_stored(question):
            return self.rows(question)
        on, case_id = col(State.from_on), col(State.case_id)
        first, days = col(State.disposed) > 0, on - col(State.began_on) - inactive_days_until(on)
        again = func.coalesce(func.sum(col(State.disposed_again)), 0)
        found = _Disposals(on, case_id, case_id, first, days, again)
        disposed = or_(first, col(State.disposed_again) > 0)
        return found.rows(question, states_from(question).where(disposed))

    def line(self, counts: Values, question: Question) -> Values:
        days = sorted(counts["days"])
        return {
            "disposed": counts["disposed"],
            "within_standard": ratio(counts["numerator"], counts["denominator"]),
            "median": percentile(50, days),
            **{f"p{each}": percentile(each, days) for each in (75, 90, 98)},
        }

    def excluded(self, totals: Values) -> list[Excluded]:
        return excluded(totals, reopened="disposed-again", unmeasured="without-standard")


@dataclass(frozen=True, slots=True)
class _Disposals:
    """Columns of disposals: whether it is the case's first, its days, and how many are not."""

    on: Any
    entry_id: Any
    case_id: Any
    first: ColumnElement[bool]
    days: Any
    again: Count

    def rows(self, question: Question, statement: Statement) -> Rows:
        """Those of a `limited` statement, each with its standard."""
        first, days = self.first, self.days
        measure = TimeMeasure.FILING_TO_DISPOSITION
        measured, standard = with_standard(question, statement, self.on, measure)
        return Rows(
            measured,
            self.on,
            self.entry_id,
            self.case_id,
            {
                TimeToDispositionColumn.DISPOSED: first,
                TimeToDispositionColumn.NUMERATOR: and_(first, days <= standard),
                TimeToDispositionColumn.DENOMINATOR: and_(first, standard.is_not(None)),
            },
            {
                "reopened": self.again,
                "unmeasured": func.count().filter(first, standard.is_(None)),
            },
            {"days": (days, first)},
        )


def _disposals(question: Question) -> Statement:
    """The disposals of the period, each with the days that the case had taken."""
    on, period = counted_on(question), question.period
    kinds = (EventKind.DISPOSED, EventKind.REOPENED_DISPOSED)
    found = (
        counted_events(question)
        .add_columns(
            col(Event.id).label("id"),
            col(Event.kind).label("kind"),
            col(Event.case_id).label("case_id"),
            col(Event.court_id).label("court_id"),
            col(Event.case_type_id).label("case_type_id"),
            on.label("on"),
        )
        .where(on.between(period.first, period.last), col(Event.kind).in_(kinds))
        .subquery("disposals")
    )
    # The courts, the types and the case itself have been looked at for the disposal.
    history = (
        select((found.c.on - func.min(on) - inactive_days(on, found.c.on)).label("days"))
        .select_from(Event)
        .join(Case, col(Case.id) == Event.case_id)
        .where(
            question.known(col(Event.recorded_at), col(Event.retracted_at)),
            col(Event.case_id) == found.c.case_id,
            col(Event.court_id) == found.c.court_id,
            on <= found.c.on,
        )
        .lateral("history")
    )
    return select(found, history.c.days).select_from(found).join(history, and_(True))
