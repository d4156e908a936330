"""Takes a batch from upload to its end, chunk by chunk; a killed worker loses and repeats nothing.

Each chunk is one transaction that locks the batch's row: what it does to the registry, its rows'
results, the counts and the progress are committed together. A run begins where the last one
stopped; a second worker finds that the batch has moved on and leaves it alone.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col

from common.composition import Units
from common.logs import get_logger
from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE
from core_service.audit.acting import job
from core_service.court_calendar import CourtCalendar
from core_service.returns.at_once import AtOnce
from core_service.returns.files.limits import FileUnreadable
from core_service.returns.files.reader import FileReader
from core_service.returns.intake import (
    NO_GRANT,
    UNFINISHED,
    FileIntake,
    end_validation,
    store_file_issues,
)
from core_service.returns.issues import IssueCode
from core_service.returns.judging.chunk import WriteAccess
from core_service.returns.locking import AUDITED, JOB, TO_APPLY, TO_VALIDATE, BatchLocks, BatchTaken
from core_service.returns.models import (
    BatchState,
    ImportBatch,
    ImportLimits,
    ImportMode,
    ImportRow,
    RowResult,
)
from core_service.returns.repository import ImportRepository
from core_service.returns.row_repository import RowRepository, to_apply, waiting
from core_service.returns.spelling_repository import SpellingRepository
from core_service.returns.turns import Turns
from core_service.users.grants import GrantDirectory

CHUNK_ROWS: Final = 5000
# Restarts and files of others end a worker too; a file that does so by itself gets no further.
MAX_DEATHS: Final = 10
DIED: Final = "Workers died while they processed the import; inform operations"
RELEASING: Final = (BatchState.APPLYING, BatchState.APPLIED, BatchState.PARTIAL)
FINISHED: Final = (BatchState.APPLIED, BatchState.PARTIAL)

log = get_logger(__name__)


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
                    applied = await self._process(batch, by or batch.applier)
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
            with suppress(BatchTaken):
                await self._compare(batch_id, by)
                async with self._locks.validating(batch_id) as locked:
                    await locked.change(state=BatchState.VALIDATED)

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
        await FileIntake(self._locks).fail(batch_id, code, message)

    async def count_death(self, batch_id: UUID) -> None:
        """A worker has died while it processed the batch, which ends when none gets further."""
        with job(JOB, AUDITED):
            async with self._locks.lock(batch_id, UNFINISHED) as locked:
                if locked is None:
                    return
                reached, furthest = _reached(locked.row), locked.row.furthest
                deaths = 1 if reached > furthest else locked.row.deaths + 1
                await locked.change(deaths=deaths, furthest=max(reached, furthest))
        if deaths >= MAX_DEATHS:
            await self.fail(batch_id, "internal-error", DIED)

    @property
    def _locks(self) -> BatchLocks:
        return BatchLocks(self.units, self.calendar, self.grants, self.turns)

    async def _process(self, batch: ImportBatch, by: Actor) -> bool:
        """Validate the batch and apply it, when that is its mode; whether it was applied."""
        at_once = AtOnce(self._locks, self.chunk_rows)
        try:
            if await self._is_to_be_read(batch) and await at_once.run(batch, by):
                return True
            await self._validate(batch.id, batch.sender)
        except FileUnreadable as error:
            await self.fail(batch.id, error.code, str(error))
        return await self._apply(batch.id, by)

    async def _is_to_be_read(self, batch: ImportBatch) -> bool:
        """Whether the batch is to be applied and its rows are not stored."""
        if batch.mode is not ImportMode.APPLY or batch.state not in (*TO_VALIDATE, *TO_APPLY):
            return False
        if batch.total_rows and batch.applied_rows >= batch.total_rows:
            return False
        async with self.units.begin() as unit:
            imports, rows = unit.get(ImportRepository), unit.get(RowRepository)
            await imports.first(imports.by_id(batch.id))  # whose rows are read is found first
            return not await rows.any_after(batch.id, batch.applied_rows)

    async def _batch(self, batch_id: UUID) -> ImportBatch | None:
        async with self.units.begin() as unit:
            imports = unit.get(ImportRepository)
            return await imports.first(imports.by_id(batch_id))

    async def _released(self, alias_id: UUID) -> dict[UUID, ColumnElement[bool]]:
        """The batches with rows about this spelling, and the condition on their rows."""
        async with self.units.begin() as unit:
            spellings, limit = unit.get(SpellingRepository), self.limits.max_new_spellings
            return {
                batch_id: await spellings.released_by(alias_id, batch_id, limit)
                for batch_id in await spellings.batches_waiting_for(alias_id)
            }

    async def _validate(self, batch_id: UUID, sender: Actor) -> None:
        async with self._locks.lock(batch_id, TO_VALIDATE) as locked:
            if locked is None:
                return
            await locked.change(state=BatchState.VALIDATING)
            batch = locked.row
        async with FileIntake(self._locks).opened(batch) as opened:
            await self._validate_file(batch_id, opened, sender)

    async def _validate_file(self, batch_id: UUID, file: FileReader, sender: Actor) -> None:
        locks, intake = self._locks, FileIntake(self._locks)
        done = await intake.begin(batch_id, file, again=False)
        if done is None:
            return
        while chunk := await file.chunk(self.turns.rows(self.chunk_rows), after=done):
            access = await locks.access(sender)
            if access.scope.is_empty:
                # No other user can validate it: it ends, so that another can send the file.
                await intake.fail(batch_id, IssueCode.COURT_NOT_GRANTED, NO_GRANT)
                return
            async with locks.validating(batch_id, done, access) as locked:
                tally = await locked.services.validation.validate(locked.batch, file.header, chunk)
                done = chunk[-1].last_row_no
                total = max(locked.row.total_rows, done)
                await locked.count(tally, validated_rows=done, total_rows=total)
        await self._compare(batch_id, sender)
        async with locks.validating(batch_id, done) as locked:
            await store_file_issues(locked, file.issues)  # all are known at the file's end
            await end_validation(locked)

    async def _compare(self, batch_id: UUID, by: Actor) -> None:
        """Compare stored rows with the registry, all rows about a case together."""
        while True:
            access = await self._locks.access(by)
            async with self._locks.validating(batch_id, access=access) as locked:
                services, after = locked.services, locked.row.compared_group
                limit = self.turns.rows(self.chunk_rows)
                groups = await services.rows.next_groups(batch_id, after, limit)
                if not groups:
                    return
                tally = await services.validation.compare(locked.batch, groups)
                await locked.count(tally, compared_group=groups[-1])

    async def _validate_chunk_again(self, batch_id: UUID, done: int, by: Actor) -> int | None:
        """Judge the rows after `done` again; the last of them, None when there are none left."""
        access = await self._locks.access(by)
        async with self._locks.lock(batch_id, (BatchState.VALIDATING,), access) as locked:
            if locked is None:
                return None
            services = locked.services
            rows = await services.rows.next_rows(batch_id, done, self.chunk_rows, to_apply())
            if not rows:
                return None
            tally = await services.validation.validate_again(locked.batch, rows)
            await locked.count(tally, compared_group=None)
            return rows[-1].row_no

    async def _apply(self, batch_id: UUID, by: Actor) -> bool:
        """Apply a batch that is to be applied; returns whether it was."""
        async with self._locks.lock(batch_id, TO_APPLY, WriteAccess(by, NOWHERE)) as locked:
            if locked is None or locked.row.mode is not ImportMode.APPLY:
                return False
            done: int | None = locked.row.applied_rows
            await locked.change(state=BatchState.APPLYING)
        while done is not None:
            done = await self._apply_chunk(batch_id, done, by)
        return True

    async def _apply_chunk(self, batch_id: UUID, done: int, by: Actor) -> int | None:
        """Apply the rows after `done`; the last of them, None when there are none left."""
        access = await self._locks.access(by)
        async with self._locks.applying(batch_id, done, access) as locked:
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
        access = await self._locks.access(by)
        async with self._locks.lock(batch_id, RELEASING, access) as locked:
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


def _reached(batch: ImportBatch) -> float:
    """How far the batch has come; rows that are compared count as a part of one."""
    group = batch.compared_group
    compared = 0.0 if group is None else group / 2**64 + 0.5
    return batch.validated_rows + batch.applied_rows + compared
