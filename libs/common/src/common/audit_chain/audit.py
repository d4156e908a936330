"""What operators do with a chain: verify it, and remove whole months that are old enough."""

from dataclasses import dataclass
from datetime import datetime

from common.audit_chain.checkpoints import CheckpointKeys, CheckpointKind, Judged
from common.audit_chain.links import Link
from common.audit_chain.store import ChainStore
from common.audit_chain.tables import ChainTables
from common.audit_chain.verification import ChainVerifier, Fault, FaultKind
from common.clock import Clock
from common.database import Database


class ChainBroken(Exception):
    """Retention would remove evidence: the chain has faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("the chain is broken; nothing was removed")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a verification."""

    faults: list[Fault]
    rows: int
    unsealed: int
    head: Link
    start: Link
    checkpoints: int


@dataclass(frozen=True, slots=True)
class ChainAudit:
    """Verifies and prunes one chain."""

    database: Database
    tables: ChainTables
    keys: CheckpointKeys
    clock: Clock

    async def verify(self, expected: Link | None = None) -> Report:
        """Check every row. `expected` is a place that was noted elsewhere, such as in a log."""
        async with self.database.snapshot() as session:
            store = ChainStore(await session.connection(), self.tables)
            return await self._verify(store, expected)

    async def prune(self, column: str, before: datetime) -> int:
        """Remove sealed events from before a moment. Raises ChainBroken rather than hide a fault.

        A signed checkpoint of the kind START stays in their place, so that the rest verifies.
        """
        async with self.database.engine.begin() as connection:
            store = ChainStore(connection, self.tables)
            await store.lock()
            report = await self._verify(store, None)
            if report.faults:
                raise ChainBroken(report.faults)
            end = await store.place_before(column, before)
            if end is None or end.position <= report.start.position:
                return 0
            checkpoint = self.keys.sign(CheckpointKind.START, end, self.clock.now())
            await store.add_checkpoint(checkpoint)
            return await store.remove_through(end.position)

    async def _verify(self, store: ChainStore, expected: Link | None) -> Report:
        judged = self.keys.judge(await store.checkpoints())
        anchors = dict(judged.anchors)
        if expected is not None:
            anchors[expected.position] = expected.hash
        verifier = ChainVerifier(self.tables.key.name, judged.start, anchors)
        async for row in store.stream():
            verifier.feed(row)
        faults = [*_of_checkpoints(judged), *verifier.finish()]
        return Report(
            faults=faults,
            rows=verifier.rows,
            unsealed=await store.count_unsealed(),
            head=verifier.head,
            start=judged.start,
            checkpoints=len(judged.anchors),
        )


def _of_checkpoints(judged: Judged) -> list[Fault]:
    faults = [
        Fault(FaultKind.FORGED, each.link.position, each.link.position) for each in judged.forged
    ]
    if judged.is_unproven:
        last = max(each.link.position for each in judged.unknown)
        faults.append(Fault(FaultKind.UNPROVEN, last, last))
    return faults
