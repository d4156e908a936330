"""Counting events: one statement for each figure, and one for the list behind each column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.courts import within
from core_service.access.reach import filtered
from core_service.cases.models import Case
from core_service.cases.visibility import Visibility
from core_service.ledger.models import CaseStatusEvent, EventKind
from core_service.metrics.figures import (
    FLOWS,
    INACTIVE_SIGNS,
    SIGNS,
    Dimension,
    MatrixColumn,
    Moment,
    Period,
    Selection,
)
from core_service.reference.models import CaseCategory, CaseType, Court

Event = CaseStatusEvent
Count = ColumnElement[int]

_GROUPS: Final[Mapping[Dimension, tuple[Any, ...]]] = {
    Dimension.COURT: (col(Court.id), col(Court.code), col(Court.name)),
    Dimension.COURT_TYPE: (col(Court.court_type),),
    Dimension.CATEGORY: (col(CaseCategory.id), col(CaseCategory.code), col(CaseCategory.name)),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Whose events are counted, and as of which moment."""

    moment: Moment
    selection: Selection
    seen: Visibility

    @property
    def hidden(self) -> ColumnElement[bool]:
        """The condition that the caller may not see the case because it is sealed."""
        if not self.seen.hides_sealed(self.selection.court_id):
            return false()
        return and_(col(Case.sealed).is_(True), not_(within(Case.court_id, self.seen.sealed)))

    @property
    def on(self) -> ColumnElement[date]:
        """The day that an event counts on: what the caller may not see, at its month's end."""
        effective_on = type_coerce(col(Event.effective_on), Date)
        if not self.seen.hides_sealed(self.selection.court_id):
            return effective_on
        return case((self.hidden, cast(_month_end(effective_on), Date)), else_=effective_on)

    def as_known(
        self, condition: Callable[[datetime | None], ColumnElement[bool]]
    ) -> ColumnElement[bool]:
        """A condition as known at the moment; at its month's end on what the caller may not see."""
        moment = self.moment
        if moment.known_at == moment.month_known_at or not self.seen.hides_sealed():
            return condition(moment.known_at)
        hidden, by_month = self.hidden, condition(moment.month_known_at)
        return or_(
            and_(not_(hidden), condition(moment.known_at)),
            and_(hidden, by_month),
        )


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """One line of an answer: what each dimension is, and the counts by column."""

    keys: Mapping[Dimension, tuple[Any, ...]]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a list behind a figure; `on` and `entry_id` order the list."""

    on: date
    entry_id: UUID
    case_id: UUID


Statement = Select[*tuple[Any, ...]]
Listing = Statement


@dataclass(frozen=True, slots=True)
class FigureRepository:
    """Counts and lists over the ledger."""

    session: AsyncSession

    async def grouped(
        self, question: Question, group_by: Sequence[Dimension], columns: Mapping[str, Count]
    ) -> Sequence[CountedGroup]:
        """Count all columns in one pass over the events, by group."""
        keys = [column for dimension in group_by for column in _GROUPS[dimension]]
        counts = [count.label(name) for name, count in columns.items()]
        counted: Statement = select(*keys, *counts)
        statement = _events(counted, question).group_by(*keys)
        by_name = [_GROUPS[dimension][-1] for dimension in group_by]
        rows = await self._rows(statement.order_by(*by_name))
        return [_counted_group(row, group_by, columns) for row in rows]

    async def deleted(self, question: Question) -> int:
        """How many cases are left out because they are deleted."""
        counted: Statement = select(func.count(func.distinct(Event.case_id)))
        deleted = question.as_known(_deleted)
        return int((await self._rows(_known(counted, question).where(deleted)))[0][0])

    async def listed(
        self, listing: Listing, after: tuple[date, UUID] | None, limit: int
    ) -> Sequence[Place]:
        """A slice of a list that begins after `after`."""
        entries = listing.subquery()
        order = tuple_(entries.c.on, entries.c.entry_id)
        statement = select(entries).order_by(entries.c.on, entries.c.entry_id).limit(limit)
        if after is not None:
            statement = statement.where(order > tuple_(*after))
        return [Place(*row) for row in await self._rows(statement)]

    async def length(self, listing: Listing) -> int:
        """How long a list is."""
        counted = select(func.count()).select_from(listing.subquery())
        return int((await self._rows(counted))[0][0])

    async def _rows(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        # The columns differ from question to question, so these rows are no models.
        # Each is counted within the courts of its question; sealed cases count.
        connection = await self.session.connection()
        return [tuple(row) for row in await connection.execute(filtered(statement))]


def matrix_columns(question: Question, period: Period) -> dict[str, Count]:
    """The eleven counts, each computed separately, so that the balance is a check and not a sum."""
    begun = question.on < period.first
    over = question.on <= period.last
    flows = {
        column.value: occurrences(question, period, frozenset({kind}))
        for column, kind in FLOWS.items()
    }
    return {
        MatrixColumn.BEGIN_ACTIVE.value: _balance(begun, SIGNS),
        **flows,
        MatrixColumn.END_ACTIVE.value: _balance(over, SIGNS),
        MatrixColumn.END_INACTIVE.value: _balance(over, INACTIVE_SIGNS),
    }


def occurrences(question: Question, period: Period, kinds: frozenset[EventKind]) -> Count:
    """How many events of these kinds took effect in the period."""
    during = question.on.between(period.first, period.last)
    return func.count().filter(during, col(Event.kind).in_(kinds))


def events_listed(question: Question, period: Period, kinds: frozenset[EventKind]) -> Listing:
    """The events that `occurrences` counts, one entry each."""
    entries: Statement = select(
        col(Event.effective_on).label("on"),
        col(Event.id).label("entry_id"),
        col(Event.case_id).label("case_id"),
    )
    return _events(entries, question).where(
        question.on.between(period.first, period.last),
        col(Event.kind).in_(kinds),
        not_(question.hidden),
    )


def balance_listed(question: Question, column: MatrixColumn, period: Period) -> Listing:
    """The cases that are pending at the period's begin or end, one entry each."""
    signs = INACTIVE_SIGNS if column is MatrixColumn.END_INACTIVE else SIGNS
    effective_on = col(Event.effective_on)
    at_begin = column is MatrixColumn.BEGIN_ACTIVE
    entries: Statement = select(
        func.max(effective_on).label("on"),
        col(Event.case_id).label("entry_id"),
        col(Event.case_id).label("case_id"),
    )
    return (
        _events(entries, question)
        .where(
            effective_on < period.first if at_begin else effective_on <= period.last,
            not_(question.hidden),
        )
        .group_by(col(Event.case_id), col(Event.court_id))
        .having(func.sum(_signed(signs)) > 0)
    )


