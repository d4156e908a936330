"""Carries out reverts of imports: all of one in one transaction, or nothing of it."""

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
from core_service.audit.acting import job
from core_service.returns.models import BatchState, ImportMode
from core_service.returns.repository import ImportRepository
from core_service.returns.revert_repository import RevertRepository
from core_service.returns.reverting import CaseReverting, RevertRequests
from core_service.users.grants import GrantDirectory

JOB: Final = "import revert"
# The history of each case has what became of it; an event a case would repeat that.
AUDITED: Final = frozenset({"import_batches"})

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RevertJob:
    """Reverts imports, with the grants in force now."""

    units: Units
    grants: GrantDirectory
    clock: Clock

    async def run(self, batch_id: UUID, reason: str, by: Actor) -> None:
        """Revert a batch for which that was ordered; one that cannot be any more says why.

        Raises GrantsUnavailable when auth does not say what `by` may do now.
        """
        principal = await self.grants.principal(by)
        with job(JOB, AUDITED) as acting:
            acting["principal"] = principal
            try:
                async with self.units.begin() as unit:
                    await self._revert(unit, batch_id, reason, principal)
            except DomainError as error:
                log.info("import_not_reverted", batch_id=str(batch_id), error=error.code)
                await self.give_up(batch_id, error.code, error.detail)

    async def give_up(self, batch_id: UUID, code: str, message: str) -> None:
        """Leave a batch as it was before its revert was ordered."""
        async with self.units.begin() as unit:
            imports = unit.get(ImportRepository)
            batch = await imports.lock(batch_id)
            if batch is None or batch.state is not BatchState.REVERTING:
                return
            applied = batch.mode is ImportMode.APPLY
            state = batch.settled_state if applied else BatchState.VALIDATED
            now = self.clock.now()
            await imports.change(batch, state=state, error_code=code, error=message, updated_at=now)

    async def _revert(self, unit: Container, batch_id: UUID, reason: str, by: Principal) -> None:
        imports, reverts = unit.get(ImportRepository), unit.get(RevertRepository)
        batch = await imports.lock(batch_id)
        if batch is None or batch.state is not BatchState.REVERTING:
            return
        case_ids = await reverts.lock_cases(batch_id)
        for court_id in await reverts.courts(batch_id):
            require_court(deciding(by), court_id)
        # Asked again: something may have been recorded between the order and the locks.
        await unit.get(RevertRequests).require_free(batch)
        await unit.get(CaseReverting).revert(batch, case_ids, reason, Actor.of(by))
        await imports.change(batch, state=BatchState.REVERTED, updated_at=self.clock.now())
