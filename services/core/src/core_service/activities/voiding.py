"""Voids activities: what was recorded stays to be read, and counts no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor, mark_updated
from core_service.activities.errors import ActivityAlreadyCorrected, ActivityNotFound
from core_service.activities.repository import ActivityRepository
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import Case, ChangeKind
from core_service.cases.service import CaseService
from core_service.ledger.models import CaseActivity, VoidReason
from core_service.ledger.service import Ledger


@dataclass(frozen=True, slots=True)
class Voiding:
    activities: ActivityRepository
    cases: CaseService
    ledger: Ledger
    history: CaseHistory
    clock: Clock

    async def void(
        self, activity_id: UUID, note: str, by: Actor, why: VoidReason = VoidReason.VOIDED
    ) -> CaseActivity:
        """Void an activity; of a transfer both ends, so that a file is never at no court.

        Raises ActivityNotFound, ActivityAlreadyCorrected.
        """
        ends = await self.hold(activity_id)
        for activity, case in ends:
            await self._void(activity, case, note, by, why)
        return ends[0][0]

    async def require_live(self, activity_id: UUID) -> None:
        """Raise unless the activity can be voided, without a look at the other end of a transfer.

        Raises ActivityNotFound, ActivityAlreadyCorrected.
        """
        activity = await self.activities.first(self.activities.fresh(activity_id))
        if activity is None:
            raise ActivityNotFound
        if activity.voided_at is not None:
            raise ActivityAlreadyCorrected

    async def hold(self, activity_id: UUID) -> Sequence[tuple[CaseActivity, Case]]:
        """What a void of the activity would void, it first, with the cases locked, deleted or not.

        Raises ActivityNotFound, ActivityAlreadyCorrected.
        """
        ends = await self._ends(activity_id)
        cases = await self.cases.lock_all({end.case_id for end in ends})
        if await self._ends(activity_id) != ends or ends[0].voided_at is not None:
            raise ActivityAlreadyCorrected
        return [(end, cases[end.case_id]) for end in ends]

    async def _void(
        self, activity: CaseActivity, case: Case, note: str, by: Actor, why: VoidReason
    ) -> None:
        before, now = case.model_dump(), self.clock.now()
        activity.voided_at, activity.void_reason, activity.void_note = now, why, note
        mark_updated(activity, by, now)
        await self.activities.session.flush()
        await self.ledger.refresh(case)
        facts = {"activity_id": activity.id}
        await self.history.note(case, before, Change(ChangeKind.VOIDED, note, facts=facts), by)

    async def _ends(self, activity_id: UUID) -> Sequence[CaseActivity]:
        """The activity as it is now, first, and what must be voided with it."""
        activity = await self.activities.first(self.activities.fresh(activity_id))
        if activity is None:
            raise ActivityNotFound
        other = await self.activities.answer_to(activity.id)
        if other is None and activity.counterpart_id is not None:
            departure = await self.activities.first(self.activities.fresh(activity.counterpart_id))
            # A departure that a return reported is valid without an arrival.
            other = departure if departure and departure.sets_status is not None else None
        return [activity] if other is None else [activity, other]
