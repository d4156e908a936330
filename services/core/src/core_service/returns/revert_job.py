"""Carries out reverts of imports: begun as a whole or not at all, then part by part to the end.

`applied_rows` counts back to 0, so that a watcher sees how far it is, and a killed worker's
successor goes on where it stopped.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from common.clock import Clock
from common.composition import Container, Units
from common.errors import DomainError
from common.identity import Principal
from common.logs import get_logger
from core_service.access.actors import Actor
from core_service.access.courts import deciding, require_court
from core_service.activities.reverting import ImportReverting
from core_service.audit.acting import job
from core_service.returns.models import BatchState, ImportBatch, ImportMode
from core_service.returns.repository import ImportRepository
from core_service.returns.revert_repository import LaterImports
from core_service.returns.reverting import RevertRequests
from core_service.returns.turns import Turns
from core_service.sources import Source, SourceKind
from core_service.users.grants import GrantDirectory

JOB: Final = "import revert"
# The history of each case has what became of it; an event a case would repeat that.
AUDITED: Final = frozenset({"import_batches"})
PART_ROWS: Final = 2000

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RevertServices:
    """What the transaction of one part uses."""

    imports: ImportRepository
    later: LaterImports
    requests: RevertRequests
    reverting: ImportReverting


@dataclass(frozen=True, slots=True)
class RevertJob:
    """Reverts imports, with the grants in force now."""

    units: Units
    grants: GrantDirectory
    clock: Clock
    turns: Turns
    part_rows: int = PART_ROWS

    async def run(self, batch_id: UUID, reason: str, by: Actor) -> None:
        """Revert a batch for which that was ordered; one that cannot be any more says why.

        Raises GrantsUnavailable when auth does not say what `by` may do now.
        """
        principal = await self.grants.principal(by)
        with job(JOB, AUDITED) as acting:
            acting["principal"] = principal
            async with self.turns.among_others():
                try:
                    await self._begin(batch_id, reason, principal)
                except DomainError as error:
                    log.info("import_not_reverted", batch_id=str(batch_id), error=error.code)
                    await self.give_up(batch_id, error.code, error.detail)
                while await self._revert_part(batch_id, reason, Actor.of(principal)):
                    pass

    async def give_up(self, batch_id: UUID, code: str, message: str) -> None:
        """Leave a batch as it was before its revert was ordered; once that has begun, to be
        ordered again.
        """
        async with self.units.begin() as unit:
            services = unit.get(RevertServices)
            batch = await self._lock(services, batch_id)
            if batch is None:
                return
            state = batch.settled_state
            if await services.reverting.is_begun(batch_id):
                state = BatchState.REVERTING
            elif batch.mode is not ImportMode.APPLY:
                state = BatchState.VALIDATED
            await self._change(services, batch, state=state, error_code=code, error=message)

    async def _begin(self, batch_id: UUID, reason: str, by: Principal) -> None:
        # No turn: Postgres does nearly all of it, and a batch that has the turn may have to wait
        # for the cases.
        async with self.units.begin() as unit:
            services = unit.get(RevertServices)
            batch, reverting = await self._lock(services, batch_id), services.reverting
            if batch is None or await reverting.is_begun(batch_id):
                return
            await reverting.lock_cases(batch_id)
            for court_id in await reverting.courts(batch_id):
                require_court(deciding(by), court_id)
            # Asked again: something may have been recorded between the order and the locks.
            await services.requests.require_free(batch)
            await reverting.begin(batch_id, reason, Actor.of(by))

    async def _revert_part(self, batch_id: UUID, reason: str, by: Actor) -> bool:
        """Revert the cases of the last rows that are left; whether there were any."""
        async with self._turn() as unit:
            services = unit.get(RevertServices)
            batch = await self._lock(services, batch_id)
            if batch is None:
                return False
            limit = self.turns.rows(self.part_rows)
            part = await services.reverting.part(batch_id, batch.applied_rows, limit)
            if part is None:
                state = BatchState.REVERTED
                await self._change(services, batch, state=state, applied_rows=0)
                return False
            stated = await services.later.overruled(batch_id, part.case_ids)
            source = Source(SourceKind.IMPORT, batch_id, batch.filename)
            await services.reverting.revert(source, part.case_ids, stated, reason, by)
            await self._change(services, batch, applied_rows=part.rest)
            return True

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[Container]:
        async with self.turns.lock, self.units.begin() as unit:
            yield unit

    async def _lock(self, services: RevertServices, batch_id: UUID) -> ImportBatch | None:
        """The batch, locked while it is to be reverted."""
        batch = await services.imports.lock(batch_id)
        return batch if batch is not None and batch.state is BatchState.REVERTING else None

    async def _change(self, services: RevertServices, batch: ImportBatch, **values: object) -> None:
        await services.imports.change(batch, updated_at=self.clock.now(), **values)
