"""Takes a batch from upload to its end, chunk by chunk; a killed worker loses and repeats nothing.

Each chunk is one transaction that locks the batch's row: what it does to the registry, its rows'
results, the counts and the progress are committed together. A run begins where the last one
stopped; a second worker finds that the batch has moved on and leaves it alone.
"""

import tempfile
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col

from common.clock import Clock
from common.composition import Units
from common.logs import get_logger
from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE
from core_service.audit.acting import job
from core_service.court_calendar import CourtCalendar
from core_service.returns.application import ChunkApplication
from core_service.returns.files.limits import FileUnreadable
from core_service.returns.files.reader import FileReader, read_return
from core_service.returns.issues import Issue, IssueCode, Severity
from core_service.returns.judging.chunk import Batch, WriteAccess, issue_values
from core_service.returns.models import (
    BatchState,
    ImportBatch,
    ImportLimits,
    ImportMode,
    ImportRow,
    RowResult,
)
from core_service.returns.repository import ImportRepository
from core_service.returns.results import Tally
from core_service.returns.row_repository import FILE_ROW, RowRepository, to_apply, waiting
from core_service.returns.turns import Turns
from core_service.returns.validation import ChunkValidation
from core_service.users.grants import GrantDirectory

CHUNK_ROWS: Final = 4000
TO_VALIDATE: Final = (BatchState.UPLOADED, BatchState.VALIDATING)
TO_APPLY: Final = (BatchState.VALIDATED, BatchState.APPLYING)
RELEASING: Final = (BatchState.APPLYING, BatchState.APPLIED, BatchState.PARTIAL)
FINISHED: Final = (BatchState.APPLIED, BatchState.PARTIAL)
NO_GRANT: Final = "The sender may enter data at no court any more"
ALL_FOREIGN: Final = "Your grants cover none of the courts in this file"
JOB: Final = "import"
# The audit of a chunk holds who, which rows, and the counts before and after; the row and the
# activity hold what each did to its case. An event a row would double the import's time.
AUDITED: Final = frozenset({"import_batches", "aliases"})

log = get_logger(__name__)


class BatchTaken(Exception):
    """Another worker has moved the batch on."""


@dataclass(frozen=True, slots=True)
class ChunkServices:
    """What the transaction of one chunk uses."""

    imports: ImportRepository
    rows: RowRepository
    validation: ChunkValidation
    application: ChunkApplication


@dataclass(frozen=True, slots=True)
class LockedBatch:
    """A batch whose row is locked until the transaction ends."""

    row: ImportBatch
    batch: Batch
    services: ChunkServices
    clock: Clock

    async def change(self, **values: object) -> None:
        """Write columns of the batch."""
        await self.services.imports.change(self.row, updated_at=self.clock.now(), **values)

    async def count(self, tally: Tally, **values: object) -> None:
        """Write changed counts, and other columns with them."""
        await self.change(**tally.columns(self.row), **values)


