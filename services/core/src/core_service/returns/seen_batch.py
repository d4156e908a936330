"""An import with the counts of those of its rows that a caller sees."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from core_service.returns.batch import counts_of
from core_service.returns.models import BatchState, ImportBatch, RowResult

APPLYING: Final = (BatchState.APPLYING, BatchState.APPLIED, BatchState.PARTIAL)


@dataclass(frozen=True, slots=True)
class CountedRows:
    """Rows with one result, and how many of them application has dealt with."""

    result: RowResult
    count: int
    applied: int


@dataclass(frozen=True, slots=True)
class SeenBatch:
    """A batch; `done` and `total` are its progress in rows."""

    batch: ImportBatch
    counts: Mapping[RowResult, int]
    done: int
    total: int

    @classmethod
    def whole(cls, batch: ImportBatch) -> "SeenBatch":
        """For callers who see every row."""
        done = batch.applied_rows if batch.state in APPLYING else batch.validated_rows
        return cls(batch, counts_of(batch), done, batch.total_rows)

    @classmethod
    def part(cls, batch: ImportBatch, rows: Collection[CountedRows]) -> "SeenBatch":
        """For callers from whom rows are hidden."""
        counts = Counter(dict.fromkeys(RowResult, 0))
        counts.update({row.result: row.count for row in rows})
        total = sum(counts.values())
        applied = sum(row.applied for row in rows)
        return cls(batch, counts, applied if batch.state in APPLYING else total, total)
