"""The second pass: rows that can be applied are, in the order of the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from core_service.returns.batch import Batch, Tally
from core_service.returns.chunk_judge import ChunkJudge, issue_values
from core_service.returns.comparison import Statement, identities_of, statements_of
from core_service.returns.issues import Issue
from core_service.returns.judgement import Judgement
from core_service.returns.models import ImportRow, Result
from core_service.returns.recording import Entry, RowRecorder
from core_service.returns.row_repository import RowRepository


@dataclass(frozen=True, slots=True)
class ChunkApplication:
    """Applies stored rows, judged afresh: names may have been decided about since."""

    judge: ChunkJudge
    rows: RowRepository
    recorder: RowRecorder

    async def apply(self, batch: Batch, rows: Sequence[ImportRow], through: int) -> Tally:
        """Apply rows; those up to `through` have been applied before. Says how counts change."""
        chunk = await self.judge.judge(batch, {row.row_no: row.raw for row in rows})
        statements = statements_of(chunk)
        said = await self.rows.said_in_file(batch.id, identities_of(statements.values()), through)
        entered = await self.recorder.enter(chunk, statements.values(), said)
        entries = _Entries(batch.id)
        for row in rows:
            judgement = chunk.judgements[row.row_no]
            entry = _entry(judgement, entered.get(row.row_no))
            statement = statements.get(row.row_no)
            entries.add(row, entry, statement, chunk.aliases_of(judgement))
            entries.tally.add(entry.result, judgement.court_id, before=row.result)
        await self.rows.change_rows(batch.id, entries.rows, entries.issues)
        return entries.tally


def _entry(judgement: Judgement, entered: Entry | None) -> Entry:
    """The row's entry with all that is to be said of it."""
    if entered is None:
        return Entry(judgement.result or Result.REJECTED, judgement.issues)
    return replace(entered, issues=(*judgement.issues, *entered.issues))


@dataclass(slots=True)
class _Entries:
    """What became of a chunk's rows, to be written in one go."""

    batch_id: UUID
    tally: Tally = field(default_factory=Tally)
    rows: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        row: ImportRow,
        entry: Entry,
        statement: Statement | None,
        aliases: Mapping[Issue, UUID],
    ) -> None:
        """Note a row's entry."""
        said = statement.digests if statement is not None else None
        self.rows.append(
            {
                "batch_id": self.batch_id,
                "row_no": row.row_no,
                "result": entry.result,
                "identity_hash": said.identity if said is not None else None,
                "content_hash": said.content if said is not None else None,
                "case_id": entry.case_id,
                "activity_id": entry.activity_id,
            }
        )
        self.issues += issue_values(self.batch_id, row.row_no, entry.issues, aliases)
