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

from common.database import Database
from common.logs import get_logger
from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE
from core_service.audit.acting import job
from core_service.court_calendar import CourtCalendar
from core_service.returns.batch import (
    Batch,
    Mandate,
    applier_of,
    counts_of,
    sender_of,
    settled_state,
)
from core_service.returns.chunk_judge import issue_values
from core_service.returns.file_reader import FileReader, read_return
from core_service.returns.holding import ChunkServices, Hold, author
from core_service.returns.issues import Issue, IssueCode, Severity
from core_service.returns.limits import FileUnreadable
from core_service.returns.models import BatchState, ImportBatch, ImportMode, ImportRow, RowResult
from core_service.returns.row_repository import FILE_ROW, to_apply, waiting
from core_service.users.grants import GrantDirectory

CHUNK_ROWS: Final = 500
TO_VALIDATE: Final = (BatchState.UPLOADED, BatchState.VALIDATING)
TO_APPLY: Final = (BatchState.VALIDATED, BatchState.APPLYING)
RELEASING: Final = (BatchState.APPLYING, BatchState.APPLIED, BatchState.PARTIAL)
FINISHED: Final = (BatchState.APPLIED, BatchState.PARTIAL)
NO_GRANT: Final = "The sender may enter data at no court any more"
JOB: Final = "import"
# Of each chunk the audit tells who, which rows, and the counts before and after; what each row did
# to its case is told by the row and by the activity. An event a row would double the import's time.
AUDITED: Final = frozenset({"import_batches", "aliases"})

log = get_logger(__name__)


class BatchTaken(Exception):
    """Another worker has moved the batch on."""


