"""The first pass over a file: every row is stored with its issues and the result it would have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core_service.cases.errors import CaseDeleted
from core_service.cases.numbers import CaseNumber
from core_service.returns.batch import Batch, Tally
from core_service.returns.chunk_judge import ChunkJudge, JudgedChunk, issue_values
from core_service.returns.classification import Standing, classify, result_note
from core_service.returns.columns import Header
from core_service.returns.comparison import Register, Statement, identities_of, statements_of
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judgement import Judgement, split
from core_service.returns.models import RowResult
from core_service.returns.reading import SourceRow
from core_service.returns.recording import RowRecorder
from core_service.returns.row_repository import ACCEPTED, RowRepository
from core_service.returns.rows import Cells
from core_service.returns.said import SaidInFile


@dataclass(slots=True)
class _Sheet:
    """The rows of one chunk as they will be stored."""

    batch: Batch
    chunk: JudgedChunk
    said: SaidInFile
    cases: Mapping[CaseNumber, UUID]
    tally: Tally = field(default_factory=Tally)
    rows: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        row_no: int,
        cells: Cells,
        judgement: Judgement,
        standing: Standing | None,
        statement: Statement | None,
    ) -> None:
        """Note a row with its result."""
        said = statement.digests if statement is not None and standing is not None else None
        number = statement.number if statement is not None else judgement.number
        result = judgement.result or classify(standing or Standing())
        issues: tuple[Issue, ...] = judgement.issues
        if standing is not None:
            issues = (*issues, *result_note(standing))
        self.rows.append(
            {
                "batch_id": self.batch.id,
                "row_no": row_no,
                "raw": {name: value.replace("\x00", "\ufffd") for name, value in cells.items()},
                "result": result,
                "identity_hash": said.identity if said else None,
                "content_hash": said.content if said else None,
                "court_id": judgement.court_id,
                "case_id": self.cases.get(number) if number is not None else None,
            }
        )
        self.issues += issue_values(self.batch.id, row_no, issues, self.chunk.aliases_of(judgement))
        self.tally.add(result, judgement.court_id)
        if said is not None and result in ACCEPTED:
            self.said.add(said)


@dataclass(frozen=True, slots=True)
class ChunkValidation:
    """Validates the next rows of a batch; changes nothing in the registry."""

    judge: ChunkJudge
    rows: RowRepository
    recorder: RowRecorder

    async def validate(self, batch: Batch, header: Header, sources: Sequence[SourceRow]) -> Tally:
        """Store a chunk of rows; says how the batch's counts change."""
        parted = {source.row_no: split(header, source) for source in sources}
        chunk = await self.judge.judge(
            batch, {row_no: cells for row_no, (cells, verdict) in parted.items() if verdict is None}
        )
        statements = statements_of(chunk)
        register = await self.recorder.open(chunk, statements.values(), {}, lock=False)
        said = await self.rows.said_in_file(
            batch.id, identities_of(statements.values()), sources[0].row_no - 1
        )
        sheet = _Sheet(batch, chunk, said, await self._cases(chunk, register))
        for row_no, (cells, verdict) in parted.items():
            judgement = verdict or chunk.judgements[row_no]
            statement = statements.get(row_no)
            if statement is None:
                sheet.add(row_no, cells, judgement, None, None)
                continue
            try:
                standing = _standing(sheet.said, statement, register)
            except CaseDeleted as error:
                sheet.add(row_no, cells, _refused(judgement, error), None, statement)
                continue
            sheet.add(row_no, cells, judgement, standing, statement)
        sheet.tally.changes[RowResult.EMPTY] += sum(source.count - 1 for source in sources)
        await self.rows.insert_rows(sheet.rows)
        await self.rows.insert_issues(sheet.issues)
        return sheet.tally

    async def _cases(self, chunk: JudgedChunk, register: Register) -> Mapping[CaseNumber, UUID]:
        """The cases that the rows name, of those as well that wait or are rejected."""
        known = register.book.case_ids()
        numbers = {judgement.number for judgement in chunk.judgements.values()}
        unread = {number for number in numbers if number is not None and number not in known}
        return known | await self.recorder.case_ids(unread)


def _standing(said: SaidInFile, statement: Statement, register: Register) -> Standing:
    """What the row will find when those before it have been applied."""
    if said.speaks_of(statement.digests):
        return Standing(said_here=said.says(statement.digests), event_known=True)
    return register.compare(statement).standing


def _refused(judgement: Judgement, error: CaseDeleted) -> Judgement:
    issue = Issue(
        IssueCode.ROW_REFUSED, f"The registry refused the row: {error.detail}", "caseid_no"
    )
    issues = (*judgement.issues, issue)
    return Judgement(issues, RowResult.REJECTED, court_id=judgement.court_id)
