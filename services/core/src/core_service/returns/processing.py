"""Takes a batch from upload to its end, chunk by chunk; a killed worker loses and repeats nothing.

Each chunk is one transaction that holds the batch's row: what it does to the registry, its rows'
results, the counts and the progress are there together or not at all. A run begins where the last
one stopped, and a second worker finds that the batch has moved on and leaves it alone.
"""

import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.database import Database
from common.identity import Principal
from common.logs import get_logger
from core_service.audit.acting import job
from core_service.court_calendar import CourtCalendar
from core_service.returns.application import ChunkApplication
from core_service.returns.batch import Batch, Tally, counts_of, settled_state
from core_service.returns.chunk_judge import issue_values
from core_service.returns.file_reader import FileReader, read_return
from core_service.returns.issues import Code, Issue, Severity
from core_service.returns.limits import FileUnreadable
from core_service.returns.models import BatchState, ImportBatch, ImportRow, Mode, Result
from core_service.returns.repository import ImportRepository
from core_service.returns.row_repository import FILE_ROW, RowRepository
from core_service.returns.validation import ChunkValidation

CHUNK_ROWS: Final = 500
TO_VALIDATE: Final = (BatchState.UPLOADED, BatchState.VALIDATING)
TO_APPLY: Final = (BatchState.VALIDATED, BatchState.APPLYING)
RELEASING: Final = (BatchState.APPLYING, BatchState.APPLIED, BatchState.PARTIAL)
FINISHED: Final = (BatchState.APPLIED, BatchState.PARTIAL)
JOB: Final = "import"
# Of each chunk the audit tells who, which rows, and the counts before and after; what each row did
# to its case is told by the row and by the activity. An event a row would double the import's time.
AUDITED: Final = frozenset({"import_batches", "aliases"})

log = get_logger(__name__)


class BatchTaken(Exception):
    """Another worker has moved the batch on."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The services of one unit of work on a batch."""

    imports: ImportRepository
    rows: RowRepository
    validation: ChunkValidation
    application: ChunkApplication


@dataclass(frozen=True, slots=True)
class Hold:
    """A batch whose row is held until the transaction ends."""

    row: ImportBatch
    batch: Batch
    desk: Desk
    clock: Clock

    async def change(self, **values: object) -> None:
        """Write columns of the batch."""
        await self.desk.imports.change(self.row, updated_at=self.clock.now(), **values)

    async def count(self, tally: Tally, **values: object) -> None:
        """Write changed counts, and other columns with them."""
        await self.change(**tally.columns(self.row), **values)


