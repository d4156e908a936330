"""Counting the ledger's events, and the lists behind the counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    case,
    cast,
    exists,
    func,
    not_,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import col

from core_service.cases.models import Case
from core_service.ledger.models import CaseStatusEvent, EventKind
from core_service.metrics.conditions import Count, Listing, Question, Source, Statement
from core_service.metrics.figures import Period
from core_service.metrics.known import was_deleted
from core_service.metrics.states import State, states_at
from core_service.metrics.totals import TotalsCounting, is_in_totals

Event = CaseStatusEvent
Signs = Mapping[EventKind, int]

# What each kind of event does to the active pending caseload: this is the identity.
SIGNS: Final[Signs] = {
    EventKind.FILED: 1,
    EventKind.REOPENED: 1,
    EventKind.REACTIVATED: 1,
    EventKind.TRANSFER_IN: 1,
    EventKind.DISPOSED: -1,
    EventKind.REOPENED_DISPOSED: -1,
    EventKind.INACTIVATED: -1,
    EventKind.TRANSFER_OUT: -1,
}
INACTIVE_SIGNS: Final[Signs] = {
    EventKind.INACTIVATED: 1,
    EventKind.REACTIVATED: -1,
}


def known_events(question: Question) -> Statement:
    """Events as they were known and had taken effect by the moment, those of deleted cases too."""
    every: Statement = select().select_from(Event).join(Case, col(Case.id) == Event.case_id)
    return question.limited(every, event_source(question)).where(_is_known(question))


def _is_known(question: Question) -> ColumnElement[bool]:
    return and_(
        counted_on(question) <= question.moment.as_of,
        question.known(col(Event.recorded_at), col(Event.retracted_at)),
    )


def event_source(question: Question) -> Source:
    """The dimensions of events."""
    return Source(col(Event.court_id), col(Event.case_type_id), question.lead_id)


def counted_events(question: Question) -> Statement:
    """The events that count: those of cases that were not deleted then; joins `Case` where it takes
    that. Selects nothing yet.
    """
    if question.reads_cases:
        return known_events(question).where(question.not_deleted)
    deleted_case = exists().where(col(Case.id) == Event.case_id, was_deleted(None))
    source = Source(col(Event.court_id), col(Event.case_type_id), null())
    every = question.limited(select().select_from(Event), source, of_cases=False)
    return every.where(_is_known(question), not_(deleted_case.correlate_except(Case)))


def counted_on(question: Question) -> ColumnElement[date]:
    """The day that an event counts on."""
    return question.day(type_coerce(col(Event.effective_on), Date))


@dataclass(frozen=True, slots=True)
class EventCounting:
    """The counts of a question from the events themselves, as known at any moment."""

    question: Question

    @property
    def source(self) -> Source:
        return event_source(self.question)

    @property
    def statement(self) -> Statement:
        return counted_events(self.question)

    def occurrences(self, period: Period, kinds: frozenset[EventKind]) -> Count:
        """How many events of these kinds took effect in the period."""
        during = counted_on(self.question).between(period.first, period.last)
        return func.count().filter(during, col(Event.kind).in_(kinds))

    def balance(self, until: date, signs: Signs) -> Count:
        """What the events up to a day add up to."""
        total = func.sum(signed(signs)).filter(counted_on(self.question) <= until)
        return cast(func.coalesce(total, 0), Integer)


def counting(question: Question, *periods: Period) -> EventCounting | TotalsCounting:
    """How a question over these periods is counted."""
    if is_in_totals(question):
        return TotalsCounting(question, periods)
    return EventCounting(question)


def signed(signs: Signs) -> ColumnElement[int]:
    """What an event adds."""
    return case(*((col(Event.kind) == kind, sign) for kind, sign in signs.items()), else_=0)


def deleted(question: Question) -> Statement:
    """How many cases of each court are left out because they are deleted."""
    court_id = event_source(question).court_id
    counted = known_events(question).add_columns(court_id, func.count(func.distinct(Event.case_id)))
    return counted.where(question.as_known(was_deleted)).group_by(court_id)


def events_listed(question: Question, period: Period, kinds: frozenset[EventKind]) -> Listing:
    """The events of these kinds that took effect in the period, one entry each."""
    return (
        counted_events(question)
        .add_columns(
            col(Event.effective_on).label("on"),
            col(Event.id).label("entry_id"),
            col(Event.case_id).label("case_id"),
        )
        .where(
            counted_on(question).between(period.first, period.last),
            col(Event.kind).in_(kinds),
            not_(question.hidden),
        )
    )


def balance_listed(question: Question, signs: Signs, until: date) -> Listing:
    """The cases whose events by a day add up to more than nothing, one entry each."""
    stored = _stored_balance_listed(question, signs, min(until, question.moment.as_of))
    if question.is_now:
        return stored
    changed = (
        counted_events(question)
        .add_columns(
            func.max(col(Event.effective_on)).label("on"),
            col(Event.case_id).label("entry_id"),
            col(Event.case_id).label("case_id"),
        )
        .where(
            col(Event.effective_on) <= until,
            not_(question.hidden),
            question.has_changed(col(Event.case_id)),
        )
        .group_by(col(Event.case_id), col(Event.court_id))
        .having(func.sum(signed(signs)) > 0)
    )
    unchanged = stored.where(not_(question.has_changed(col(State.case_id))))
    return select(union_all(unchanged, changed).subquery("balance"))


def _stored_balance_listed(question: Question, signs: Signs, until: date) -> Listing:
    balance = col(State.inactive) if signs is INACTIVE_SIGNS else col(State.active)
    return (
        states_at(question, until)
        .add_columns(
            col(State.from_on).label("on"),
            col(State.case_id).label("entry_id"),
            col(State.case_id).label("case_id"),
        )
        .where(balance > 0, not_(question.hidden))
    )
