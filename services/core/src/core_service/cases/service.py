"""Registers, finds and changes cases: one per number, changed under its row lock.

Their seals, deletions and restorations are in `lifecycle`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlmodel import col

from common.clock import Clock
from common.errors import ValidationFailed
from common.writes import ExpectedVersion, check_version
from core_service.access.actors import Actor
from core_service.cases.errors import (
    CaseDeleted,
    CaseNotFound,
    CaseNumberTaken,
)
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import Case, CaseStatus, ChangeKind
from core_service.cases.numbers import (
    CaseNumber,
    next_number,
    normal_type,
)
from core_service.cases.records import (
    CaseFiling,
    CaseRow,
    NewCase,
    number_of,
    original_of,
    require_not_deleted,
)
from core_service.cases.repository import CaseRepository
from core_service.cases.visibility import CaseWriter, Visibility, sees_deleted
from core_service.court_calendar import CourtCalendar
from core_service.sources import MANUAL, SYSTEM_ITSELF, Source

NUMBER_ATTEMPTS: Final = 5
# The columns of a case that its ledger is replayed from, or that live activities overrule.
LEDGER_FACTS: Final = (
    "filed_on",
    "case_type_id",
    "custody_count",
    "legal_representation",
    # By these it may be where a file that left another court has arrived.
    "original_court",
    "original_code",
    "original_number",
    "original_year",
)


class CaseLedger(Protocol):
    """What cases need of the ledger, which lies above them."""

    async def begin(self, case: Case) -> None:
        """Write the first events of a case that has just been registered."""

    async def refresh(self, case: Case) -> object:
        """Replay a locked case and write what differs."""

    async def record_again(self, case: Case, since: datetime) -> None:
        """Retract the case's events as of `since`, and record them again as of now."""


