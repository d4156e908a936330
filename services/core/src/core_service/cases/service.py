"""The rules of cases: one per number, changed under its row lock, seen only by those who may."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import col

from common.clock import Clock
from common.ids import uuid7
from common.keyset import Pager, Slice
from common.pages import PageRequest
from common.versions import check_version
from core_service.access.actors import Actor
from core_service.cases.errors import (
    CaseDeleted,
    CaseNotFound,
    CaseNumberTaken,
    CaseNumberUnreadable,
)
from core_service.cases.listing import CaseFilter, CaseSort, case_order
from core_service.cases.lookup import LookupMatch, rank
from core_service.cases.models import Case, CaseStatus
from core_service.cases.numbers import (
    CaseNumber,
    display_number,
    next_number,
    normal_type,
    parse_query,
    serial,
)
from core_service.cases.records import CaseFiling, NewCase
from core_service.cases.repository import CaseRepository
from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar
from core_service.history.models import ChangeKind
from core_service.history.service import CaseHistory, Change
from core_service.ledger.service import Ledger
from core_service.sources import MANUAL, SYSTEM_ITSELF, Source
from core_service.stamps import first_stamp

NUMBER_ATTEMPTS: Final = 5
LOOKUP_LIMIT: Final = 20


@dataclass(frozen=True, slots=True)
class CaseService:
    """Registers, finds, lists and changes cases."""

    cases: CaseRepository
    ledger: Ledger
    history: CaseHistory
    pager: Pager
    clock: Clock
    calendar: CourtCalendar

    async def register(self, new: NewCase, source: Source, by: Actor) -> Case:
        """Register a case, under the next free number when none is given.

        Raises CaseNumberTaken.
        """
        case = await self._insert(new, source, by)
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
            return standing(found), False
        inserted = await self.cases.insert_if_new(self._values(filing, source, by))
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
        return None if found is None else standing(found)

    async def numbered(
        self, numbers: Collection[CaseNumber], *, lock: bool
    ) -> dict[CaseNumber, Case]:
        """The cases with these numbers, deleted ones too; with `lock`, held as by `lock_all`."""
        if not numbers:
            return {}
        statement = self.cases.numbered_any(numbers)
        found = await self.cases.all(self.cases.locked(statement) if lock else statement)
        return {number_of(case): case for case in found}

    def unregistered(self, filing: CaseFiling, source: Source, by: Actor) -> Case:
        """A new case that whoever asks adds to the session, with what happens to it."""
        return Case(**self._values(filing, source, by))

    async def former(self, case: Case, court_id: UUID) -> Case | None:
        """The case that this one's file was at another court, before it left there; or None.

        Raises CaseDeleted.
        """
        origin = await self.find(case.received_from_id) if case.received_from_id else None
        if origin is None or origin.court_id != court_id:
            origin = await self.cases.received_from(case.id, court_id)
        return None if origin is None else standing(origin)

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

    async def lock(self, case_id: UUID, visibility: Visibility) -> Case:
        """A case, held until the transaction ends. Raises CaseNotFound."""
        statement = self.cases.visible(visibility).where(Case.id == case_id)
        case = await self.cases.first(self.cases.locked(statement))
        if case is None:
            raise CaseNotFound
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

    async def change(
        self,
        case: Case,
        changes: Mapping[str, Any],
        expected_version: int,
        by: Actor,
        source: Source = MANUAL,
    ) -> Case:
        """Change facts of a locked case. Raises PreconditionFailed, CaseNumberTaken."""
        check_version(expected_version, case.version)
        before = case.model_dump()
        case.sqlmodel_update(dict(changes))
        case.filed_year = case.filed_on.year
        await self.cases.session.flush()
        await self.ledger.refresh(case)
        await self.history.note(case, before, Change(ChangeKind.CHANGED, source=source), by)
        return await self.cases.shown(case.id)

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

    async def page(
        self, wanted: CaseFilter, sort: CaseSort, visibility: Visibility, page: PageRequest
    ) -> Slice[Case]:
        """One page of the list. Raises CursorInvalid."""
        statement = wanted.apply(self.cases.visible(visibility), self.calendar.today())
        return await self.pager.cut(
            self.cases,
            self.cases.with_names(statement),
            case_order(sort, narrow=wanted.is_narrow),
            page,
            purpose=f"cases\x00{wanted}",
        )

    async def lookup(self, text: str, visibility: Visibility) -> list[LookupMatch]:
        """The cases that a number may mean, the likeliest first. Raises CaseNumberUnreadable."""
        query = parse_query(text)
        if query is None:
            raise CaseNumberUnreadable("Give a number, such as HCCC E014 of 2025")
        statement = self.cases.with_names(self.cases.like_number(query, visibility))
        found = await self.cases.all(statement.limit(LOOKUP_LIMIT))
        return rank(query, found)

    async def _insert(
        self, new: NewCase, source: Source, by: Actor, more: Mapping[str, Any] | None = None
    ) -> Case:
        for _ in range(NUMBER_ATTEMPTS):
            filing = new.filing(new.number or await self._free_number(new))
            values = self._values(filing, source, by) | dict(more or {})
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

    def _values(self, filing: CaseFiling, source: Source, by: Actor) -> dict[str, Any]:
        return {
            "id": uuid7(),
            **first_stamp(by, self.clock.now()),
            **filing.columns(),
            "number_serial": serial(filing.key.number_norm),
            "status_since": filing.filed_on,
            "source_kind": source.kind,
            "batch_id": source.batch_id,
            "filename": source.filename,
            "row_no": source.row_no,
        }


def number_of(case: Case) -> CaseNumber:
    """The unique key of a case."""
    return CaseNumber(case.court_id, case.caseid_type, case.number_norm, case.filed_year)


def standing(case: Case) -> Case:
    """The case. Raises CaseDeleted when it is deleted."""
    if case.deleted_at is not None:
        number = display_number(case.caseid_type, case.number_raw, case.filed_year)
        raise CaseDeleted(
            f"{number} was deleted on {case.deleted_at:%Y-%m-%d}; an administrator can restore it"
        )
    return case
