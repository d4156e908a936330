"""What operators do with a chain: verify it, and remove whole months that are old enough."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from common.audit.anchors import Anchor, AnchorFile, GivenAnchors
from common.audit.checkpoints import CheckpointKeys, CheckpointKind, Judged
from common.audit.links import Link
from common.audit.sealer import Sealer
from common.audit.store import ChainStore
from common.audit.tables import ChainTables
from common.audit.verification import ChainVerifier, Fault, FaultKind
from common.clock import Clock
from common.database import Database

SHOWN: Final = 100
DESCRIPTIONS: Final = {
    FaultKind.CUT_OFF: (
        "cut off: these places were noted outside the database, which ends before them:"
        " its end was deleted, or it was restored to an earlier state"
    ),
    FaultKind.REWRITTEN: (
        "rewritten: the events differ from those whose hash was signed or noted:"
        " the chain was computed again, or went on from an earlier state"
    ),
}


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

    def lines(self) -> Iterator[str]:
        """The faults, what they mean, and one line about the whole."""
        yield from map(str, self.faults[:SHOWN])
        if len(self.faults) > SHOWN:
            yield f"and {len(self.faults) - SHOWN} more"
        found = {fault.kind for fault in self.faults}
        yield from (text for kind, text in DESCRIPTIONS.items() if kind in found)
        yield (
            f"{self.rows} events from position {self.start.position + 1}, "
            f"{self.unsealed} not sealed yet, {self.checkpoints} checkpoints, "
            f"{self._anchored()}; head {self.head.position}:{self.head.hash.hex()}"
        )

    def exit_code(self, *, require_anchor: bool) -> int:
        """0 if nothing is wrong and, when that is required, a place outside the database agrees."""
        return int(bool(self.faults) or (require_anchor and self.anchor is None))

    def _anchored(self) -> str:
        if self.anchor is None:
            return "unanchored (nothing outside the database proves that its end is still there)"
        checkpoint = self.anchor.checkpoint
        noted = f" of {checkpoint.made_at.isoformat(timespec='seconds')}" if checkpoint else ""
        return f"anchored at position {self.anchor.link.position}{noted}"


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


def chain_services(
    tables: ChainTables,
    database: Database,
    clock: Clock,
    keys: CheckpointKeys,
    anchors: Path | None,
) -> dict[type[Any], object]:
    """What a service's composition registers for its chain; `anchors` is a file of its settings."""
    noted = AnchorFile(anchors, tables.service) if anchors is not None else None
    return {
        Sealer: Sealer(database, tables, keys, clock, noted),
        ChainAudit: ChainAudit(database, tables, keys, clock, noted),
    }


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
