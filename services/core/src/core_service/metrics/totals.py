"""Counting from the totals that triggers keep: what a figure costs does not grow with the history.

A cell says how many events of a kind took effect, with a day that stands for its days: none of the
bounds of the question divides them. What lies before the question is not read: the balance at a day
is that of all days, whose cell has no day, less what came later.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import product
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from core_service.access.courts import within
from core_service.cases.models import Case
from core_service.ledger.models import CaseStatusEvent, EventKind
from core_service.metrics.conditions import Count, Question, Source, Statement, month_end_of
from core_service.metrics.cover import BEGINNING, END, Stretch, cover
from core_service.metrics.figures import Period
from core_service.metrics.models import CaseloadDelta, CaseloadTotal, Level

Event = CaseStatusEvent
ONE_DAY: Final = timedelta(days=1)
# A question that begins earlier reads from the beginning instead of back from today.
RECENT_YEARS: Final = 10
LONG_AGO: Final = timedelta(days=400)


@dataclass(frozen=True)
class TotalsCounting:
    """The counts of a question over these periods; see `is_in_totals`."""

    question: Question
    periods: Sequence[Period]

    @property
    def source(self) -> Source:
        cells = self._cells.c
        return Source(cells.court_id, cells.case_type_id, null())

    @cached_property
    def statement(self) -> Statement:
        """The cells that count. Selects nothing yet."""
        cells = select().select_from(self._cells)
        return self.question.limited(cells, self.source, of_cases=False)

    def occurrences(self, period: Period, kinds: frozenset[EventKind]) -> Count:
        """How many events of these kinds took effect in the period."""
        cells, last = self._cells.c, min(period.last, self.question.moment.as_of)
        during = and_(cells.day.between(period.first, last), cells.kind.in_(sorted(kinds)))
        return _sum(cells.n, during)

    def balance(self, until: date, signs: Any) -> Count:
        """What the events up to a day add up to."""
        cells, last = self._cells.c, min(until, self.question.moment.as_of)
        signed = case(*((cells.kind == kind, sign) for kind, sign in signs.items()), else_=0)
        if self._from_beginning:
            return _sum(signed * cells.n, cells.day <= last)
        ever = _sum(signed * cells.n, cells.day.is_(None))
        return ever - _sum(signed * cells.n, cells.day > last)

    @cached_property
    def _bounds(self) -> list[date]:
        as_of = self.question.moment.as_of
        inner = [day for each in self.periods for day in (each.first, each.last + ONE_DAY)]
        return sorted(min(day, as_of + ONE_DAY) for day in inner)

    @property
    def _from_beginning(self) -> bool:
        return self._bounds[0].year < self.question.query.today.year - RECENT_YEARS

    @cached_property
    def _cells(self) -> Any:
        bounds = [BEGINNING, *self._bounds] if self._from_beginning else [*self._bounds, END]
        covered = cover(bounds)
        parts = [_totals(level, stretches) for level, stretches in covered.totals if stretches]
        parts += [_deltas([*covered.months, *covered.halves])]
        if not self._from_beginning:
            parts += [_ever(), _deltas_ever()]
        if covered.days:
            parts.append(_days(covered.days))
        if self.question.follows_seals:
            parts += _sealed(self.question)
        if self.question.moment.known_at is not None:
            parts += _changed_since(self.question.moment.known_at, ever=not self._from_beginning)
        courts = self.question.courts
        return union_all(*(part.where(within(column, courts)) for part, column in parts)).subquery(
            "cells"
        )


Part = tuple[Statement, Any]


def is_in_totals(question: Question) -> bool:
    """Whether totals answer it: without judges, and as known now or not long ago.

    What was known earlier is what is known now less what has changed since, which is little.
    """
    if question.asks_for_judges:
        return False
    if question.moment.known_at is None:
        return True
    if question.follows_seals:
        return False
    return question.moment.known_at.date() > question.query.today - LONG_AGO


def _totals(level: Level, stretches: Iterable[Stretch]) -> Part:
    starts_on = col(CaseloadTotal.starts_on)
    columns = _columns(CaseloadTotal, starts_on, col(CaseloadTotal.count))
    wanted = select(*columns).where(col(CaseloadTotal.level) == level, _in(starts_on, stretches))
    return wanted, CaseloadTotal.court_id


def _ever() -> Part:
    columns = _columns(CaseloadTotal, cast(null(), Date), col(CaseloadTotal.count))
    return select(*columns).where(col(CaseloadTotal.level) == Level.EVER), CaseloadTotal.court_id


def _deltas(stretches: Iterable[Stretch]) -> Part:
    day = col(CaseloadDelta.effective_on)
    columns = _columns(CaseloadDelta, day, col(CaseloadDelta.count))
    return select(*columns).where(_in(day, stretches)), CaseloadDelta.court_id


def _deltas_ever() -> Part:
    columns = _columns(CaseloadDelta, cast(null(), Date), col(CaseloadDelta.count))
    return select(*columns), CaseloadDelta.court_id


def _days(stretches: Iterable[Stretch]) -> Part:
    """Live events themselves, of cases that are not deleted."""
    day = col(Event.effective_on)
    columns = _columns(Event, day, cast(literal(1), BigInteger))
    return select(*columns).where(_in(day, stretches), _is_live()), Event.court_id


def _sealed(question: Question) -> Iterator[Part]:
    """Moves the events of cases that the caller may not see to the ends of their months."""
    day = col(Event.effective_on)
    for moved, count in ((day, -1), (cast(month_end_of(day), Date), 1)):
        columns = _columns(Event, moved, cast(literal(count), BigInteger))
        sealed = select(*columns).join(Case, col(Case.id) == Event.case_id)
        yield sealed.where(_is_live(), question.hidden), Event.court_id


def _changed_since(known_at: datetime, *, ever: bool) -> Iterator[Part]:
    """Undoes what was recorded, retracted, deleted or restored after a moment."""
    recorded_at, retracted_at = col(Event.recorded_at), col(Event.retracted_at)
    deleted_at = col(Case.deleted_at)
    was_known, is_known = recorded_at <= known_at, retracted_at.is_(None)
    was_deleted = and_(deleted_at.is_not(None), deleted_at <= known_at)
    changes = (
        (-1, and_(recorded_at > known_at, is_known, deleted_at.is_(None))),
        (1, and_(retracted_at > known_at, was_known, not_(was_deleted))),
        (1, and_(deleted_at > known_at, was_known, is_known)),
    )
    days = [col(Event.effective_on), *([cast(null(), Date)] if ever else [])]
    for (count, changed), day in product(changes, days):
        columns = _columns(Event, day, cast(literal(count), BigInteger))
        part = select(*columns).join(Case, col(Case.id) == Event.case_id).where(changed)
        yield part, Event.court_id


def _is_live() -> ColumnElement[bool]:
    other: Any = aliased(Case)
    deleted = exists().where(other.id == Event.case_id, other.deleted_at.is_not(None))
    return and_(col(Event.retracted_at).is_(None), ~deleted)


def _columns(table: Any, day: Any, count: Any) -> list[Any]:
    return [
        col(table.court_id).label("court_id"),
        col(table.case_type_id).label("case_type_id"),
        col(table.kind).label("kind"),
        day.label("day"),
        count.label("n"),
    ]


def _in(day: Any, stretches: Iterable[Stretch]) -> ColumnElement[bool]:
    return or_(*(and_(day >= each.first, day < each.until) for each in stretches))


def _sum(values: Any, when: ColumnElement[bool]) -> Count:
    return cast(func.coalesce(func.sum(values).filter(when), 0), BigInteger)
