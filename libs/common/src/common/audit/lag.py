"""How far the sealing of the audit log is behind."""

from dataclasses import dataclass
from typing import Final

from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from common.audit.store import ChainStore
from common.audit.tables import ChainTables

UNSEALED: Final = Gauge("audit_unsealed_events", "Audit events that are not sealed")
OLDEST: Final = Gauge("audit_unsealed_oldest_seconds", "Age of the oldest event that is not sealed")
CHECKPOINT: Final = Gauge(
    "audit_checkpoint_timestamp_seconds", "When the newest checkpoint was signed"
)
ANCHOR_FAILURES: Final = Counter(
    "audit_anchor_failures_total", "Checkpoints that could not be written to the anchor file"
)


@dataclass(frozen=True, slots=True)
class SealingLag:
    """Reads the metrics of one chain."""

    tables: ChainTables

    async def sample(self, connection: AsyncConnection) -> None:
        """Read them."""
        store = ChainStore(connection, self.tables)
        count, seconds = await store.lag()
        UNSEALED.set(count)
        OLDEST.set(seconds)
        newest = await store.newest_checkpoint()
        if newest is not None:
            CHECKPOINT.set(newest.made_at.timestamp())
