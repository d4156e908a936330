"""Does what was asked for: one function for each kind of request."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from core_service.access.actors import Actor
from core_service.access.courts import EVERYWHERE, Visibility
from core_service.activities.acts import STATUS_SET, act_record
from core_service.activities.records import Act
from core_service.activities.service import ActivityService
from core_service.activities.voiding import Voiding
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.models import Case, CaseStatus
from core_service.cases.service import CaseService
from core_service.change_requests.models import RequestKind
from core_service.change_requests.orders import StatusOrder, check_status_order
from core_service.court_calendar import CourtCalendar
from core_service.transfers.orders import TransferOrder
from core_service.transfers.service import TransferService

DELETED_ONES = Visibility(EVERYWHERE, EVERYWHERE, deleted=True)


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that needs an administrator of the deciding court."""

    kind: RequestKind
    case_id: UUID
    court_id: UUID
    deciding_court_id: UUID
    reason: str
    activity_id: UUID | None = None
    terms: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What a change has left behind: the case to show, the activity where it is about one."""

    case_id: UUID
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Deeds:
    """The changes that clerks ask for."""

    cases: CaseService
    activities: ActivityService
    voiding: Voiding
    lifecycle: CaseLifecycle
    transfers: TransferService
    calendar: CourtCalendar

    async def do(self, wish: Wish, by: Actor) -> Done:
        """Make the change. Raises what its rules raise."""
        match wish.kind:
            case RequestKind.VOID:
                return await self._void(wish, by)
            case RequestKind.RESTORE:
                await self.lifecycle.restore(wish.case_id, DELETED_ONES, wish.reason, by)
                return Done(wish.case_id)
            case RequestKind.TRANSFER:
                order = TransferOrder.model_validate(wish.terms)
                moved = await self.transfers.transfer(wish.case_id, order, wish.reason, by)
                return Done(moved.received_id)
            case RequestKind.STATUS:
                return await self._set_status(wish, by)

    async def _void(self, wish: Wish, by: Actor) -> Done:
        if wish.activity_id is None:
            raise ValueError("A void names its activity")
        voided = await self.voiding.void(wish.activity_id, wish.reason, by)
        return Done(voided.case_id, voided.id)

    async def _set_status(self, wish: Wish, by: Actor) -> Done:
        order = StatusOrder.model_validate(wish.terms)
        case: Case = (await self.cases.lock_all([wish.case_id]))[wish.case_id]
        check_status_order(order, case, self._today())
        act = Act(CaseStatus(order.status))
        record = act_record(case.id, order.effective_on, STATUS_SET, act, wish.reason)
        recorded = await self.activities.record(record, by)
        return Done(case.id, recorded.activity_id)

    def _today(self) -> date:
        return self.calendar.today()
