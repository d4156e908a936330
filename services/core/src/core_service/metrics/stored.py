"""Answers that are given again as long as no write has changed what they count.

Every write marks its transaction (`figure_changes`). An answer is stored with the snapshot in which
it was counted, and is current while no mark is visible that was not visible to that snapshot. So a
process never gives an answer that another one's commit has made stale, and no writer waits.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from common.clock import Clock
from core_service.cases.visibility import Visibility
from core_service.metrics.frame import Figure
from core_service.metrics.questions import SettledQuery
from core_service.metrics.schemas import body
from core_service.metrics.service import FigureService

MOST_BYTES: Final = 64 * 1024 * 1024
LONGEST: Final = timedelta(hours=1)
SNAPSHOT: Final = text("SELECT pg_current_snapshot()::text")
# Marks of the future are those of another server, from which this database was restored.
CURRENT: Final = text("""
SELECT NOT EXISTS (
  SELECT FROM figure_changes
  WHERE xid >= pg_snapshot_xmin(CAST(:snapshot AS pg_snapshot))::text::bigint
    AND NOT pg_visible_in_snapshot(xid::text::xid8, CAST(:snapshot AS pg_snapshot))
)
""")


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A body, the snapshot in which it was counted, and when."""

    body: bytes
    snapshot: str
    counted_at: datetime


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
        self.size += len(answer.body)
        while self.size > MOST_BYTES:
            self.drop(next(iter(self.answers)))

    def drop(self, key: Hashable) -> None:
        """Forget an answer."""
        dropped = self.answers.pop(key, None)
        if dropped is not None:
            self.size -= len(dropped.body)


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
        if known is not None:
            if now - known.counted_at < LONGEST and await self._is_current(known):
                return known.body
            self.stored.drop(key)
        connection = await self.figures.figures.session.connection()
        snapshot = (await connection.execute(SNAPSHOT)).scalar_one()
        counted = body(await self.figures.answer(figure, query, seen))
        answer = StoredAnswer(counted, snapshot, now)
        self.stored.put(key, answer)
        return answer.body

    async def _is_current(self, known: StoredAnswer) -> bool:
        connection = await self.figures.figures.session.connection()
        found = await connection.execute(CURRENT, {"snapshot": known.snapshot})
        return bool(found.scalar_one())


def _key(figure: Figure, query: SettledQuery, seen: Visibility) -> Hashable:
    """The question without the time at which it is asked, when all that is known counts."""
    known_on = query.known_on if query.moment.known_at is not None else query.today
    return figure.name, replace(query, known_on=known_on), seen
