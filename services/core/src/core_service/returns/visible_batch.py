"""A batch as one caller sees it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from core_service.returns.models import BatchState, ImportBatch, RowResult

# States in which progress counts applied rows.
APPLYING: Final = (
    BatchState.APPLYING,
    BatchState.APPLIED,
    BatchState.PARTIAL,
    BatchState.REVERTING,
    BatchState.REVERTED,
)


@dataclass(frozen=True, slots=True)
class CountedRows:
    """Rows with one result, and how many of them application has dealt with."""

    result: RowResult
    count: int
    applied: int


@dataclass(frozen=True, slots=True)
class VisibleBatch:
    """A batch with the counts of the rows that a caller sees, and its progress in rows."""

    batch: ImportBatch
    counts: Mapping[RowResult, int]
    done: int
    total: int

    @classmethod
    def whole(cls, batch: ImportBatch) -> "VisibleBatch":
        """For callers who see every row."""
        done = batch.applied_rows if batch.state in APPLYING else batch.validated_rows
        return cls(batch, batch.counts, done, batch.total_rows)

    @classmethod
    def part(cls, batch: ImportBatch, rows: Collection[CountedRows]) -> "VisibleBatch":
        """For callers from whom rows are hidden."""
        counts = Counter(dict.fromkeys(RowResult, 0))
        counts.update({row.result: row.count for row in rows})
        total = sum(counts.values())
        applied = sum(row.applied for row in rows)
        return cls(batch, counts, applied if batch.state in APPLYING else total, total)