@dataclass(frozen=True, slots=True)
class BatchProcessing:
    """Runs batches.

    Each chunk is processed with the grants in force at that moment. Every method but `fail` raises
    GrantsUnavailable when auth does not say which these are: the batch can be continued later.
    """

    units: Units
    calendar: CourtCalendar
    grants: GrantDirectory
    limits: ImportLimits
    turns: Turns
    chunk_rows: int = CHUNK_ROWS

    async def run(self, batch_id: UUID, by: Actor | None = None) -> None:
        """Validate a batch and, when that is its mode, apply it; from wherever it stopped.

        `by` has requested the application; None stands for the sender. Of a batch that is applied
        already, the rows that still wait are judged again on behalf of `by`.
        """
        with job(JOB, AUDITED):
            batch = await self._batch(batch_id)
            if batch is None:
                return
            try:
                async with self.turns.among_others():
                    await self._validate(batch_id, batch.sender)
                    applied = await self._apply(batch_id, by or batch.applier)
                    if by is not None and not applied:
                        await self._apply_waiting(batch_id, by, waiting())
            except BatchTaken:
                log.info("batch_taken", batch_id=str(batch_id))

    async def validate_again(self, batch_id: UUID, by: Actor) -> None:
        """Judge the rows of a validated batch again, as far as `by` may enter data."""
        with job(JOB, AUDITED):
            done: int | None = 0
            while done is not None:
                done = await self._validate_chunk_again(batch_id, done, by)

    async def release(self, alias_id: UUID, by: Actor | None = None) -> None:
        """Judge the rows of applied batches again that waited for, or were rejected by, this alias.

        They are applied on behalf of `by`, who decided about it, or of their sender; rows of courts
        where neither may write any more go on waiting for a user who may.
        """
        with job(JOB, AUDITED):
            for batch_id, condition in (await self._released(alias_id)).items():
                batch = await self._batch(batch_id)
                sender = batch.sender if batch is not None else None
                undecided = col(ImportRow.result).in_((RowResult.HELD, RowResult.REJECTED))
                for actor in filter(None, dict.fromkeys((by, sender))):
                    await self._apply_waiting(batch_id, actor, condition, undecided)

    async def fail(self, batch_id: UUID, code: str, message: str) -> None:
        """End a batch that cannot be continued; its file may be sent again."""
        async with self._lock(batch_id, (*TO_VALIDATE, *TO_APPLY)) as locked:
            if locked is not None:
                await locked.change(state=BatchState.FAILED, error_code=code, error=message)

    async def _batch(self, batch_id: UUID) -> ImportBatch | None:
        async with self.units.begin() as unit:
            imports = unit.get(ImportRepository)
            return await imports.first(imports.by_id(batch_id))

    async def _released(self, alias_id: UUID) -> dict[UUID, ColumnElement[bool]]:
        """The batches with rows about this spelling, and the condition on their rows."""
        async with self.units.begin() as unit:
            rows = unit.get(RowRepository)
            return {
                batch_id: await rows.released_by(alias_id, batch_id, self.limits.max_new_spellings)
                for batch_id in await rows.batches_waiting_for(alias_id)
            }

    async def _access(self, actor: Actor) -> WriteAccess:
        return WriteAccess(actor, await self.grants.writable(actor))

    async def _validate(self, batch_id: UUID, sender: Actor) -> None:
        async with self._lock(batch_id, TO_VALIDATE) as locked:
            if locked is None:
                return
            court_is_known = locked.row.court_id is not None
            await locked.change(state=BatchState.VALIDATING)
        # On the worker's disk, since workbooks are not read from start to end.
        with tempfile.NamedTemporaryFile(prefix="return-") as file:
            async with self.units.view() as unit:
                await unit.get(ImportRepository).copy_file(batch_id, file)
            try:
                path = Path(file.name)
                async with read_return(path, court_is_known=court_is_known) as opened:
                    await self._validate_file(batch_id, opened, sender)
            except FileUnreadable as error:
                await self.fail(batch_id, error.code, str(error))

    async def _validate_file(self, batch_id: UUID, file: FileReader, sender: Actor) -> None:
        done = await self._begin_file(batch_id, file)
        if done is None:
            return
        while chunk := await file.chunk(self.turns.rows(self.chunk_rows), after=done):
            access = await self._access(sender)
            if access.scope.is_empty:
                # No other user can validate it: it ends, so that another can send the file.
                await self.fail(batch_id, IssueCode.COURT_NOT_GRANTED, NO_GRANT)
                return
            async with self._validating(batch_id, done, access) as locked:
                tally = await locked.services.validation.validate(locked.batch, file.header, chunk)
                done = chunk[-1].last_row_no
                total = max(locked.row.total_rows, done)
                await locked.count(tally, validated_rows=done, total_rows=total)
        async with self._validating(batch_id, done) as locked:
            await _store_file_issues(locked, file.issues)  # all are known at the file's end
            await _end_validation(locked)

    async def _begin_file(self, batch_id: UUID, file: FileReader) -> int | None:
        """Store the issues of the file; the rows validated so far, None when it is unusable."""
        async with self._validating(batch_id) as locked:
            await _store_file_issues(locked, file.issues)
            if not file.header.is_usable:
                fatal = [issue for issue in file.issues if issue.severity is Severity.REJECTED]
                await locked.change(state=BatchState.FAILED, **_error(fatal))
                return None
            await locked.change(total_rows=max(file.about_rows, locked.row.validated_rows))
            return locked.row.validated_rows

    @asynccontextmanager
    async def _validating(
        self, batch_id: UUID, done: int | None = None, access: WriteAccess | None = None
    ) -> AsyncIterator[LockedBatch]:
        """The batch, locked while `done` rows are validated. Raises BatchTaken."""
        async with self._lock(batch_id, (BatchState.VALIDATING,), access) as locked:
            if locked is None or done not in (None, locked.row.validated_rows):
                raise BatchTaken
            yield locked

    async def _validate_chunk_again(self, batch_id: UUID, done: int, by: Actor) -> int | None:
        """Judge the rows after `done` again; the last of them, None when there are none left."""
        access = await self._access(by)
        async with self._lock(batch_id, (BatchState.VALIDATING,), access) as locked:
            if locked is None:
                return None
            services = locked.services
            rows = await services.rows.next_rows(batch_id, done, self.chunk_rows, to_apply())
            if not rows:
                await locked.change(state=BatchState.VALIDATED)
                return None
            await locked.count(await services.validation.validate_again(locked.batch, rows))
            return rows[-1].row_no

    async def _apply(self, batch_id: UUID, by: Actor) -> bool:
        """Apply a batch that is to be applied; returns whether it was."""
        async with self._lock(batch_id, TO_APPLY, WriteAccess(by, NOWHERE)) as locked:
            if locked is None or locked.row.mode is not ImportMode.APPLY:
                return False
            done: int | None = locked.row.applied_rows
            await locked.change(state=BatchState.APPLYING)
        while done is not None:
            done = await self._apply_chunk(batch_id, done, by)
        return True

    async def _apply_chunk(self, batch_id: UUID, done: int, by: Actor) -> int | None:
        """Apply the rows after `done`; the last of them, None when there are none left."""
        access = await self._access(by)
        async with self._lock(batch_id, (BatchState.APPLYING,), access) as locked:
            if locked is None or locked.row.applied_rows != done:
                raise BatchTaken
            services = locked.services
            limit = self.turns.rows(self.chunk_rows)
            rows = await services.rows.next_rows(batch_id, done, limit, to_apply())
            if not rows:
                state, total = locked.row.settled_state, locked.row.total_rows
                await locked.change(state=state, applied_rows=total)
                return None
            tally = await services.application.apply(locked.batch, rows, done)
            await locked.count(tally, applied_rows=rows[-1].row_no)
            return rows[-1].row_no

    async def _apply_waiting(self, batch_id: UUID, by: Actor, *wanted: ColumnElement[bool]) -> None:
        """Apply wanted rows that application has passed over before, on behalf of `by`."""
        done: int | None = 0
        while done is not None:
            done = await self._apply_waiting_chunk(batch_id, done, by, wanted)

    async def _apply_waiting_chunk(
        self, batch_id: UUID, done: int, by: Actor, wanted: Collection[ColumnElement[bool]]
    ) -> int | None:
        access = await self._access(by)
        async with self._lock(batch_id, RELEASING, access) as locked:
            if locked is None:
                return None  # rows that are not applied yet are judged again when they are
            services, through = locked.services, locked.row.applied_rows
            wanted = (*wanted, col(ImportRow.row_no) <= through)
            limit = self.turns.rows(self.chunk_rows)
            rows = await services.rows.next_rows(batch_id, done, limit, *wanted)
            if not rows:
                if locked.row.state in FINISHED:
                    await locked.change(state=locked.row.settled_state)
                return None
            await locked.count(await services.application.apply(locked.batch, rows, through))
            return rows[-1].row_no

    @asynccontextmanager
    async def _lock(
        self, batch_id: UUID, states: Collection[BatchState], access: WriteAccess | None = None
    ) -> AsyncIterator[LockedBatch | None]:
        """The next turn: a transaction that locks the batch; None when in none of these states.

        Without `access` no row can be processed.
        """
        with job(JOB, AUDITED) as acting:
            async with self.turns.lock, self.units.begin() as unit:
                services = unit.get(ChunkServices)
                row = await services.imports.lock(batch_id)
                if row is None or row.state not in states:
                    yield None
                    return
                access = access or WriteAccess(row.applier, NOWHERE)
                acting["principal"] = access.principal
                sent_on = row.created_at.astimezone(self.calendar.zone).date()
                batch = Batch.of(row, sent_on, access)
                yield LockedBatch(row, batch, services, self.calendar.clock)


