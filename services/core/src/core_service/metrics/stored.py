"""Answers that are given again as long as no write has changed what they count.

Every write marks its transaction and the courts that it is about (`figure_changes`). An answer is
stored with the snapshot in which it was counted, and is current while no mark is visible that was
not visible to that snapshot. So a process never gives an answer that another one's commit has made
stale, and no writer waits.

Where single courts have changed since, these alone are counted again (`tallies.py`).
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy import text

from common.clock import Clock
from common.identity import CourtScope
from core_service.cases.visibility import Visibility
from core_service.metrics.frame import Figure
from core_service.metrics.models import EVERY_COURT
from core_service.metrics.questions import SettledQuery
from core_service.metrics.schemas import body
from core_service.metrics.service import Answer, FigureService

MOST_BYTES: Final = 64 * 1024 * 1024
LONGEST: Final = timedelta(hours=1)
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
    """A body and what it was written from, the last snapshot of which it is true, and when."""

    body: bytes
    answer: Answer
    snapshot: str
    current_at: datetime

    @cached_property
    def size(self) -> int:
        """About how many bytes it takes."""
        counted = [*(part.counted for part in self.answer.parts), self.answer.whole]
        return len(self.body) + sum(each.size for each in counted)


@dataclass(slots=True)
class StoredAnswers:
    """Those of one process, the ones used last."""

    answers: OrderedDict[Hashable, StoredAnswer] = field(default_factory=OrderedDict)
    size: int = 0

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


@dataclass(frozen=True, slots=True)
class FigureAnswers:
    """Gives the bodies of answers, in a read-only view of one moment."""

    figures: FigureService
    stored: StoredAnswers
    clock: Clock

    async def read(self, figure: Figure, query: SettledQuery, seen: Visibility) -> bytes:
        """The body of an answer. Raises FigureTooLarge."""
        key, now = _key(figure, query, seen), self.clock.now()
        known = self.stored.get(key)
        current = await self._current(known, query, seen, now) if known is not None else None
        if current is None:
            self.stored.drop(key)
            connection = await self.figures.figures.session.connection()
            snapshot = (await connection.execute(SNAPSHOT)).scalar_one()
            answer = await self.figures.answer(figure, query, seen)
            current = StoredAnswer(body(answer), answer, snapshot, now)
        if current is not known:
            self.stored.put(key, current)
        return current.body

    async def _current(
        self, known: StoredAnswer, query: SettledQuery, seen: Visibility, now: datetime
    ) -> StoredAnswer | None:
        """A stored answer, as it is or with changed courts counted again; None where all are to be
        counted.
        """
        connection = await self.figures.figures.session.connection()
        found = await connection.execute(
            CHANGED, {"snapshot": known.snapshot, "is_settled": _is_settled(known)}
        )
        snapshot, is_later, marked = found.one()
        changed = _counted(frozenset(marked), query, seen)
        if not changed:
            if is_later:
                known.snapshot, known.current_at = snapshot, now
            return known if now - known.current_at < LONGEST else None
        if EVERY_COURT in changed or not is_later:
            return None
        answer = await self.figures.answer(
            known.answer.figure, query, seen, known.answer, CourtScope(changed)
        )
        return StoredAnswer(body(answer), answer, snapshot, now)


def _counted(marked: frozenset[UUID], query: SettledQuery, seen: Visibility) -> frozenset[UUID]:
    """The marked courts that the question is about; EVERY_COURT is each of them."""
    court_id = query.selection.court_id
    return frozenset(
        each
        for each in marked
        if each == EVERY_COURT or (each in seen.courts and court_id in (None, each))
    )


def _is_settled(known: StoredAnswer) -> bool:
    """Whether it is of what was known so long ago that nothing recorded later changes it."""
    known_at = known.answer.query.moment.known_at
    return known_at is not None and known_at < known.current_at - SETTLED


def _key(figure: Figure, query: SettledQuery, seen: Visibility) -> Hashable:
    """The question without the time at which it is asked, when all that is known counts."""
    known_on = query.known_on if query.moment.known_at is not None else query.today
    return figure.name, replace(query, known_on=known_on), seen
