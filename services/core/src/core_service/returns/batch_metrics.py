"""Metrics of imports: rows by result, and batches that wait for the worker."""

from typing import Final

from prometheus_client import Counter, Gauge
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core_service.returns.models import BatchState, ImportBatch, RowResult

ROWS: Final = Counter("core_import_rows_total", "Rows of ended imports by result", ["result"])
ENDED: Final = Counter(
    "core_import_batches_ended_total", "Imports by the state they ended in", ["state"]
)
BATCHES: Final = Gauge("core_import_batches", "Imports in a state that ends", ["state"])
OLDEST: Final = Gauge(
    "core_import_batches_oldest_seconds", "Time since the last progress of the slowest", ["state"]
)
STATES: Final = text(
    "SELECT state, count(*), extract(epoch FROM now() - min(updated_at))::float8"
    " FROM import_batches WHERE state IN ('uploaded', 'validating', 'applying', 'reverting')"
    " GROUP BY state"
)
ENDS: Final = (BatchState.APPLIED, BatchState.PARTIAL, BatchState.FAILED)
WORKING: Final = (
    *(BatchState.UPLOADED, BatchState.VALIDATING, BatchState.APPLYING, BatchState.REVERTING),
)


async def sample(connection: AsyncConnection) -> None:
    """Read how many batches are at work, and for how long without progress."""
    found = {row[0]: row for row in await connection.execute(STATES)}
    for state in WORKING:
        _, count, seconds = found.get(state.value, (state, 0, 0))
        BATCHES.labels(state.value).set(count)
        OLDEST.labels(state.value).set(seconds)


def count_end(batch: ImportBatch) -> None:
    """Count a batch that has just ended and, if it was applied, its rows."""
    ENDED.labels(batch.state.value).inc()
    if batch.state is BatchState.FAILED:
        return
    for result, count in batch.counts.items():
        ROWS.labels(result.value).inc(count)


for _result in RowResult:
    ROWS.labels(_result.value)  # one that never came is 0, not absent
for _state in ENDS:
    ENDED.labels(_state.value)