@dataclass(frozen=True, slots=True)
class BatchProcessing:
    """Runs batches. `desk` builds the services of one session."""

    database: Database
    calendar: CourtCalendar
    desk: Callable[[AsyncSession], Desk]
    max_new_spellings: int
    chunk_rows: int = CHUNK_ROWS

    async def run(self, batch_id: UUID) -> None:
        """Validate a batch and, when that is its mode, apply it; from wherever it stopped."""
        try:
            await self._validate(batch_id)
            await self._apply(batch_id)
        except BatchTaken:
            log.info("batch_taken", batch_id=str(batch_id))

    async def release(self, alias_id: UUID) -> None:
        """Look again at every applied batch's rows that wait for, or fell to, this spelling."""
        async with self.database.transaction() as session:
            rows = self.desk(session).rows
            waiting = {
                batch_id: await rows.released_by(alias_id, batch_id, self.max_new_spellings)
                for batch_id in await rows.batches_waiting_for(alias_id)
            }
        for batch_id, released in waiting.items():
            await self._release(batch_id, released)

    async def fail(self, batch_id: UUID, code: str, message: str) -> None:
        """End a batch that cannot go on; its file may be sent again."""
        async with self._hold(batch_id, (*TO_VALIDATE, *TO_APPLY)) as hold:
            if hold is not None:
                await hold.change(state=BatchState.FAILED, error_code=code, error=message)

    async def _validate(self, batch_id: UUID) -> None:
        async with self._hold(batch_id, TO_VALIDATE) as hold:
            if hold is None:
                return
            await hold.change(state=BatchState.VALIDATING)
        with _scratch_file() as (path, file):
            await self._spool(batch_id, file)
            try:
                async with read_return(path) as opened:
                    await self._validate_file(batch_id, opened)
            except FileUnreadable as error:
                await self.fail(batch_id, error.code, str(error))

    async def _validate_file(self, batch_id: UUID, file: FileReader) -> None:
        done = await self._note_file(batch_id, file)
        if done is None:
            return
        while chunk := await file.chunk(self.chunk_rows, after=done):
            async with self._hold(batch_id, (BatchState.VALIDATING,)) as hold:
                if hold is None or hold.row.validated_rows != done:
                    raise BatchTaken
                tally = await hold.desk.validation.validate(hold.batch, file.header, chunk)
                done = chunk[-1].last_row_no
                total = max(hold.row.total_rows, done)
                await hold.count(tally, validated_rows=done, total_rows=total)
        async with self._hold(batch_id, (BatchState.VALIDATING,)) as hold:
            if hold is None or hold.row.validated_rows != done:
                raise BatchTaken
            await self._conclude_validation(hold)

    async def _note_file(self, batch_id: UUID, file: FileReader) -> int | None:
        """Store what is to be said of the file; the rows done so far, None when it is unusable."""
        async with self._hold(batch_id, (BatchState.VALIDATING,)) as hold:
            if hold is None:
                raise BatchTaken
            issues = issue_values(batch_id, FILE_ROW, file.issues, {})
            await hold.desk.rows.replace_file_issues(batch_id, issues)
            if not file.header.is_usable:
                grave = [issue for issue in file.issues if issue.severity is Severity.REJECTED]
                await hold.change(state=BatchState.FAILED, **_error(grave))
                return None
            await hold.change(total_rows=max(file.about_rows, hold.row.validated_rows))
            return hold.row.validated_rows

    async def _conclude_validation(self, hold: Hold) -> None:
        counts = counts_of(hold.row)
        left = sum(counts.values()) - counts[Result.REJECTED] - counts[Result.EMPTY]
        values: dict[str, object] = {"state": BatchState.VALIDATED}
        if not left and counts[Result.REJECTED]:
            foreign = await hold.desk.rows.count_rows_with(hold.row.id, Code.COURT_NOT_GRANTED)
            if foreign == counts[Result.REJECTED]:
                # A return sent by the wrong clerk must not keep the right one from sending it.
                message = "Your grants cover none of the courts in this file"
                values = {"state": BatchState.FAILED}
                values |= _error([Issue(Code.COURT_NOT_GRANTED, message)])
        await hold.change(total_rows=hold.row.validated_rows, **values)

    async def _apply(self, batch_id: UUID) -> None:
        async with self._hold(batch_id, TO_APPLY) as hold:
            if hold is None or hold.row.mode is not Mode.APPLY:
                return
            done = hold.row.applied_rows
            await hold.change(state=BatchState.APPLYING)
        while True:
            async with self._hold(batch_id, (BatchState.APPLYING,)) as hold:
                if hold is None or hold.row.applied_rows != done:
                    raise BatchTaken
                rows = await hold.desk.rows.next_rows(
                    batch_id,
                    done,
                    self.chunk_rows,
                    col(ImportRow.result).not_in((Result.EMPTY, Result.REJECTED)),
                )
                if not rows:
                    state = settled_state(counts_of(hold.row))
                    await hold.change(state=state, applied_rows=hold.row.total_rows)
                    return
                tally = await hold.desk.application.apply(hold.batch, rows, done)
                done = rows[-1].row_no
                await hold.count(tally, applied_rows=done)

    async def _release(self, batch_id: UUID, released: ColumnElement[bool]) -> None:
        after = 0
        while True:
            async with self._hold(batch_id, RELEASING) as hold:
                if hold is None:
                    return  # what is not applied yet will be judged afresh when it is
                rows = await hold.desk.rows.next_rows(
                    batch_id,
                    after,
                    self.chunk_rows,
                    released,
                    col(ImportRow.row_no) <= hold.row.applied_rows,
                    col(ImportRow.result).in_((Result.HELD, Result.REJECTED)),
                )
                if not rows:
                    if hold.row.state in FINISHED:
                        await hold.change(state=settled_state(counts_of(hold.row)))
                    return
                through = hold.row.applied_rows
                tally = await hold.desk.application.apply(hold.batch, rows, through)
                after = rows[-1].row_no
                await hold.count(tally)

    async def _spool(self, batch_id: UUID, file: IO[bytes]) -> None:
        """Write the uploaded file to the worker's disk, since workbooks are read out of order."""
        async with self.database.snapshot() as session:
            async for piece in self.desk(session).imports.pieces(batch_id):
                file.write(piece)
        file.flush()

    @asynccontextmanager
    async def _hold(
        self, batch_id: UUID, states: Collection[BatchState]
    ) -> AsyncIterator[Hold | None]:
        """One transaction that holds the batch; None when it is in none of these states."""
        async with AsyncExitStack() as stack:
            acting = stack.enter_context(job(JOB, AUDITED))
            session = await stack.enter_async_context(self.database.transaction())
            desk = self.desk(session)
            row = await desk.imports.lock(batch_id)
            if row is None or row.state not in states:
                yield None
                return
            acting["principal"] = _had_done(row)
            sent_on = row.created_at.astimezone(self.calendar.zone).date()
            yield Hold(row, Batch.of(row, sent_on), desk, self.calendar.clock)


def _had_done(row: ImportBatch) -> Principal:
    """Whoever sent the batch or had it applied: a person, or else the service that sent it."""
    if row.updated_by is not None:
        return Principal("user", user_id=row.updated_by)
    return Principal("service", client_id=row.client_id)


def _error(issues: list[Issue]) -> dict[str, object]:
    message = "; ".join(issue.message for issue in issues)
    return {"error_code": issues[0].code.value, "error": message}


@contextmanager
def _scratch_file() -> Iterator[tuple[Path, IO[bytes]]]:
    with tempfile.NamedTemporaryFile(prefix="return-") as file:
        yield Path(file.name), file
