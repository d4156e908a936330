"""Adds events to the chain, and signs checkpoints."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from common.audit.anchors import EVENT, AnchorFile, fields
from common.audit.checkpoints import Checkpoint, CheckpointKeys, CheckpointKind
from common.audit.lag import ANCHOR_FAILURES
from common.audit.links import Link, sealed
from common.audit.store import ChainStore
from common.audit.tables import ChainTables
from common.clock import Clock
from common.database import Database
from common.logs import get_logger

# Some milliseconds of hashing: no request waits longer for the event loop.
BATCH: Final = 100
SEAL_SECONDS: Final = 1.0  # between two runs
CHECKPOINT_EVERY: Final = timedelta(minutes=1)
# In which the last replica that knows only a retired key is replaced; until then it signs nothing,
# since that would pass for forged.
REPLACED_WITHIN: Final = timedelta(hours=1)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Run it every `SEAL_SECONDS` in every process: an advisory lock lets one at a time work."""

    database: Database
    tables: ChainTables
    keys: CheckpointKeys
    clock: Clock
    anchors: AnchorFile | None = None

    async def run(self) -> int:
        """Seal what is committed; how many events that were."""
        total = 0
        while True:
            batch = await self._seal_batch()
            total += batch
            if batch < BATCH:
                return total

    async def checkpoint(self) -> Link:
        """Seal everything and sign the last position, even if a checkpoint was just signed."""
        await self.run()
        signed = None
        async with self.database.engine.begin() as connection:
            store = ChainStore(connection, self.tables)
            await store.lock()
            head = await store.head()
            newest = await store.newest_checkpoint()
            if head.position > (newest.position if newest else 0):
                signed = await self._sign(store, head)
        await self._anchor(signed)
        return head

    async def _seal_batch(self) -> int:
        async with self.database.engine.begin() as connection:
            store = ChainStore(connection, self.tables)
            if not await store.try_lock():
                return 0
            rows = await store.unsealed(BATCH)
            head = await store.head()
            placed: list[dict[str, Any]] = []
            for row in rows:
                placed.append(sealed(row, head))
                head = Link(head.position + 1, placed[-1]["hash"])
            if placed:
                await store.set_positions(placed)
            signed = await self._sign_when_due(store, head)
        await self._anchor(signed)
        return len(rows)

    async def _sign_when_due(self, store: ChainStore, head: Link) -> Checkpoint | None:
        newest = await store.newest_checkpoint()
        if newest is not None:
            since, every = self.clock.now() - newest.made_at, self._every(newest.key_id)
            if head.position <= newest.position or since < every:
                return None
        return await self._sign(store, head) if head.position > 0 else None

    def _every(self, newest_key: str) -> timedelta:
        if not self.keys.has(newest_key):
            return REPLACED_WITHIN
        # The first signature of a new key is what retires the one before.
        return CHECKPOINT_EVERY if self.keys.signs_as(newest_key) else timedelta(0)

    async def _sign(self, store: ChainStore, head: Link) -> Checkpoint:
        checkpoint = self.keys.sign(CheckpointKind.HEAD, head, self.clock.now())
        await store.add_checkpoint(checkpoint)
        return checkpoint

    async def _anchor(self, checkpoint: Checkpoint | None) -> None:
        """Write a committed checkpoint outside the database, so that a deleted end is detected."""
        if checkpoint is None:
            return
        log.info(EVENT, **fields(checkpoint))
        if self.anchors is None:
            return
        try:
            await asyncio.to_thread(self.anchors.append, checkpoint)
        except OSError as error:
            # The next checkpoint, a minute later, also covers all earlier events.
            ANCHOR_FAILURES.inc()
            log.warning("audit_anchor_failed", path=str(self.anchors.path), error=error.strerror)
