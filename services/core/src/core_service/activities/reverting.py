"""Takes back what an import has recorded: every case that it touched is as it was before.

Nothing is erased: activities are voided, events retracted, and a case that the import registered is
deleted, with its number free again.

First, in one transaction, all of the import's activities are voided: it is taken back as a whole or
not at all. What follows from that on each case is written part by part, from the last row to the
first, for as long as there are rows: short locks, flat memory, and a part that is lost is repeated.
A case that is changed by others meanwhile is replayed from activities that count, as always.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor, mark_updated
from core_service.activities.batch import CHANGED
from core_service.activities.imported_repository import ImportedRepository
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import ChangeKind
from core_service.cases.records import CASE_COLUMNS, CaseRow
from core_service.cases.service import CaseService
from core_service.hearings.service import HearingService
from core_service.ledger.facts import ReplayedCase
from core_service.ledger.replay import in_order, replay
from core_service.ledger.service import Ledger
from core_service.sources import Source

# How many rows one statement changes: it must end well before the statement timeout.
ROWS_AT_ONCE: Final = 10_000
FACTS: Final = tuple(name for name in CASE_COLUMNS if name != "id")

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RevertPart:
    """Cases that rows of an import are about; `rest` is the last of the rows that are left."""

    case_ids: Collection[UUID]
    rest: int


@dataclass(frozen=True, slots=True)
class ImportReverting:
    """Reverts imports; who calls it has locked the import."""

    imported: ImportedRepository
    cases: CaseService
    hearings: HearingService
    ledger: Ledger
    history: CaseHistory
    clock: Clock

    async def courts(self, batch_id: UUID) -> Collection[UUID]:
        """The courts of the cases that the import has touched."""
        return await self.imported.courts(batch_id)

    async def lock_cases(self, batch_id: UUID) -> None:
        """Hold the cases that the import has touched until the transaction ends."""
        await self.imported.lock_cases(batch_id)

    async def batches_since(self, batch_id: UUID) -> Collection[UUID]:
        """The imports that have recorded something of the same cases since."""
        return await self.imported.batches_since(batch_id)

    async def changed_since(self, batch_id: UUID, limit: int) -> Sequence[UUID]:
        """Cases that users have changed since, or scheduled."""
        changed = await self.imported.changed_since(batch_id, limit)
        scheduled = await self.hearings.scheduled_since(batch_id, limit)
        return sorted({*changed, *scheduled})[:limit]

    async def is_begun(self, batch_id: UUID) -> bool:
        """Whether the import's activities are voided already, so that the rest must follow."""
        return await self.imported.is_reverted(batch_id)

    async def begin(self, batch_id: UUID, reason: str, by: Actor) -> None:
        """Void all that the import has recorded, and delete the cases that it has registered; the
        caller holds them.
        """
        now, last_row = self.clock.now(), await self.imported.last_row(batch_id)
        parts = [
            (first, first + ROWS_AT_ONCE - 1) for first in range(1, last_row + 1, ROWS_AT_ONCE)
        ]
        for first, last in parts:
            await self.imported.void(batch_id, first, last, reason, by, now)
        # After all of it: two live ones cannot be at one place.
        for first, last in parts:
            await self.imported.revive(batch_id, first, last, by, now)
            case_ids = await self.imported.case_ids(batch_id, first, last)
            await self.cases.delete_registered(batch_id, case_ids)

    async def part(self, batch_id: UUID, through: int, limit: int) -> RevertPart | None:
        """The next part of an import that is voided, from its end; None when none is left.

        A case belongs to the part of its last row.
        """
        first = await self.imported.rows_before(batch_id, through, limit)
        if first is None:
            return None
        case_ids = await self.imported.case_ids(batch_id, first, through)
        done = await self.imported.of_later_rows(batch_id, through, case_ids)
        return RevertPart(case_ids - done, first - 1)

    async def revert(
        self,
        source: Source,
        case_ids: Collection[UUID],
        stated: Mapping[UUID, Facts],
        reason: str,
        by: Actor,
    ) -> None:
        """Bring cases in step with the activities that still count.

        `stated` is what they were registered with and activities of the import overruled.
        """
        if source.batch_id is None:
            raise ValueError("only imports are reverted")
        cases = await self.cases.lock_rows(case_ids)
        before = [(case, _before(case, source)) for case in cases]
        changed = await self.history.changed_by(source.batch_id, case_ids)
        for case in cases:
            _restore(case, changed.get(case.id, {}), stated.get(case.id, {}))
            mark_updated(case, by, self.clock.now())

        async def write_facts() -> None:
            others = [case for case in cases if case.id not in changed]
            await self.cases.write_rows((), others, CHANGED)
            await self.cases.write_rows((), [case for case in cases if case.id in changed], FACTS)

        await self.ledger.write(await self._replay(cases), write_facts)
        await self.history.note_all(before, Change(ChangeKind.REVERTED, reason, source), by)

    async def _replay(self, cases: Sequence[CaseRow]) -> list[ReplayedCase]:
        histories = await self.ledger.histories(cases)
        replayed = []
        for case in cases:
            facts, activities = histories[case.id]
            ordered = in_order(activities)
            replayed.append(ReplayedCase(case, facts, ordered, replay(facts, ordered)))
        return replayed


def _before(case: CaseRow, source: Source) -> dict[str, Any]:
    """The columns before the import was voided."""
    columns = case.columns()
    if case.batch_id == source.batch_id:
        columns |= {"deleted_at": None, "reverted": False}
    return columns


def _restore(case: CaseRow, changed: Mapping[str, tuple[Any, Any]], stated: Facts) -> None:
    """Give a case the facts that the import changed, unless others have changed them since."""
    for name, (before, after) in changed.items():
        if getattr(case, name) == after:
            setattr(case, name, before)
    for name, value in stated.items():
        setattr(case, name, value)
