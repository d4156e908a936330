"""A batch as its processing sees it: fixed facts of the sender, the file and the day."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from common.identity import CourtScope
from core_service.access.actors import Actor
from core_service.returns.models import BatchState, ImportBatch, RowResult
from core_service.returns.resolution import Terms
from core_service.sources import Source, SourceKind


@dataclass(frozen=True, slots=True)
class Mandate:
    """On whose behalf a chunk is worked on, and the courts at which they may write now."""

    actor: Actor
    scope: CourtScope


@dataclass(frozen=True, slots=True)
class Batch:
    """What does not change while a chunk is worked on. Rows are judged by the day of the upload."""

    id: UUID
    filename: str
    terms: Terms
    by: Actor
    today: date

    @classmethod
    def of(cls, row: ImportBatch, today: date, mandate: Mandate) -> "Batch":
        """The batch behind a row of the table, worked on under a mandate."""
        terms = Terms(mandate.scope, row.court_id)
        return cls(row.id, row.filename, terms, mandate.actor, today)

    def source(self, row_no: int) -> Source:
        """Where an activity of this batch comes from."""
        return Source(SourceKind.IMPORT, self.id, self.filename, row_no)


@dataclass(slots=True)
class Tally:
    """How the counts of a batch change, and the courts its rows name."""

    changes: Counter[RowResult] = field(default_factory=Counter)
    courts: set[UUID] = field(default_factory=set)

    def add(
        self, result: RowResult, court_id: UUID | None, before: RowResult | None = None
    ) -> None:
        """Count a row under its result, and no more under the one it had."""
        self.changes[result] += 1
        if before is not None:
            self.changes[before] -= 1
        if court_id is not None:
            self.courts.add(court_id)

    def columns(self, row: ImportBatch) -> dict[str, object]:
        """The batch's columns after this."""
        counts = {
            f"{result.value.lower()}_rows": counts_of(row)[result] + change
            for result, change in self.changes.items()
        }
        return {**counts, "court_ids": sorted({*row.court_ids, *self.courts})}


def sender_of(row: ImportBatch) -> Actor:
    """The user or the service that sent the batch."""
    return Actor(row.created_by, row.client_id)


def applier_of(row: ImportBatch) -> Actor:
    """The sender, or the user who has had the batch applied since."""
    return Actor(row.updated_by, None) if row.updated_by is not None else sender_of(row)


def counts_of(row: ImportBatch) -> Mapping[RowResult, int]:
    """The rows of a batch by result."""
    return {result: getattr(row, f"{result.value.lower()}_rows") for result in RowResult}


def settled_state(counts: Mapping[RowResult, int]) -> BatchState:
    """How a batch stands when every row has been applied that can be."""
    left = counts[RowResult.HELD] + counts[RowResult.REJECTED]
    return BatchState.PARTIAL if left else BatchState.APPLIED
