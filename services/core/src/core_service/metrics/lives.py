"""The life of each case at its court until a day, from the ledger's events: since when it is there,
whether it is pending, and for how many days it was inactive.

All of it is as known at the question's moment. Days of sealed cases that the caller may not see
are the ends of their months, so that no length of time says more.
"""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlmodel import col

from core_service.cases.models import Case
from core_service.ledger.models import EventKind
from core_service.metrics.conditions import Question, Source, Statement
from core_service.metrics.events import (
    INACTIVE_SIGNS,
    SIGNS,
    Event,
    counted_events,
    counted_on,
    signed,
)
from core_service.metrics.states import State, is_stored, states_at, stored_life

RESOLVED: Final = (EventKind.DISPOSED, EventKind.REOPENED_DISPOSED)


@dataclass(frozen=True, slots=True)
class Lives:
    """One row for each case and court, limited to the question."""

    statement: Statement
    until: date
    columns: Any

    @property
    def active(self) -> ColumnElement[bool]:
        """Pending and on the active docket."""
        condition: ColumnElement[bool] = self.columns.active > 0
        return condition

    @property
    def pending(self) -> ColumnElement[bool]:
        """Pending, on the active docket or inactive."""
        condition: ColumnElement[bool] = self.columns.active + self.columns.inactive > 0
        return condition

    @property
    def age(self) -> ColumnElement[int]:
        """Days since the case came to the court."""
        days: ColumnElement[int] = literal(self.until, Date) - self.columns.began_on
        return days

    @property
    def active_age(self) -> ColumnElement[int]:
        """The same without the days on which it was inactive."""
        days: ColumnElement[int] = self.age - self.columns.inactive_days
        return days


def end(question: Question) -> date:
    """The last day that counts: of the period, or before it the day as of which is asked."""
    return min(question.period.last, question.moment.as_of)


def lives(question: Question) -> Lives:
    """Of all cases that had come by the end, but for those that were closed long ago; joins `Case`
    where the question reads cases.
    """
    until = end(question)
    if is_stored(question):
        stored = states_at(question, until)
        return Lives(stored, until, SimpleNamespace(**stored_life(until)))
    each = _known_lives(question, until).subquery("lives")
    statement: Statement = select().select_from(each).join(Case, col(Case.id) == each.c.case_id)
    source = Source(each.c.court_id, each.c.case_type_id, question.lead_id)
    return Lives(question.limited(statement, source), until, each.c)


def _known_lives(question: Question, until: date) -> Any:
    """From the states, where these say it; from the events of then, or of what counts by months."""
    columns = [column.label(name) for name, column in stored_life(until).items()]
    stored, of_events = states_at(question, until).add_columns(*columns), _by_case(question, until)
    hidden = question.hidden
    return union_all(
        stored.where(not_(or_(hidden, question.has_changed(col(State.case_id))))),
        of_events.where(or_(hidden, question.has_changed(col(Event.case_id)))),
    )


def _by_case(question: Question, until: date) -> Statement:
    on = counted_on(question)
    return (
        counted_events(question)
        .add_columns(
            col(Event.case_id).label("case_id"),
            col(Event.court_id).label("court_id"),
            col(Event.case_type_id).label("case_type_id"),
            func.min(on).label("began_on"),
            func.sum(signed(SIGNS)).label("active"),
            func.sum(signed(INACTIVE_SIGNS)).label("inactive"),
            inactive_days(on, literal(until, Date)).label("inactive_days"),
        )
        .where(on <= until)
        .group_by(col(Event.case_id), col(Event.court_id), col(Event.case_type_id))
    )


def inactive_days(on: Any, until: Any) -> ColumnElement[int]:
    """From each day that a case became inactive to the day it came back, or until the day given."""
    days = cast(until - on, Integer)
    signs = case(*((col(Event.kind) == kind, sign) for kind, sign in INACTIVE_SIGNS.items()))
    counts = and_(on <= until, col(Event.kind).in_(INACTIVE_SIGNS))
    return cast(func.coalesce(func.sum(days * signs).filter(counts), 0), Integer)
