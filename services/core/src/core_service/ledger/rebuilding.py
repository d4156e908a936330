"""Replays every case from its activities; on a healthy database that changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from core_service.access.actors import SYSTEM
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import ChangeKind
from core_service.cases.service import CaseService
from core_service.ledger.service import Ledger
from core_service.sources import SYSTEM_ITSELF

# How many cases are held in memory at once.
TOGETHER: Final = 200
REBUILT: Final = Change(ChangeKind.REBUILT, source=SYSTEM_ITSELF)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What replaying some cases did; `last` is the ID to go on after, None at the end."""

    cases: int
    changed: int
    last: UUID | None


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """Replays cases a slice at a time, so that locks are short and memory stays flat."""

    cases: CaseService
    ledger: Ledger
    history: CaseHistory

    async def replay_slice(self, after: UUID | None, limit: int) -> Rebuilt:
        """Replay the next cases in the order of their IDs, in the session's transaction."""
        case_ids = await self.cases.ids_after(after, limit)
        changed = await self._replay(case_ids)
        return Rebuilt(len(case_ids), changed, case_ids[-1] if case_ids else None)

    async def replay_cases(self, case_ids: Collection[UUID]) -> int:
        """Replay these cases, in order so that two of them cannot deadlock; how many changed.

        The session forgets every row: flush what is pending first.
        """
        ordered = iter(sorted(case_ids))
        changed = 0
        while part := list(islice(ordered, TOGETHER)):
            changed += await self._replay(part)
        return changed

    async def _replay(self, case_ids: Sequence[UUID]) -> int:
        cases = (await self.cases.lock_all(case_ids)).values()
        before = {case.id: case.model_dump() for case in cases}
        replayed = await self.ledger.refresh_all(cases)
        changed = [case for case in cases if replayed[case.id].changed]
        for case in changed:
            await self.history.note(case, before[case.id], REBUILT, SYSTEM)
        self.ledger.events.session.expunge_all()
        return len(changed)