@dataclass(frozen=True, slots=True)
class BatchProcessing:
    """Runs batches. `services` builds the services of one session.

    Each chunk is worked on by the grants in force at that moment. Every method but `fail` raises
    GrantsUnavailable when auth does not say which these are: the batch can go on later.
    """

    database: Database
    calendar: CourtCalendar
    grants: GrantDirectory
    services: Callable[[AsyncSession], ChunkServices]
    max_new_spellings: int
    chunk_rows: int = CHUNK_ROWS

    async def run(self, batch_id: UUID, by: Actor | None = None) -> None:
        """Validate a batch and, when that is its mode, apply it; from wherever it stopped.

        `by` has asked for it to be applied; None stands for its sender. Of a batch that has been
        applied, the rows that still wait are looked at again on behalf of `by`.
        """
        with job(JOB, AUDITED):
            batch = await self._batch(batch_id)
            if batch is None:
                return
            try:
                await self._validate(batch_id, sender_of(batch))
                applied = await self._apply(batch_id, by or applier_of(batch))
                if by is not None and not applied:
                    await self._apply_waiting(batch_id, by, waiting())
            except BatchTaken:
                log.info("batch_taken", batch_id=str(batch_id))

    async def release(self, alias_id: UUID, by: Actor | None = None) -> None:
        """Look again at every applied batch's rows that wait for, or fell to, this spelling.

        They are applied on behalf of `by`, who has decided about it, or of their sender; rows of
        courts at which neither may write any more go on waiting for a user who may.
        """
        with job(JOB, AUDITED):
            await self._release(alias_id, by)

    async def _release(self, alias_id: UUID, by: Actor | None) -> None:
        async with self.database.transaction() as session:
            rows = self.services(session).rows
            released = {
                batch_id: await rows.released_by(alias_id, batch_id, self.max_new_spellings)
                for batch_id in await rows.batches_waiting_for(alias_id)
            }
        for batch_id, condition in released.items():
            batch = await self._batch(batch_id)
            sender = sender_of(batch) if batch is not None else None
            undecided = col(ImportRow.result).in_((RowResult.HELD, RowResult.REJECTED))
            for actor in filter(None, dict.fromkeys((by, sender))):
                await self._apply_waiting(batch_id, actor, condition, undecided)

    async def fail(self, batch_id: UUID, code: str, message: str) -> None:
        """End a batch that cannot go on; its file may be sent again."""
        async with self._hold(batch_id, (*TO_VALIDATE, *TO_APPLY)) as hold:
            if hold is not None:
                await hold.change(state=BatchState.FAILED, error_code=code, error=message)

    async def _batch(self, batch_id: UUID) -> ImportBatch | None:
        """The batch as it is now; who sent it never changes."""
        async with self.database.transaction() as session:
            imports = self.services(session).imports
            return await imports.first(imports.by_id(batch_id))

    async def _mandate(self, actor: Actor) -> Mandate:
        """What the actor may do now. Raises GrantsUnavailable."""
        return Mandate(actor, await self.grants.writable(actor))

    async def _validate(self, batch_id: UUID, sender: Actor) -> None:
        async with self._hold(batch_id, TO_VALIDATE) as hold:
            if hold is None:
                return
            await hold.change(state=BatchState.VALIDATING)
        with _scratch_file() as (path, file):
            await self._spool(batch_id, file)
            try:
                async with read_return(path) as opened:
                    await self._validate_file(batch_id, opened, sender)
            except FileUnreadable as error:
                await self.fail(batch_id, error.code, str(error))

    async def _validate_file(self, batch_id: UUID, file: FileReader, sender: Actor) -> None:
        done = await self._note_file(batch_id, file)
        if done is None:
            return
        while chunk := await file.chunk(self.chunk_rows, after=done):
            mandate = await self._mandate(sender)
            if mandate.scope.is_empty:
                # Nobody else can validate it: it ends, so that the file can be sent by another.
                await self.fail(batch_id, IssueCode.COURT_NOT_GRANTED, NO_GRANT)
                return
            async with self._hold(batch_id, (BatchState.VALIDATING,), mandate) as hold:
                if hold is None or hold.row.validated_rows != done:
                    raise BatchTaken
                tally = await hold.services.validation.validate(hold.batch, file.header, chunk)
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
            await hold.services.rows.replace_file_issues(batch_id, issues)
            if not file.header.is_usable:
                grave = [issue for issue in file.issues if issue.severity is Severity.REJECTED]
                await hold.change(state=BatchState.FAILED, **_error(grave))
                return None
            await hold.change(total_rows=max(file.about_rows, hold.row.validated_rows))
            return hold.row.validated_rows

    async def _conclude_validation(self, hold: Hold) -> None:
        counts = counts_of(hold.row)
        left = sum(counts.values()) - counts[RowResult.REJECTED] - counts[RowResult.EMPTY]
        values: dict[str, object] = {"state": BatchState.VALIDATED}
        if not left and counts[RowResult.REJECTED]:
            foreign = await hold.services.rows.count_rows_with(
                hold.row.id, IssueCode.COURT_NOT_GRANTED
            )
            if foreign == counts[RowResult.REJECTED]:
                # A return sent by the wrong clerk must not keep the right one from sending it.
                message = "Your grants cover none of the courts in this file"
                values = {"state": BatchState.FAILED}
                values |= _error([Issue(IssueCode.COURT_NOT_GRANTED, message)])
        await hold.change(total_rows=hold.row.validated_rows, **values)

    async def _apply(self, batch_id: UUID, by: Actor) -> bool:
        """Apply a batch that is to be applied; returns whether it was."""
        async with self._hold(batch_id, TO_APPLY, Mandate(by, NOWHERE)) as hold:
            if hold is None or hold.row.mode is not ImportMode.APPLY:
                return False
            done = hold.row.applied_rows
            await hold.change(state=BatchState.APPLYING)
        while True:
            mandate = await self._mandate(by)
            async with self._hold(batch_id, (BatchState.APPLYING,), mandate) as hold:
                if hold is None or hold.row.applied_rows != done:
                    raise BatchTaken
                rows = await hold.services.rows.next_rows(
                    batch_id, done, self.chunk_rows, to_apply()
                )
                if not rows:
                    state = settled_state(counts_of(hold.row))
                    await hold.change(state=state, applied_rows=hold.row.total_rows)
                    return True
                tally = await hold.services.application.apply(hold.batch, rows, done)
                done = rows[-1].row_no
                await hold.count(tally, applied_rows=done)

    async def _apply_waiting(self, batch_id: UUID, by: Actor, *wanted: ColumnElement[bool]) -> None:
        """Look again at wanted rows that have been dealt with once, on behalf of `by`."""
        after = 0
        while True:
            mandate = await self._mandate(by)
            async with self._hold(batch_id, RELEASING, mandate) as hold:
                if hold is None:
                    return  # what is not applied yet will be judged afresh when it is
                rows = await hold.services.rows.next_rows(
                    batch_id,
                    after,
                    self.chunk_rows,
                    *wanted,
                    col(ImportRow.row_no) <= hold.row.applied_rows,
                )
                if not rows:
                    if hold.row.state in FINISHED:
                        await hold.change(state=settled_state(counts_of(hold.row)))
                    return
                through = hold.row.applied_rows
                tally = await hold.services.application.apply(hold.batch, rows, through)
                after = rows[-1].row_no
                await hold.count(tally)

    async def _spool(self, batch_id: UUID, file: IO[bytes]) -> None:
        """Write the uploaded file to the worker's disk, since workbooks are read out of order."""
        async with self.database.snapshot() as session:
            async for piece in self.services(session).imports.pieces(batch_id):
                file.write(piece)
        file.flush()

    @asynccontextmanager
    async def _hold(
        self, batch_id: UUID, states: Collection[BatchState], mandate: Mandate | None = None
    ) -> AsyncIterator[Hold | None]:
        """One transaction that holds the batch; None when it is in none of these states.

        Without a mandate no row can be worked on.
        """
        async with AsyncExitStack() as stack:
            acting = stack.enter_context(job(JOB, AUDITED))
            session = await stack.enter_async_context(self.database.transaction())
            services = self.services(session)
            row = await services.imports.lock(batch_id)
            if row is None or row.state not in states:
                yield None
                return
            mandate = mandate or Mandate(applier_of(row), NOWHERE)
            acting["principal"] = author(mandate.actor)
            sent_on = row.created_at.astimezone(self.calendar.zone).date()
            yield Hold(row, Batch.of(row, sent_on, mandate), services, self.calendar.clock)


def _error(issues: list[Issue]) -> dict[str, object]:
    message = "; ".join(issue.message for issue in issues)
    return {"error_code": issues[0].code.value, "error": message}


@contextmanager
def _scratch_file() -> Iterator[tuple[Path, IO[bytes]]]:
    with tempfile.NamedTemporaryFile(prefix="return-") as file:
        yield Path(file.name), file
