"""Changes of cases that clerks ask for: one function for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from core_service.access.actors import Actor
from core_service.access.courts import EVERYWHERE
from core_service.activities.acts import STATUS_SET, act_record
from core_service.activities.records import Act
from core_service.activities.service import ActivityService
from core_service.activities.voiding import Voiding
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.models import CaseStatus
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.change_requests.deeds import Deed, Done, Rule, Wish, required
from core_service.change_requests.errors import RequestOutdated
from core_service.change_requests.models import RequestKind
from core_service.change_requests.orders import StatusOrder, check_status_order
from core_service.court_calendar import CourtCalendar
from core_service.transfers.orders import TransferOrder
from core_service.transfers.service import TransferService

DELETED_ONES = Visibility(EVERYWHERE, EVERYWHERE, deleted=True)


@dataclass(frozen=True, slots=True)
class CaseDeeds:
    """Voids, restores, transfers and orders."""

    cases: CaseService
    activities: ActivityService
    voiding: Voiding
    lifecycle: CaseLifecycle
    transfers: TransferService
    calendar: CourtCalendar

    def by_kind(self) -> Mapping[RequestKind, Deed]:
        """What does which kind."""
        return {
            RequestKind.VOID: self._void,
            RequestKind.RESTORE: self._restore,
            RequestKind.TRANSFER: self._transfer,
            RequestKind.STATUS: self._set_status,
        }

    def rules_by_kind(self) -> Mapping[RequestKind, Rule]:
        """The rules of proposals that involve another court.

        Trying the change would answer with what that court holds, or take as long as that takes.
        """
        return {RequestKind.TRANSFER: self._may_transfer, RequestKind.VOID: self._may_void}

    async def _may_transfer(self, wish: Wish) -> None:
        order = TransferOrder.model_validate(wish.terms)
        await self.transfers.require_proposable(required(wish.case_id), order)

    async def _may_void(self, wish: Wish) -> None:
        await self.voiding.require_live(required(wish.activity_id))

    async def _void(self, wish: Wish, by: Actor) -> Done:
        activity_id = required(wish.activity_id)
        # Held first: the other end of a transfer may have come or gone since the wish was made.
        (_, case), *_ = await self.voiding.hold(activity_id)
        if await self.activities.void_decided_at(activity_id, case) != wish.deciding_court_id:
            raise RequestOutdated("Another court decides on this void now")
        voided = await self.voiding.void(activity_id, required(wish.reason), by)
        return Done(voided.case_id, voided.id)

    async def _restore(self, wish: Wish, by: Actor) -> Done:
        case_id = required(wish.case_id)
        await self.lifecycle.restore(case_id, DELETED_ONES, required(wish.reason), by)
        return Done(case_id)

    async def _transfer(self, wish: Wish, by: Actor) -> Done:
        order = TransferOrder.model_validate(wish.terms)
        case_id, reason = required(wish.case_id), required(wish.reason)
        moved = await self.transfers.transfer(case_id, order, reason, by)
        return Done(moved.received_id)

    async def _set_status(self, wish: Wish, by: Actor) -> Done:
        order, case_id = StatusOrder.model_validate(wish.terms), required(wish.case_id)
        case = (await self.cases.lock_all([case_id]))[case_id]
        check_status_order(order, case, self.calendar.today())
        act = Act(CaseStatus(order.status))
        record = act_record(case.id, order.effective_on, STATUS_SET, act, required(wish.reason))
        recorded = await self.activities.record(record, by)
        return Done(case.id, recorded.activity_id)
