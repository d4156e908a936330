"""The rules of transfers: what leaves one court's docket arrives on another's, on the same day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from common.errors import FieldError
from core_service.access.actors import Actor
from core_service.activities.records import FILE_SENT, Act, act_as_record
from core_service.activities.service import ActivityService
from core_service.cases.errors import CaseDeleted, CaseNotFound
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.models import Case, CaseStatus
from core_service.cases.records import NewCase, OriginalCase, PartyCounts
from core_service.cases.service import CaseService
from core_service.court_calendar import CourtCalendar
from core_service.ledger.models import EventKind
from core_service.ledger.replay import FILE_RECEIVED
from core_service.ledger.service import Ledger
from core_service.links.models import LinkKind
from core_service.links.service import LinkService, NewLink
from core_service.reference.models import Court
from core_service.reference.service import ReferenceService
from core_service.transfers.errors import CaseNotTransferable, CaseOpenThere, TransferInvalid
from core_service.transfers.orders import TransferOrder

PARTIES: Final = tuple(PartyCounts.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Transferred:
    """Both ends: the case that the file left, and the one that it goes on as."""

    case_id: UUID
    received_id: UUID


@dataclass(frozen=True, slots=True)
class Departure:
    """How the file left: the activity, the day, and the status it has there."""

    activity_id: UUID
    on: date
    carried: CaseStatus


@dataclass(frozen=True, slots=True)
class TransferService:
    """Sends and receives in one transaction, so that no file is ever on its way."""

    cases: CaseService
    lifecycle: CaseLifecycle
    activities: ActivityService
    reference: ReferenceService
    links: LinkService
    ledger: Ledger
    calendar: CourtCalendar

    async def transfer(
        self, case_id: UUID, order: TransferOrder, reason: str, by: Actor
    ) -> Transferred:
        """Send the file of a case to another court.

        Raises CaseNotFound, CaseNotTransferable, CaseOpenThere, CaseDeleted, TransferInvalid.
        """
        there_id = await self._known_there(case_id, order)
        locked = await self.cases.lock_all([case_id] + ([there_id] if there_id else []))
        case, there = locked[case_id], locked[there_id] if there_id else None
        departed = await self._departed(case)
        await self._check(case, there, order, departed)
        departure = departed or await self._depart(case, order, reason, by)
        if there is None:
            there = await self.cases.receive(_goes_on_as(case, order), case, by)
        elif case.sealed:
            # The seal goes with the file, also to a case that the court knew before.
            await self.lifecycle.seal_locked(there, reason, by, sealed=True)
        await self._arrive(there, departure, reason, by)
        link = NewLink(case.id, there.id, LinkKind.TRANSFERRED_TO, reason)
        await self.links.ensure(link, by)
        return Transferred(case.id, there.id)

    async def require_proposable(self, case_id: UUID, order: TransferOrder) -> None:
        """Raise what prevents a transfer at the sending court or in the order itself.

        What the receiving court holds is not looked at: only those who decide there may learn it.
        Raises CaseNotFound, CaseDeleted, CaseNotTransferable, TransferInvalid.
        """
        case = await self.cases.find(case_id)
        if case is None:
            raise CaseNotFound
        await self._check(case, None, order, await self._departed(case))

    async def _known_there(self, case_id: UUID, order: TransferOrder) -> UUID | None:
        """The case that the file goes on as, when the receiving court knows it already."""
        case = await self.cases.find(case_id)
        if case is None:
            return None
        if order.number is not None:
            there = await self.cases.find(_goes_on_as(case, order).filing(order.number))
        else:
            there = await self.cases.former(case, order.to_court_id)
        return there.id if there is not None else None

    async def _departed(self, case: Case) -> Departure | None:
        """The departure that a return has reported already, which has no arrival yet."""
        if case.deleted_at is not None:
            raise CaseDeleted("The case was deleted at the court that sends it")
        if case.status == CaseStatus.DISPOSED:
            raise CaseNotTransferable("The case is disposed of; reopen it first")
        if case.status != CaseStatus.TRANSFERRED:
            return None
        left = [
            event
            for event in await self.ledger.live_events(case.id)
            if event.kind == EventKind.TRANSFER_OUT and event.activity_id is not None
        ]
        last = left[-1].activity_id if left else None
        arrived = last is None or await self.activities.is_answered(last)
        arrived = arrived or await self.cases.went_on_by_return(case, left[-1].effective_on)
        if last is None or arrived:
            raise CaseNotTransferable("The file has left this court already")
        return Departure(last, left[-1].effective_on, CaseStatus.PENDING)

    async def _check(
        self, case: Case, there: Case | None, order: TransferOrder, departed: Departure | None
    ) -> None:
        court = await self.reference.find(Court, order.to_court_id)
        faults = list(_faults(case, there, order, departed))
        if court is None or not court.is_active:
            faults.append(FieldError("to_court_id", "unknown", "There is no such court"))
        future = self.calendar.future_fault("transferred_on", order.transferred_on)
        if future is not None:
            faults.append(future)
        if faults:
            raise TransferInvalid(errors=tuple(faults))
        if there is not None and there.status != CaseStatus.TRANSFERRED:
            raise CaseOpenThere("Link the two cases, or give the file another number there")

    async def _depart(self, case: Case, order: TransferOrder, reason: str, by: Actor) -> Departure:
        carried, on = case.status, order.transferred_on
        record = act_as_record(case.id, on, FILE_SENT, Act(CaseStatus.TRANSFERRED), reason)
        sent = await self.activities.record(record, by)
        return Departure(sent.activity_id, on, carried)

    async def _arrive(self, there: Case, departure: Departure, reason: str, by: Actor) -> None:
        act = Act(departure.carried, counterpart_id=departure.activity_id)
        record = act_as_record(there.id, departure.on, FILE_RECEIVED, act, reason)
        await self.activities.record(record, by)


def _faults(
    case: Case, there: Case | None, order: TransferOrder, departed: Departure | None
) -> Iterator[FieldError]:
    on = departed.on if departed is not None else order.transferred_on
    if order.to_court_id == case.court_id:
        yield FieldError("to_court_id", "same-court", "The file is at this court")
    if (order.filed_on or case.filed_on) > on:
        yield FieldError("filed_on", "after-transfer", "A case is filed before it is sent")
    # What happened after that day would call the file back, on one side only.
    for end in (there, case if departed is None else None):
        last = end.last_activity_on if end is not None else None
        if last is not None and last > on:
            message = f"Something happened to the case on {last}, after it left on {on}"
            yield FieldError("transferred_on", "before-activity", message)


def _goes_on_as(case: Case, order: TransferOrder) -> NewCase:
    return NewCase(
        court_id=order.to_court_id,
        caseid_type=order.caseid_type or case.caseid_type,
        filed_on=order.filed_on or case.filed_on,
        case_type_id=case.case_type_id,
        number=order.number,
        e_filed=order.e_filed,
        parties=PartyCounts(**{name: getattr(case, name) for name in PARTIES}),
        original=OriginalCase(
            case.original_court, case.original_code, case.original_number, case.original_year
        ),
        custody_count=case.custody_count,
        legal_representation=case.legal_representation,
    )
