"""Takes cases out of sight and brings them back: soft deletion, and the seal."""

from dataclasses import dataclass
from uuid import UUID

from common.clock import Clock
from common.versions import check_version
from core_service.access.actors import Actor
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.history.models import ChangeKind
from core_service.history.service import CaseHistory, Change
from core_service.ledger.service import Ledger


@dataclass(frozen=True, slots=True)
class CaseLifecycle:
    """Deletes, restores, seals and unseals; who may is checked by whoever calls."""

    cases: CaseService
    ledger: Ledger
    history: CaseHistory
    clock: Clock

    async def delete(
        self, case: Case, expected_version: int, reason: str | None, by: Actor
    ) -> None:
        """Delete a locked case softly: it leaves lists and figures, and keeps its number.

        Raises PreconditionFailed.
        """
        check_version(expected_version, case.version)
        before = case.model_dump()
        case.deleted_at = self.clock.now()
        await self.history.note(case, before, Change(ChangeKind.DELETED, reason), by)

    async def restore(self, case_id: UUID, visibility: Visibility, reason: str, by: Actor) -> Case:
        """Bring a deleted case back as it was. Raises CaseNotFound when none is deleted."""
        case = await self.cases.lock(case_id, visibility)
        before, since = case.model_dump(), case.deleted_at or self.clock.now()
        case.deleted_at = None
        await self.ledger.record_anew(case, since)
        await self.history.note(case, before, Change(ChangeKind.RESTORED, reason), by)
        return await self.cases.shown(case.id)

    async def seal(self, case: Case, reason: str, by: Actor, *, sealed: bool) -> Case:
        """Seal a locked case, or lift the seal; nothing changes when it is so already."""
        if case.sealed != sealed:
            before = case.model_dump()
            case.sealed = sealed
            kind = ChangeKind.SEALED if sealed else ChangeKind.UNSEALED
            await self.history.note(case, before, Change(kind, reason), by)
        return await self.cases.shown(case.id)
