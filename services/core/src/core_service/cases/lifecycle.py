"""Deletes and restores cases, and seals them."""

from dataclasses import dataclass
from uuid import UUID

from common.clock import Clock
from common.writes import ExpectedVersion, check_version
from core_service.access.actors import Actor
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import Case, ChangeKind
from core_service.cases.service import CaseLedger, CaseService
from core_service.cases.visibility import Decider, Visibility


@dataclass(frozen=True, slots=True)
class CaseLifecycle:
    """What decides whether a case is shown, and to whom; its facts stay as they are."""

    cases: CaseService
    ledger: CaseLedger
    history: CaseHistory
    clock: Clock

    async def delete(
        self, case_id: UUID, expected: ExpectedVersion, reason: str | None, by: Decider
    ) -> None:
        """Delete a case softly: it leaves lists and figures, and keeps its number.

        Raises CaseNotFound, PermissionDenied, PreconditionFailed.
        """
        case = await self.cases.lock_for(case_id, by)
        check_version(expected, case.version)
        before = case.model_dump()
        case.deleted_at = self.clock.now()
        await self.history.note(case, before, Change(ChangeKind.DELETED, reason), by.actor)

    async def restore(self, case_id: UUID, visibility: Visibility, reason: str, by: Actor) -> Case:
        """Bring a deleted case back as it was. Raises CaseNotFound when none is deleted."""
        case = await self.cases.lock(case_id, visibility)
        before, since = case.model_dump(), case.deleted_at or self.clock.now()
        case.deleted_at = None
        await self.ledger.record_again(case, since)
        await self.history.note(case, before, Change(ChangeKind.RESTORED, reason), by)
        return await self.cases.shown(case.id)

    async def seal(self, case_id: UUID, reason: str, by: Decider, *, sealed: bool) -> Case:
        """Seal a case, or lift the seal. Raises CaseNotFound, PermissionDenied."""
        case = await self.cases.lock_for(case_id, by)
        await self.seal_locked(case, reason, by.actor, sealed=sealed)
        return await self.cases.shown(case.id)

    async def seal_locked(self, case: Case, reason: str, by: Actor, *, sealed: bool) -> None:
        """The same of a locked case; nothing changes when it is so already.

        A seal that came with the file is not decided yet: without a decision it goes with the file.
        """
        if case.sealed != sealed or (sealed and not await self._is_decided(case)):
            before = case.model_dump()
            case.sealed = sealed
            kind = ChangeKind.SEALED if sealed else ChangeKind.UNSEALED
            await self.history.note(case, before, Change(kind, reason), by)

    async def _is_decided(self, case: Case) -> bool:
        return case.id in await self.history.sealed_by_decision([case.id])
