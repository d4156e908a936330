"""Answers that are given again as long as no write has changed what they count.

Every write marks its transaction and the courts that it is about (`figure_changes`). An answer is
stored with the snapshot in which it was counted, and is current while no mark is visible that was
not visible to that snapshot. So a process never gives an answer that another one's commit has made
stale, and no writer waits.

Where single courts have changed since, these alone are counted again (`tallies.py`). What takes
longer to count than one request may is counted by several (`progress.py`).
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import text

from common.clock import Clock
from core_service.cases.visibility import Visibility
from core_service.metrics.conditions import Question
from core_service.metrics.errors import BeingCounted
from core_service.metrics.frame import Figure
from core_service.metrics.models import EVERY_COURT
from core_service.metrics.progress import Progress
from core_service.metrics.questions import SettledQuery
from core_service.metrics.schemas import body
from core_service.metrics.service import FigureService

MOST_BYTES: Final = 64 * 1024 * 1024
LONGEST: Final = timedelta(hours=1)
# After which a request ends and the next goes on: with the longest statement, which may have begun
# just before, in less than the edge waits for.
COUNT_SECONDS: Final = 14.0
# So long it waits for another that counts the same: it holds a connection meanwhile.
WAIT_SECONDS: Final = 2.0
# Longer than any transaction that recorded something before a moment and has not ended yet.
SETTLED: Final = timedelta(days=1)
SNAPSHOT: Final = text("SELECT pg_current_snapshot()::text")
# The courts of what an answer's snapshot did not see, and whether this view sees all that it saw:
# else the courts would be of two moments. Of an answer about what was known long ago, dated changes
# change nothing. Marks of the future are those of another server, from which this database was
# restored.
CHANGED: Final = text("""
SELECT view.snapshot::text,
  pg_snapshot_xmax(view.snapshot) >= pg_snapshot_xmax(answer.snapshot) AND NOT EXISTS (
    SELECT FROM pg_snapshot_xip(view.snapshot) running(xid)
    WHERE pg_visible_in_snapshot(running.xid, answer.snapshot)
  ),
  (SELECT coalesce(array_agg(DISTINCT court_id), '{}') FROM figure_changes
    WHERE NOT (is_dated AND :is_settled) AND xid >= pg_snapshot_xmin(answer.snapshot)::text::bigint
    AND NOT pg_visible_in_snapshot(xid::text::xid8, answer.snapshot))
