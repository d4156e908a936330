"""A batch's transaction, which locks its row. What is done to the registry in it, the rows'
results, the counts and the progress are committed together.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from common.composition import Units
from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE
from core_service.audit.acting import job
from core_service.court_calendar import CourtCalendar
from core_service.returns import batch_metrics
from core_service.returns.application import ChunkApplication
from core_service.returns.judging.chunk import Batch, WriteAccess
from core_service.returns.models import BatchState, ImportBatch
from core_service.returns.repository import ImportRepository
from core_service.returns.results import Tally
from core_service.returns.row_repository import RowRepository
from core_service.returns.turns import Turns
from core_service.returns.validation import ChunkValidation
from core_service.users.grants import GrantDirectory

TO_VALIDATE: Final = (BatchState.UPLOADED, BatchState.VALIDATING)
TO_APPLY: Final = (BatchState.VALIDATED, BatchState.APPLYING)
JOB: Final = "import"
# The audit of a chunk holds who, which rows, and the counts before and after; the row and the
# activity hold what each did to its case. An event a row would double the import's time.
AUDITED: Final = frozenset({"import_batches", "aliases"})


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
    calendar: CourtCalendar

    async def change(self, **values: object) -> None:
        """Write columns of the batch."""
        await self.services.imports.change(self.row, updated_at=self.calendar.clock.now(), **values)

    async def count(self, tally: Tally, **values: object) -> None:
        """Write changed counts, and other columns with them."""
        await self.change(**tally.columns(self.row), **values)


@dataclass(frozen=True, slots=True)
class BatchLocks:
    """Locks batches, in their turns, with the grants in force at that moment.

    Raises GrantsUnavailable when auth does not say which these are.
    """

    units: Units
    calendar: CourtCalendar
    grants: GrantDirectory
    turns: Turns

    async def access(self, actor: Actor) -> WriteAccess:
        return WriteAccess(actor, await self.grants.writable(actor))

    @asynccontextmanager
    async def lock(
        self, batch_id: UUID, states: Collection[BatchState], access: WriteAccess | None = None
    ) -> AsyncIterator[LockedBatch | None]:
        """A transaction that locks the batch; None when in none of these states.

        With `access` rows can be processed, and it waits for its turn.
        """
        turn = nullcontext() if access is None else self.turns.lock
        with job(JOB, AUDITED) as acting:
            async with turn, self.units.begin() as unit:
                services = unit.get(ChunkServices)
                row = await services.imports.lock(batch_id)
                if row is None or row.state not in states:
                    yield None
                    return
                before = row.state
                access = access or WriteAccess(row.applier, NOWHERE)
                acting["principal"] = access.principal
                sent_on = self.calendar.day_of(row.created_at)
                batch = Batch.of(row, sent_on, access)
                yield LockedBatch(row, batch, services, self.calendar)
            if before in batch_metrics.WORKING and row.state in batch_metrics.ENDS:
                batch_metrics.count_end(row)

    @asynccontextmanager
    async def validating(
        self, batch_id: UUID, done: int | None = None, access: WriteAccess | None = None
    ) -> AsyncIterator[LockedBatch]:
        """The batch, locked while `done` rows are validated. Raises BatchTaken."""
        async with self.lock(batch_id, (BatchState.VALIDATING,), access) as locked:
            if locked is None or done not in (None, locked.row.validated_rows):
                raise BatchTaken
            yield locked

    @asynccontextmanager
    async def applying(
        self, batch_id: UUID, done: int, access: WriteAccess | None = None
    ) -> AsyncIterator[LockedBatch]:
        """The batch, locked while `done` rows are applied. Raises BatchTaken."""
        async with self.lock(batch_id, (BatchState.APPLYING,), access) as locked:
            if locked is None or locked.row.applied_rows != done:
                raise BatchTaken
            yield locked
