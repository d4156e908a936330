"""Statements that all figures share: counts by group, and slices of lists."""

from array import array
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

from psycopg.errors import QueryCanceled
from sqlalchemy import (
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.courts import within
from core_service.access.reach import filtered
from core_service.metrics.conditions import SOURCE, Listing, Question, Source, Statement
from core_service.metrics.figures import Dimension
from core_service.metrics.frame import Measures, Row, Values
from core_service.metrics.questions import Keys
from core_service.reference.models import CaseCategory, CaseType, Court, Judge

# The table that names what a line is, and the columns that answers show of it.
_NAMES: Final[Mapping[Dimension, tuple[type[SQLModel], tuple[str, ...]]]] = {
    Dimension.COURT: (Court, ("code", "name")),
    Dimension.CATEGORY: (CaseCategory, ("code", "name")),
    Dimension.CASE_TYPE: (CaseType, ("code", "name")),
    Dimension.JUDGE: (Judge, ("display_name",)),
}


T = TypeVar("T")
Ids = tuple[Any, ...]  # of a group: what each dimension is
Groups = Mapping[Ids, Values]


@dataclass(frozen=True, slots=True)
class Names:
    """What answers show of each ID, and in which order; both are the database's to say."""

    shown: Mapping[Dimension, Mapping[Any, tuple[int, tuple[Any, ...]]]]

    def keys(self, dimensions: Sequence[Dimension], ids: Ids) -> Keys:
        """The columns of a group's names."""
        return {
            each: (key, *self._of(each, key)[1]) for each, key in zip(dimensions, ids, strict=True)
        }

    def order(self, dimensions: Sequence[Dimension], ids: Ids) -> tuple[Any, ...]:
        """Where a group's line is: by names, nothing last."""
        return tuple(
            self._of(each, key)[0] if each in self.shown else key
            for each, key in zip(dimensions, ids, strict=True)
        )

    def _of(self, dimension: Dimension, key: Any) -> tuple[int, tuple[Any, ...]]:
        if dimension not in self.shown:
            return 0, ()
        names = self.shown[dimension]
        return names.get(key) or (len(names), (None,) * len(_NAMES[dimension][1]))


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a list behind a figure; `on` and `entry_id` order the list."""

    on: date
    entry_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class FigureRepository:
    """Counts and lists for one caller's question."""

    session: AsyncSession

    async def plan_each(self) -> None:
        """Let each statement of this view be planned for its own courts and days.

        After a few runs Postgres would plan once for all, and that took up to 20 times as long.
        """
        mode = func.set_config("plan_cache_mode", "force_custom_plan", True)
        await (await self.session.connection()).execute(select(mode))

    async def tallied(self, question: Question, measures: Measures) -> Mapping[UUID, Groups]:
        """What is measured, by court and by the groups of the question."""
        source: Source = measures.statement.get_execution_options()[SOURCE]
        keys = [source.court_id, *(question.keys(each, source) for each in question.group_by)]
        columns = [*keys, *measures.sums.values(), *measures.joined.values()]
        rows = await self.rows(measures.statement.add_columns(*columns).group_by(*keys))
        found: dict[UUID, dict[Ids, Values]] = {}
        for court_id, *row in rows:
            values = iter(row)
            ids = tuple(islice(values, len(question.group_by)))
            sums = {name: next(values) for name in measures.sums}
            joined = {name: array("i", sorted(next(values) or ())) for name in measures.joined}
            found.setdefault(court_id, {})[ids] = sums | joined
        return found

    async def by_court(self, statement: Statement) -> dict[UUID, list[Row]]:
        """The rows of a statement that is `limited`, by the court that its first column is."""
        found: dict[UUID, list[Row]] = {}
        for court_id, *row in await self.rows(statement):
            found.setdefault(court_id, []).append(tuple(row))
        return found

    async def courts(self, question: Question) -> frozenset[UUID]:
        """Those that the question is about."""
        courts: Statement = select(col(Court.id)).where(within(Court.id, question.courts))
        return frozenset(court_id for (court_id,) in await self.rows(courts))

    async def names(self, question: Question) -> Names:
        """Those of all that the question may be grouped by."""
        shown = {}
        for dimension in question.group_by:
            if dimension in _NAMES:
                model, fields = _NAMES[dimension]
                table = question.table(model)
                named: Statement = select(table.id, *(getattr(table, name) for name in fields))
                rows = await self.rows(named.order_by(getattr(table, fields[-1]), table.id))
                shown[dimension] = {key: (n, tuple(names)) for n, (key, *names) in enumerate(rows)}
        return Names(shown)

    async def listed(
        self, listing: Listing, after: tuple[date, UUID] | None, limit: int
    ) -> Sequence[Place]:
        """A slice of a list that begins after `after`."""
        entries = listing.subquery()
        order = tuple_(entries.c.on, entries.c.entry_id)
        statement = select(entries).order_by(entries.c.on, entries.c.entry_id).limit(limit)
        if after is not None:
            statement = statement.where(order > tuple_(*after))
        return [Place(*row) for row in await self.rows(statement)]

    async def length(self, listing: Listing) -> int:
        """How long a list is."""
        counted = select(func.count()).select_from(listing.subquery())
        return int((await self.rows(counted))[0][0])

    async def changed(self, before: Listing, now: Listing) -> Sequence[tuple[UUID, int]]:
        """The cases that are in one list more often than in the other, and how much."""
        entries = [
            select(listing.subquery().c.case_id, literal(sign).label("n"))
            for listing, sign in ((before, -1), (now, 1))
        ]
        both = union_all(*entries).subquery()
        change = func.sum(both.c.n)
        changed: Statement = select(both.c.case_id, change).group_by(both.c.case_id)
        rows = await self.rows(changed.having(change != 0).order_by(both.c.case_id))
        return [(case_id, int(count)) for case_id, count in rows]

    async def tried(self, count: Callable[[], Awaitable[T]], seconds: float) -> T | None:
        """What is counted; None where a statement takes longer than so many seconds."""
        connection = await self.session.connection()
        attempt = await connection.begin_nested()
        try:
            limit = func.set_config("statement_timeout", f"{seconds * 1000:.0f}", True)
            await connection.execute(select(limit))
            return await count()
        except DBAPIError as error:
            if not isinstance(error.orig, QueryCanceled):
                raise
            return None
        finally:
            await attempt.rollback()  # which has read alone; with it goes its limit

    async def rows(self, statement: Statement) -> Sequence[Row]:
        """The rows of a statement that is `limited`."""
        # The columns differ from question to question, so these rows are no models.
        # Each is counted within the courts of its question; sealed cases count.
        connection = await self.session.connection()
        return [tuple(row) for row in await connection.execute(filtered(statement))]
