"""The second pass: rows that can be applied are, in the order of the file."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from core_service.cases.numbers import CaseNumber
from core_service.returns.batch import Batch, Tally
from core_service.returns.chunk_judge import ChunkJudge, issue_values
from core_service.returns.comparison import Statement, identities_of, statements_of
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judgement import Judgement
from core_service.returns.models import ImportRow, RowResult
from core_service.returns.recording import Entry, RowRecorder
from core_service.returns.row_repository import RowRepository

GRANT_MISSING: Final = Issue(
    IssueCode.GRANT_MISSING,
    "The row waits for a user who may enter data at its court to apply the import",
    "court",
)


@dataclass(frozen=True, slots=True)
class ChunkApplication:
    """Applies stored rows, judged afresh: names may have been decided about since.

    Rows of courts beyond the mandate are not applied: they wait for a user who may apply them.
    """

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
            if _is_beyond(batch, judgement):
                entries.hold_back(row, judgement.court_id)
                continue
            entry = _entry(judgement, entered.get(row.row_no))
            statement = statements.get(row.row_no)
            entries.add(row, entry, judgement, statement, chunk.aliases_of(judgement))
        await self.rows.change_rows(batch.id, entries.rows, entries.issues)
        for court_id, row_nos in entries.held_back.items():
            await self.rows.hold_back(batch.id, row_nos, court_id, GRANT_MISSING)
        await self._name_cases(batch.id, entries.unnamed)
        return entries.tally

    async def _name_cases(self, batch_id: UUID, numbers: Mapping[int, CaseNumber]) -> None:
        """Let rows that were not recorded name the cases that they are about."""
        known = await self.recorder.case_ids(set(numbers.values()))
        named = {row_no: known[number] for row_no, number in numbers.items() if number in known}
        await self.rows.name_cases(batch_id, named)


def _is_beyond(batch: Batch, judgement: Judgement) -> bool:
    """Whether the row is of a court at which this mandate allows nothing."""
    return judgement.court_id is not None and judgement.court_id not in batch.terms.scope


def _entry(judgement: Judgement, entered: Entry | None) -> Entry:
    """The row's entry with all that is to be said of it."""
    if entered is None:
        return Entry(judgement.result or RowResult.REJECTED, judgement.issues)
    return replace(entered, issues=(*judgement.issues, *entered.issues))


@dataclass(slots=True)
class _Entries:
    """What became of a chunk's rows, to be written in one go."""

    batch_id: UUID
    tally: Tally = field(default_factory=Tally)
    rows: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    held_back: dict[UUID, list[int]] = field(default_factory=lambda: defaultdict(list))
    unnamed: dict[int, CaseNumber] = field(default_factory=dict)

    def hold_back(self, row: ImportRow, court_id: UUID | None) -> None:
        """Hold a row for those who may apply it; one that is rejected stays as it is."""
        if court_id is None or row.result is RowResult.REJECTED:
            return
        self.held_back[court_id].append(row.row_no)
        self.tally.add(RowResult.HELD, court_id, before=row.result)

    def add(
        self,
        row: ImportRow,
        entry: Entry,
        judgement: Judgement,
        statement: Statement | None,
        aliases: Mapping[Issue, UUID],
    ) -> None:
        """Note a row's entry."""
        said = statement.digests if statement is not None else None
        number = statement.number if statement is not None else judgement.number
        if entry.case_id is None and number is not None:
            self.unnamed[row.row_no] = number
        self.tally.add(entry.result, judgement.court_id, before=row.result)
        self.rows.append(
            {
                "batch_id": self.batch_id,
                "row_no": row.row_no,
                "result": entry.result,
                "identity_hash": said.identity if said is not None else None,
                "content_hash": said.content if said is not None else None,
                "court_id": judgement.court_id,
                "case_id": entry.case_id,
                "activity_id": entry.activity_id,
            }
        )
        self.issues += issue_values(self.batch_id, row.row_no, entry.issues, aliases)
