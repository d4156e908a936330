"""Handlers of proposals about cases, and the rules for a status that no outcome sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import ClassVar, Literal

from pydantic import Field

from common.dates import Day
from common.errors import Conflict, FieldError, ValidationFailed
from common.schemas import RequestModel
from core_service.access.actors import Actor
from core_service.access.courts import EVERYWHERE
from core_service.activities.records import STATUS_SET, Act, act_as_record
from core_service.activities.service import ActivityService
from core_service.activities.voiding import Voiding
from core_service.cases.errors import CaseDeleted
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.models import Case, CaseStatus
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar
from core_service.proposals.errors import RequestOutdated
from core_service.proposals.models import Handler, Proposal, RequestKind, Result, required
from core_service.transfers.orders import TransferOrder
from core_service.transfers.service import TransferService

DELETED = Visibility(EVERYWHERE, EVERYWHERE, deleted=True)
# A transfer, which changes two cases, is the only way to and from `transferred`.
Settable = Literal[CaseStatus.PENDING, CaseStatus.INACTIVE, CaseStatus.DISPOSED]


class StatusUnchanged(Conflict):
    """The case has this status, or its file is at another court."""

    code: ClassVar[str] = "status-unchanged"
    title: ClassVar[str] = "The status cannot be set so"


class StatusOrderInvalid(ValidationFailed):
    """The order breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "status-order-invalid"
    title: ClassVar[str] = "The status cannot be set so"


class StatusOrder(RequestModel):
    """The status to set, and from which day on."""

    status: Settable = Field(examples=["pending"])
    effective_on: Day = Field(examples=["2026-05-04"])


def check_status_order(order: StatusOrder, case: Case, today: date) -> None:
    """Raise CaseDeleted, StatusUnchanged or StatusOrderInvalid unless the order can be carried out.

    It must come after everything else, or what happened later would undo it at once.
    """
    if case.deleted_at is not None:
        raise CaseDeleted
    if case.status == CaseStatus.TRANSFERRED:
        raise StatusUnchanged("The file is at another court: void the transfer or send it back")
    if case.status == order.status:
        raise StatusUnchanged(f"The case is {case.status.value} already")
    earliest = max(case.filed_on, case.last_activity_on or case.filed_on)
    if not earliest <= order.effective_on <= today:
        message = f"Must be from {earliest}, when something last happened, to {today}"
        raise StatusOrderInvalid(errors=(FieldError("effective_on", "out-of-range", message),))


@dataclass(frozen=True, slots=True)
class CaseHandlers:
    """Voids, restores, transfers and orders."""

    cases: CaseService
    lifecycle: CaseLifecycle
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
        if await self.voiding.decided_at(activity_id, case) != proposal.deciding_court_id:
            raise RequestOutdated("Another court decides on this void now")
        voided = await self.voiding.void(activity_id, required(proposal.reason), by)
        return Result(voided.case_id, voided.id)

    async def _restore(self, proposal: Proposal, by: Actor) -> Result:
        case_id = required(proposal.case_id)
        await self.lifecycle.restore(case_id, DELETED, required(proposal.reason), by)
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