def _known(statement: Statement, question: Question) -> Statement:
    """The events of the selected cases, as they were known and had taken effect by then."""
    selection = question.selection
    wanted: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
        (selection.court_id, lambda value: col(Event.court_id) == value),
        (selection.court_type, lambda value: col(Court.court_type) == value),
        (selection.category_id, lambda value: col(CaseType.category_id) == value),
    ]
    return (
        statement.select_from(Event)
        .join(Case, col(Case.id) == Event.case_id)
        .join(CaseType, col(CaseType.id) == Case.case_type_id)
        .join(CaseCategory, col(CaseCategory.id) == CaseType.category_id)
        .join(Court, col(Court.id) == Event.court_id)
        .where(
            within(Event.court_id, question.seen.courts),
            question.on <= question.moment.as_of,
            question.as_known(_known_by),
            *(build(value) for value, build in wanted if value is not None),
        )
    )


def _known_by(at: datetime | None) -> ColumnElement[bool]:
    """The condition that an event was known and not retracted at the moment of the query."""
    if at is None:
        return col(Event.retracted_at).is_(None)
    return and_(
        col(Event.recorded_at) <= at,
        or_(col(Event.retracted_at).is_(None), col(Event.retracted_at) > at),
    )


def _deleted(at: datetime | None) -> ColumnElement[bool]:
    """The condition that a case was deleted at the moment of the query."""
    deleted_at = col(Case.deleted_at)
    return (
        deleted_at.is_not(None) if at is None else and_(deleted_at.is_not(None), deleted_at <= at)
    )


def _events(statement: Statement, question: Question) -> Statement:
    """The events that count: those of cases that were not deleted then."""
    return _known(statement, question).where(not_(question.as_known(_deleted)))


def _month_end(day: Any) -> Any:
    return func.date_trunc("month", day) + text("interval '1 month - 1 day'")


def _signed(signs: Mapping[EventKind, int]) -> ColumnElement[int]:
    return case(*((col(Event.kind) == kind, sign) for kind, sign in signs.items()), else_=0)


def _balance(when: ColumnElement[bool], signs: Mapping[EventKind, int]) -> Count:
    return cast(func.coalesce(func.sum(_signed(signs)).filter(when), 0), Integer)


def _counted_group(
    row: tuple[Any, ...], group_by: Sequence[Dimension], columns: Mapping[str, Count]
) -> CountedGroup:
    keys: dict[Dimension, tuple[Any, ...]] = {}
    rest = row
    for dimension in group_by:
        width = len(_GROUPS[dimension])
        keys[dimension], rest = rest[:width], rest[width:]
    return CountedGroup(keys, dict(zip(columns, rest, strict=True)))
