"""What cases were on a day, from the states that triggers keep (migration 0032): what a figure or
a list of pending cases costs does not grow with the history.

They say what is known now, and of cases that have not changed since, what was known earlier. Of
others that follows from the events, and so does what the caller may not see and counts by months.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, cast, literal, null, or_, select
from sqlmodel import col

from core_service.cases.models import Case
from core_service.metrics.conditions import Question, Source, Statement
from core_service.metrics.models import CaseloadState

State = CaseloadState
# From which `inactive_offset` counts.
EPOCH: Final = date(1900, 1, 1)


def is_stored(question: Question) -> bool:
    """Whether the states say all that the question is about."""
    return question.is_now and not question.hides_sealed


def states(question: Question) -> Statement:
    """The states of the cases that count; joins `Case` where it takes that. Selects nothing yet."""
    with_cases = question.asks_for_judges or question.hides_sealed
    every: Statement = select().select_from(State)
    if with_cases:
        every = every.join(Case, col(Case.id) == State.case_id)
    lead_id = question.lead_id if with_cases else null()
    source = Source(col(State.court_id), col(State.case_type_id), lead_id)
    return question.limited(every, source, of_cases=with_cases)


def states_at(question: Question, until: date) -> Statement:
    """Those at the end of a day, of cases that are pending or inactive then."""
    return states(question).where(
        or_(col(State.active) > 0, col(State.inactive) > 0),
        col(State.from_on) <= until,
        col(State.until_on) > until,
    )


def states_from(question: Question) -> Statement:
    """Those that began in the period, by events that took effect on their first days."""
    period, on = question.period, col(State.from_on)
    during = on.between(period.first, min(period.last, question.moment.as_of))
    return states(question).where(during)


def inactive_days_until(day: Any) -> ColumnElement[int]:
    """For how many days a case had been inactive on a day of its state."""
    since = cast(day - literal(EPOCH, Date), Integer)
    return col(State.inactive) * since - col(State.inactive_offset)


def stored_life(until: date) -> dict[str, Any]:
    """The columns of a life until a day, of a state."""
    names = ("case_id", "court_id", "case_type_id", "began_on", "active", "inactive")
    days = inactive_days_until(literal(until, Date))
    return {**{name: col(getattr(State, name)) for name in names}, "inactive_days": days}
