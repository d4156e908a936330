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
        "cut off: the database ends before these anchored positions:"
        " its end was deleted, or it was restored to an earlier state"
    ),
    FaultKind.REWRITTEN: (
        "rewritten: the events have other hashes than the checkpoints or anchors:"
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
    # The newest anchor; None when there is none.
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
        """0 if there is no fault and, when that is required, there is an anchor."""
        return int(bool(self.faults) or (require_anchor and self.anchor is None))

    def _anchored(self) -> str:
        if self.anchor is None:
            return "unanchored (nothing outside the database proves that its end is still there)"
        checkpoint = self.anchor.checkpoint
        made = f" of {checkpoint.made_at.isoformat(timespec='seconds')}" if checkpoint else ""
        return f"anchored at position {self.anchor.link.position}{made}"


@dataclass(frozen=True, slots=True)
class ChainAudit:
    """Verifies and prunes one chain."""

    database: Database
    tables: ChainTables
    keys: CheckpointKeys
    clock: Clock
    anchors: AnchorFile | None = None

    async def verify(self, given: GivenAnchors = GivenAnchors()) -> Report:  # noqa: B008 - frozen
        """Check every row, and compare it with the given anchors or those of the service's file."""
        # Anchors first: everything that they name is committed, and so in the snapshot.
        anchored = _Anchored.of(given.or_stored_in(self.anchors), self.keys)
        async with self.database.snapshot() as session:
            store = ChainStore(await session.connection(), self.tables)
            return await self._verify(store, anchored)

    async def prune(self, column: str, before: datetime) -> int:
        """Remove sealed events from before a moment. Raises ChainBroken when there are faults.

        A signed checkpoint of the kind START replaces them, so that the rest can be verified.
        """
        anchored = _Anchored.of(GivenAnchors().or_stored_in(self.anchors), self.keys)
        async with self.database.engine.begin() as connection:
            store = ChainStore(connection, self.tables)
            await store.lock()
            report = await self._verify(store, anchored)
            if report.faults:
                raise ChainBroken(report.faults)
            end = await store.last_before(column, before)
            if end is None or end.position <= report.start.position:
                return 0
            checkpoint = self.keys.sign(CheckpointKind.START, end, self.clock.now())
            await store.add_checkpoint(checkpoint)
            return await store.remove_through(end.position)

    async def _verify(self, store: ChainStore, anchored: "_Anchored") -> Report:
        judged = self.keys.judge(await store.checkpoints(), anchored.first_signed)
        anchored = anchored.since(judged.start)
        verifier = ChainVerifier(self.tables.key.name, judged.start, judged.signed, anchored.hashes)
        async for row in store.stream():
            verifier.feed(row)
        faults = [*_of_checkpoints(judged), *anchored.faults, *verifier.finish()]
        return Report(
            faults=faults,
            rows=verifier.rows,
            unsealed=await store.count_unsealed(),
            head=verifier.head,
            start=judged.start,
            checkpoints=len(judged.signed),
            anchor=anchored.newest,
        )


def chain_services(
    tables: ChainTables,
    database: Database,
    clock: Clock,
    keys: CheckpointKeys,
    anchors: Path | None,
) -> dict[type[Any], object]:
    """What a service's composition registers for its chain; `anchors` is a file of its settings."""
    file = AnchorFile(anchors, tables.service) if anchors is not None else None
    return {
        Sealer: Sealer(database, tables, keys, clock, file),
        ChainAudit: ChainAudit(database, tables, keys, clock, file),
    }


@dataclass(slots=True)
class _Anchored:
    """The hashes of the anchors by position, and forged ones among them."""

    hashes: dict[int, set[bytes]] = field(default_factory=dict)
    newest: Anchor | None = None
    faults: list[Fault] = field(default_factory=list)
    first_signed: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, anchors: Iterable[Anchor], keys: CheckpointKeys) -> "_Anchored":
        anchored = cls()
        for each in anchors:
            position = each.link.position
            if each.checkpoint is not None and keys.is_forged(each.checkpoint):
                anchored.faults.append(Fault(FaultKind.FORGED, position, position))
                continue
            anchored.hashes.setdefault(position, set()).add(each.link.hash)
            if each.checkpoint is not None:
                key = each.checkpoint.key_id
                anchored.first_signed[key] = min(position, anchored.first_signed.get(key, position))
            if anchored.newest is None or position >= anchored.newest.link.position:
                anchored.newest = each
        return anchored

    def since(self, start: Link) -> "_Anchored":
        """The anchors after `start`, before which retention has removed the events."""
        hashes = {at: known for at, known in self.hashes.items() if at >= max(start.position, 1)}
        faults = [*self.faults]
        if hashes.get(start.position, {start.hash}) != {start.hash}:
            faults.append(Fault(FaultKind.REWRITTEN, start.position, start.position))
        return _Anchored(hashes, self.newest if hashes else None, faults)


def _of_checkpoints(judged: Judged) -> list[Fault]:
    faults = [
        Fault(FaultKind.FORGED, each.link.position, each.link.position) for each in judged.forged
    ]
    if judged.is_unproven:
        last = max(each.link.position for each in judged.unknown)
        faults.append(Fault(FaultKind.UNPROVEN, last, last))
    return faults
