"""Handlers of proposals about cases."""

from collections.abc import Mapping
from dataclasses import dataclass

from core_service.access.actors import Actor
from core_service.access.courts import EVERYWHERE
from core_service.activities.records import STATUS_SET, Act, act_as_record
from core_service.activities.service import ActivityService
from core_service.activities.voiding import Voiding
from core_service.cases.models import CaseStatus
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar
from core_service.proposals.errors import RequestOutdated
from core_service.proposals.handlers.status_orders import StatusOrder, check_status_order
from core_service.proposals.models import RequestKind
from core_service.proposals.proposal import Handler, Proposal, Result, required
from core_service.transfers.orders import TransferOrder
from core_service.transfers.service import TransferService

DELETED = Visibility(EVERYWHERE, EVERYWHERE, deleted=True)


@dataclass(frozen=True, slots=True)
class CaseHandlers:
    """Voids, restores, transfers and orders."""

    cases: CaseService
    activities: ActivityService
    voiding: Voiding
    transfers: TransferService
    calendar: CourtCalendar

    def by_kind(self) -> Mapping[RequestKind, Handler]:
        """The handler of each kind.

        Proposals that involve another court are checked: trying them would reveal what it holds.
        """
        return {
            RequestKind.VOID: Handler(self._void, self._check_void),
            RequestKind.RESTORE: Handler(self._restore),
            RequestKind.TRANSFER: Handler(self._transfer, self._check_transfer),
            RequestKind.STATUS: Handler(self._set_status),
        }

    async def _check_transfer(self, proposal: Proposal) -> None:
        order = TransferOrder.model_validate(proposal.terms)
        await self.transfers.require_proposable(required(proposal.case_id), order)

    async def _check_void(self, proposal: Proposal) -> None:
        await self.voiding.require_live(required(proposal.activity_id))

    async def _void(self, proposal: Proposal, by: Actor) -> Result:
        activity_id = required(proposal.activity_id)
        # Locked first: the other end of a transfer may have changed since the proposal.
        (_, case), *_ = await self.voiding.hold(activity_id)
        if await self.activities.void_decided_at(activity_id, case) != proposal.deciding_court_id:
            raise RequestOutdated("Another court decides on this void now")
        voided = await self.voiding.void(activity_id, required(proposal.reason), by)
        return Result(voided.case_id, voided.id)

    async def _restore(self, proposal: Proposal, by: Actor) -> Result:
        case_id = required(proposal.case_id)
        await self.cases.restore(case_id, DELETED, required(proposal.reason), by)
        return Result(case_id)

    async def _transfer(self, proposal: Proposal, by: Actor) -> Result:
        order = TransferOrder.model_validate(proposal.terms)
        case_id, reason = required(proposal.case_id), required(proposal.reason)
        moved = await self.transfers.transfer(case_id, order, reason, by)
        return Result(moved.received_id)

    async def _set_status(self, proposal: Proposal, by: Actor) -> Result:
        order, case_id = StatusOrder.model_validate(proposal.terms), required(proposal.case_id)
        case = (await self.cases.lock_all([case_id]))[case_id]
        check_status_order(order, case, self.calendar.today())
        act = Act(CaseStatus(order.status))
        record = act_as_record(
            case.id, order.effective_on, STATUS_SET, act, required(proposal.reason)
        )
        recorded = await self.activities.record(record, by)
        return Result(case.id, recorded.activity_id)