@dataclass(frozen=True, slots=True)
class CaseService:
    """Methods that take a `Visibility` or a caller give only what that caller may know of."""

    cases: CaseRepository
    ledger: CaseLedger
    history: CaseHistory
    calendar: CourtCalendar
    clock: Clock

    async def register(self, new: NewCase, by: CaseWriter) -> Case:
        """Register a case, under the next free number when none is given.

        Raises PermissionDenied, ValidationFailed, CaseNumberTaken, CaseDeleted.
        """
        by.require_court(new.court_id)
        self._require_filed(new.filed_on)
        try:
            case = await self._insert(new, MANUAL, by.actor)
        except CaseDeleted as error:
            if not sees_deleted(by.principal, new.court_id):
                raise CaseNumberTaken from error
            raise
        await self.ledger.begin(case)
        return await self.cases.shown(case.id)

    async def find_or_register(
        self, filing: CaseFiling, source: Source, by: Actor
    ) -> tuple[Case, bool]:
        """The case with the filing's number, locked, and whether it is new.

        A new one has no ledger yet: the caller refreshes it when it has added its activity.
        Raises CaseDeleted.
        """
        numbered = self.cases.numbered(filing.key)
        found = await self.cases.first(self.cases.locked(numbered))
        if found is not None:
            return require_not_deleted(found, self.calendar), False
        values = filing.registered(source, by, self.clock.now())
        inserted = await self.cases.insert_if_new(values)
        case = await self.cases.first(self.cases.locked(numbered))
        if case is None:
            raise CaseNotFound
        return case, inserted is not None

    async def find(self, wanted: UUID | CaseFiling) -> Case | None:
        """The case with this ID or with the filing's number, not locked; None when it is new.

        Raises CaseDeleted.
        """
        if isinstance(wanted, UUID):
            return await self.cases.first(self.cases.by_ids([wanted]))
        found = await self.cases.first(self.cases.numbered(wanted.key))
        return None if found is None else require_not_deleted(found, self.calendar)

    async def numbered(
        self, numbers: Collection[CaseNumber], *, lock: bool
    ) -> dict[CaseNumber, Case]:
        """The cases with these numbers, deleted ones too; with `lock`, held as by `lock_all`."""
        if not numbers:
            return {}
        statement = self.cases.numbered_any(numbers)
        found = await self.cases.all(self.cases.locked(statement) if lock else statement)
        return {number_of(case): case for case in found}

    async def similar(
        self, filed: Mapping[CaseNumber, date], visibility: Visibility
    ) -> list[tuple[CaseNumber, Case]]:
        """Cases that new numbers may be a slip for; see `CaseRepository.similar`."""
        return await self.cases.similar(filed, visibility)

    async def may_be(self, case: Case, visibility: Visibility) -> list[Case]:
        """Visible cases for whose number that of this case may be a slip, each once."""
        found = await self.cases.similar({number_of(case): case.filed_on}, visibility)
        return list({other.id: other for _, other in found if other.id != case.id}.values())

    async def rows_numbered(
        self, numbers: Collection[CaseNumber], *, lock: bool
    ) -> dict[CaseNumber, CaseRow]:
        """The same as plain rows, which are many times cheaper."""
        found = await self.cases.rows_numbered(numbers, lock=lock) if numbers else ()
        return {number_of(case): case for case in found}

    def unregistered(self, filing: CaseFiling, source: Source, by: Actor) -> CaseRow:
        """A new case; the caller writes it."""
        return CaseRow(**filing.registered(source, by, self.clock.now()))

    async def write_rows(
        self, new: Iterable[CaseRow], changed: Iterable[CaseRow], columns: Sequence[str]
    ) -> None:
        """Write cases that `unregistered` has made, and these columns of others."""
        await self.cases.register(new)
        await self.cases.change_rows(changed, columns)

    async def former(self, case: Case, court_id: UUID) -> Case | None:
        """The case that this one's file was at another court, before it left there; or None.

        Raises CaseDeleted.
        """
        origin = await self.find(case.received_from_id) if case.received_from_id else None
        if origin is None or origin.court_id != court_id:
            origin = await self.cases.received_from(case.id, court_id)
        return None if origin is None else require_not_deleted(origin, self.calendar)

    async def went_on_by_return(self, case: Case, since: date) -> bool:
        """Whether another court's returns report the file as received there since that day."""
        return await self.cases.first(self.cases.received_as(case.id, since)) is not None

    async def get(self, case_id: UUID, visibility: Visibility) -> Case:
        """A case with its court, type and judge. Raises CaseNotFound."""
        statement = self.cases.with_names(self.cases.visible(visibility))
        case = await self.cases.first(statement.where(Case.id == case_id))
        if case is None:
            raise CaseNotFound
        return case

    async def some(self, case_ids: Iterable[UUID], visibility: Visibility) -> Sequence[Case]:
        """Those of the cases that the caller may know of, with their names."""
        statement = self.cases.with_names(self.cases.visible(visibility))
        return await self.cases.all(statement.where(col(Case.id).in_(set(case_ids))))

    async def listed(self, case_ids: Collection[UUID]) -> dict[UUID, Case]:
        """Cases of a list that was filtered for the caller, with their names; deleted ones too."""
        statement = self.cases.with_names(self.cases.by_ids(case_ids))
        return {case.id: case for case in await self.cases.all(statement)}

    async def lock(self, case_id: UUID, visibility: Visibility) -> Case:
        """A case, held until the transaction ends. Raises CaseNotFound."""
        statement = self.cases.visible(visibility).where(Case.id == case_id)
        case = await self.cases.first(self.cases.locked(statement))
        if case is None:
            raise CaseNotFound
        return case

    async def lock_for(self, case_id: UUID, by: CaseWriter) -> Case:
        """The same of a case that the caller may change. Raises CaseNotFound, PermissionDenied."""
        case = await self.lock(case_id, by.visibility)
        by.require_court(case.court_id)
        return case

    async def lock_all(self, case_ids: Iterable[UUID]) -> dict[UUID, Case]:
        """Cases of one change, deleted ones too, locked in one order so that no two wait in turn.

        Raises CaseNotFound.
        """
        wanted = set(case_ids)
        locked = await self.cases.all(self.cases.locked(self.cases.by_ids(wanted)))
        if len(locked) < len(wanted):
            raise CaseNotFound
        return {case.id: case for case in locked}

    async def lock_rows(self, case_ids: Collection[UUID]) -> Sequence[CaseRow]:
        """The same as plain rows."""
        return await self.cases.lock_rows(case_ids)

    async def delete_registered(self, batch_id: UUID, case_ids: Collection[UUID]) -> None:
        """Delete those of the locked cases that this import has registered: their numbers are free.

        The caller notes it.
        """
        await self.cases.delete_registered(batch_id, case_ids, self.clock.now())

    async def ids_after(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """IDs of all cases in order, a slice at a time."""
        return await self.cases.all_ids(after, limit)

    async def change(
        self, case_id: UUID, changes: Mapping[str, Any], expected: ExpectedVersion, by: CaseWriter
    ) -> Case:
        """Change facts of a case.

        Raises CaseNotFound, PermissionDenied, PreconditionFailed, ValidationFailed,
        CaseNumberTaken.
        """
        self._require_filed(changes.get("filed_on"))
        case = await self.lock_for(case_id, by)
        check_version(expected, case.version)
        await self.change_locked(case, changes, by.actor)
        return await self.cases.shown(case.id)

    async def change_locked(
        self, case: Case, changes: Mapping[str, Any], by: Actor, source: Source = MANUAL
    ) -> None:
        """Change facts of a locked case. Raises CaseNumberTaken."""
        before = case.model_dump()
        case.sqlmodel_update(dict(changes))
        case.filed_year = case.filed_on.year
        case.original_norm = original_of(case).norm(case.number_norm)
        if any(getattr(case, name) != before[name] for name in LEDGER_FACTS):
            await self.cases.session.flush()
            await self.ledger.refresh(case)
        await self.history.note(case, before, Change(ChangeKind.CHANGED, source=source), by)

    async def shown(self, case_id: UUID) -> Case:
        """A case that is there, as it is now, with its court, type and judge."""
        return await self.cases.shown(case_id)

    async def receive(self, new: NewCase, origin: Case, by: Actor) -> Case:
        """Make the case that a transferred file goes on as; it is not here before its arrival.

        Raises CaseNumberTaken, CaseDeleted.
        """
        inherited = {"received_from_id": origin.id, "sealed": origin.sealed}
        inherited |= {"status": CaseStatus.TRANSFERRED}
        return await self._insert(new, SYSTEM_ITSELF, by, inherited)

    def _require_filed(self, filed_on: date | None) -> None:
        fault = self.calendar.future_fault("filed_on", filed_on)
        if fault is not None:
            raise ValidationFailed(errors=(fault,))

    async def _insert(
        self, new: NewCase, source: Source, by: Actor, more: Mapping[str, Any] | None = None
    ) -> Case:
        for _ in range(NUMBER_ATTEMPTS):
            filing = new.filing(new.number or await self._free_number(new))
            values = filing.registered(source, by, self.clock.now()) | dict(more or {})
            inserted = await self.cases.insert_if_new(values)
            if inserted is not None:
                return await self.cases.shown(inserted)
            if new.number is not None:
                await self.find(filing)  # says so when the number is that of a deleted case
                break
        raise CaseNumberTaken

    async def _free_number(self, new: NewCase) -> str:
        highest = await self.cases.highest_serial(
            new.court_id, normal_type(new.caseid_type), new.filed_on.year, new.prefix
        )
        return next_number(new.prefix, highest)
