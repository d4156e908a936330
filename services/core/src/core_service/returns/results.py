"""What a chunk of rows comes to: results, issues, and how the counts of the batch change."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core_service.cases.numbers import CaseNumber
from core_service.returns.entries import Entry
from core_service.returns.judging.chunk import JudgedChunk, issue_values
from core_service.returns.judging.judgement import Judgement
from core_service.returns.models import ImportBatch, RowResult
from core_service.returns.reported import Digests, ReportedEvent


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
            f"{result.value.lower()}_rows": row.counts[result] + change
            for result, change in self.changes.items()
        }
        return {**counts, "court_ids": sorted({*row.court_ids, *self.courts})}


@dataclass(slots=True)
class Results:
    """The rows of a chunk with their results, to be written together."""

    chunk: JudgedChunk
    tally: Tally = field(default_factory=Tally)
    rows: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        row_no: int,
        judgement: Judgement,
        entry: Entry,
        digests: Digests | None,
        **columns: object,
    ) -> None:
        batch_id = self.chunk.batch.id
        self.rows.append(
            {
                "batch_id": batch_id,
                "row_no": row_no,
                "result": entry.result,
                "identity_hash": digests and digests.identity,
                "content_hash": digests and digests.content,
                "court_id": judgement.court_id,
                **columns,
            }
        )
        self.issues += issue_values(
            batch_id, row_no, entry.issues, self.chunk.aliases_of(judgement)
        )


def rejected_or_held(judgement: Judgement) -> Entry:
    return Entry(judgement.result or RowResult.REJECTED, judgement.issues)


def entry_of(judgement: Judgement, recorded: Entry | None) -> Entry:
    """The row's entry with the issues of both."""
    if recorded is None:
        return rejected_or_held(judgement)
    issues = (*judgement.issues, *recorded.issues)
    return Entry(recorded.result, issues, recorded.case_id, recorded.activity_id, recorded.match)


def number_of(judgement: Judgement, event: ReportedEvent | None) -> CaseNumber | None:
    return event.number if event is not None else judgement.number
