"""`core rebuild`: replays cases in slices, each in its own transaction."""

from dataclasses import dataclass
from uuid import UUID

from common.composition import Units
from core_service.ledger.rebuilding import TOGETHER, Rebuilding


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """How many cases were replayed, and how many of these changed."""

    cases: int
    changed: int


async def rebuild(core: Units) -> RebuildReport:
    """Replay every case. It can be interrupted at any time and run again."""
    cases = changed = 0
    last: UUID | None = None
    while True:
        async with core.begin() as unit:
            done = await unit.get(Rebuilding).replay_slice(last, TOGETHER)
        if done.last is None:
            return RebuildReport(cases, changed)
        cases, changed, last = cases + done.cases, changed + done.changed, done.last