async def _store_file_issues(locked: LockedBatch, issues: Sequence[Issue]) -> None:
    sent_before = await locked.services.imports.sent_before(locked.row)
    found = (*issues, *map(_dup_file, sent_before))
    values = issue_values(locked.row.id, FILE_ROW, found, {})
    await locked.services.rows.replace_file_issues(locked.row.id, values)


async def _end_validation(locked: LockedBatch) -> None:
    counts, state = locked.row.counts, BatchState.VALIDATED
    rejected = counts[RowResult.REJECTED]
    error: dict[str, object] = {}
    if rejected and sum(counts.values()) == rejected + counts[RowResult.EMPTY]:
        code = IssueCode.COURT_NOT_GRANTED
        if await locked.services.rows.count_rows_with(locked.row.id, code) == rejected:
            # A return sent by the wrong clerk must not keep the right one from sending it.
            state, error = BatchState.FAILED, _error([Issue(code, ALL_FOREIGN)])
    await locked.change(total_rows=locked.row.validated_rows, state=state, **error)


def _dup_file(earlier: ImportBatch) -> Issue:
    sent, became = f"{earlier.created_at:%Y-%m-%d}", earlier.state.value
    message = f"The same file was sent on {sent} as {earlier.filename}; that import is {became}"
    return Issue(IssueCode.DUP_FILE, message)


def _error(issues: list[Issue]) -> dict[str, object]:
    message = "; ".join(issue.message for issue in issues)
    return {"error_code": issues[0].code.value, "error": message}
