"""What operators do with a chain: verify it, and remove whole months that are old enough."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from common.audit_chain.anchors import Anchor, AnchorFile, GivenAnchors
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
    # The newest place noted outside the database; None when there is none.
    anchor: Anchor | None


@dataclass(frozen=True, slots=True)
class ChainAudit:
    """Verifies and prunes one chain."""

    database: Database
    tables: ChainTables
    keys: CheckpointKeys
    clock: Clock
    noted: AnchorFile | None = None

    async def verify(self, given: GivenAnchors = GivenAnchors()) -> Report:  # noqa: B008 - frozen
        """Check every row, and against anchored places: those given, or of `noted`."""
        # First what was noted: all of that is committed, and so in the snapshot.
        outside = _Outside.of(given.or_noted(self.noted), self.keys)
        async with self.database.snapshot() as session:
            store = ChainStore(await session.connection(), self.tables)
            return await self._verify(store, outside)

    async def prune(self, column: str, before: datetime) -> int:
        """Remove sealed events from before a moment. Raises ChainBroken rather than hide a fault.

        A signed checkpoint of the kind START stays in their place, so that the rest verifies.
        """
        outside = _Outside.of(GivenAnchors().or_noted(self.noted), self.keys)
        async with self.database.engine.begin() as connection:
            store = ChainStore(connection, self.tables)
            await store.lock()
            report = await self._verify(store, outside)
            if report.faults:
                raise ChainBroken(report.faults)
            end = await store.place_before(column, before)
            if end is None or end.position <= report.start.position:
                return 0
            checkpoint = self.keys.sign(CheckpointKind.START, end, self.clock.now())
            await store.add_checkpoint(checkpoint)
            return await store.remove_through(end.position)

    async def _verify(self, store: ChainStore, outside: "_Outside") -> Report:
        judged = self.keys.judge(await store.checkpoints())
        outside = outside.since(judged.start)
        verifier = ChainVerifier(self.tables.key.name, judged.start, judged.anchors, outside.hashes)
        async for row in store.stream():
            verifier.feed(row)
        faults = [*_of_checkpoints(judged), *outside.faults, *verifier.finish()]
        return Report(
            faults=faults,
            rows=verifier.rows,
            unsealed=await store.count_unsealed(),
            head=verifier.head,
            start=judged.start,
            checkpoints=len(judged.anchors),
            anchor=outside.newest,
        )


@dataclass(slots=True)
class _Outside:
    """What was noted outside the database."""

    hashes: dict[int, set[bytes]] = field(default_factory=dict)
    newest: Anchor | None = None
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, anchors: Iterable[Anchor], keys: CheckpointKeys) -> "_Outside":
        outside = cls()
        for each in anchors:
            position = each.link.position
            if each.checkpoint is not None and keys.is_forged(each.checkpoint):
                outside.faults.append(Fault(FaultKind.FORGED, position, position))
                continue
            outside.hashes.setdefault(position, set()).add(each.link.hash)
            if outside.newest is None or position >= outside.newest.link.position:
                outside.newest = each
        return outside

    def since(self, start: Link) -> "_Outside":
        """What it says about the part behind `start`, which retention has left."""
        hashes = {at: noted for at, noted in self.hashes.items() if at >= max(start.position, 1)}
        faults = [*self.faults]
        if hashes.get(start.position, {start.hash}) != {start.hash}:
            faults.append(Fault(FaultKind.REWRITTEN, start.position, start.position))
        return _Outside(hashes, self.newest if hashes else None, faults)


def _of_checkpoints(judged: Judged) -> list[Fault]:
    faults = [
        Fault(FaultKind.FORGED, each.link.position, each.link.position) for each in judged.forged
    ]
    if judged.is_unproven:
        last = max(each.link.position for each in judged.unknown)
        faults.append(Fault(FaultKind.UNPROVEN, last, last))
    return faults