FROM pg_current_snapshot() view(snapshot), CAST(:snapshot AS pg_snapshot) answer(snapshot)
""")


@dataclass
class StoredAnswer:
    """How far an answer is counted, its body once it is, and the last snapshot of which it is true,
    and when that was.
    """

    progress: Progress
    snapshot: str
    current_at: datetime
    body: bytes = b""

    @property
    def is_counted(self) -> bool:
        """Whether it can be given."""
        return bool(self.body)

    @cached_property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.body) + self.progress.size


@dataclass(slots=True)
class StoredAnswers:
    """Those of one process, the ones used last."""

    count_seconds: float = COUNT_SECONDS
    wait_seconds: float = WAIT_SECONDS
    answers: OrderedDict[Hashable, StoredAnswer] = field(default_factory=OrderedDict)
    size: int = 0
    turns: "WeakValueDictionary[Hashable, asyncio.Lock]" = field(
        default_factory=WeakValueDictionary
    )

    def get(self, key: Hashable) -> StoredAnswer | None:
        """An answer, which may be stale."""
        found = self.answers.get(key)
        if found is not None:
            self.answers.move_to_end(key)
        return found

    def put(self, key: Hashable, answer: StoredAnswer) -> None:
        """Store an answer in the place of an older one."""
        self.drop(key)
        self.answers[key] = answer
        self.size += answer.size
        while self.size > MOST_BYTES:
            self.drop(next(iter(self.answers)))

    def drop(self, key: Hashable) -> None:
        """Forget an answer."""
        dropped = self.answers.pop(key, None)
        if dropped is not None:
            self.size -= dropped.size

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """One request at a time counts an answer; others wait a little. Raises BeingCounted."""
        turn = self.turns.setdefault(key, asyncio.Lock())
        try:
            async with asyncio.timeout(self.wait_seconds):
                await turn.acquire()
        except TimeoutError:
            raise BeingCounted from None
        try:
            yield
        finally:
            turn.release()


@dataclass(frozen=True, slots=True)
class FigureAnswers:
    """Gives the bodies of answers, in a read-only view of one moment."""

    figures: FigureService
    stored: StoredAnswers
    clock: Clock
    began: float = field(default_factory=monotonic)
    counted: list[Hashable] = field(default_factory=list)

    async def read(self, figure: Figure, query: SettledQuery, seen: Visibility) -> bytes:
        """The body of an answer. Raises FigureTooLarge, BeingCounted."""
        key = _key(figure, query, seen)
        answer = await self._up_to_date(key, figure, query, seen)
        if not answer.is_counted:
            async with self.stored.turn(key):
                # The request before this one may have counted it.
                answer = await self._up_to_date(key, figure, query, seen)
                if not answer.is_counted:
                    await self._count(key, answer)
        return answer.body

    async def _up_to_date(
        self, key: Hashable, figure: Figure, query: SettledQuery, seen: Visibility
    ) -> StoredAnswer:
        """The stored answer where it is current, or one of which these courts are left to count:
        those that have changed since, or all.
        """
        known, now = self.stored.get(key), self.clock.now()
        if known is not None:
            snapshot, is_later, changed = await self._changed(known)
            if known.is_counted and not changed:
                if is_later:
                    known.snapshot, known.current_at = snapshot, now
                if now - known.current_at < LONGEST:
                    return known
            elif is_later and EVERY_COURT not in changed:
                return StoredAnswer(known.progress.again(query, changed), snapshot, now)
            elif not (is_later or known.is_counted):
                raise BeingCounted  # by a view of a later moment than this one
        connection = await self.figures.figures.session.connection()
        snapshot = (await connection.execute(SNAPSHOT)).scalar_one()
        return StoredAnswer(await self.figures.begin(figure, query, seen), snapshot, now)

    async def _count(self, key: Hashable, answer: StoredAnswer) -> None:
        """Count what is left, and store it, also where it is not all."""
        if self.counted and self._is_enough():
            raise BeingCounted  # by the next request, since this one has counted something
        self.counted.append(key)
        try:
            counted = await self.figures.count(answer.progress, self._is_enough)
            if counted is None:
                raise BeingCounted
            answer.body = body(counted)
        finally:
            self.stored.put(key, answer)

    def _is_enough(self) -> bool:
        return monotonic() - self.began > self.stored.count_seconds

    async def _changed(self, known: StoredAnswer) -> tuple[str, bool, frozenset[UUID]]:
        """The present snapshot, whether it sees all that the answer's did, and the courts that have
        changed since.
        """
        connection = await self.figures.figures.session.connection()
        found = await connection.execute(
            CHANGED, {"snapshot": known.snapshot, "is_settled": _is_settled(known)}
        )
        snapshot, is_later, marked = found.one()
        return snapshot, is_later, _counted(frozenset(marked), known.progress.question)


def _counted(marked: frozenset[UUID], question: Question) -> frozenset[UUID]:
    """The marked courts that the question is about; EVERY_COURT is each of them."""
    return frozenset(each for each in marked if each == EVERY_COURT or each in question.courts)


def _is_settled(known: StoredAnswer) -> bool:
    """Whether it is of what was known so long ago that nothing recorded later changes it."""
    known_at = known.progress.question.moment.known_at
    return known_at is not None and known_at < known.current_at - SETTLED


def _key(figure: Figure, query: SettledQuery, seen: Visibility) -> Hashable:
    """The question without the time at which it is asked, when all that is known counts."""
    known_on = query.known_on if query.moment.known_at is not None else query.today
    return figure.name, replace(query, known_on=known_on), seen
