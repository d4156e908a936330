"""What other features pass to cases."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from common.ids import uuid7
from core_service.access.actors import Actor, creation_columns
from core_service.cases.errors import CaseDeleted
from core_service.cases.lookup import parse_query
from core_service.cases.models import Case, CaseStatus
from core_service.cases.numbers import (
    E_FILED,
    CaseNumber,
    case_number,
    display_number,
    normal_type,
    serial,
)
from core_service.court_calendar import CourtCalendar
from core_service.sources import Source, SourceKind


@dataclass(frozen=True, slots=True)
class PartyCounts:
    """How many of each kind stand on either side; no names are kept."""

    male_applicant: int = 0
    female_applicant: int = 0
    organization_applicant: int = 0
    male_defendant: int = 0
    female_defendant: int = 0
    organization_defendant: int = 0


@dataclass(frozen=True, slots=True)
class OriginalKey:
    """A case at another court, as far as it is stated."""

    number_norm: str
    caseid_type: str | None = None
    filed_year: int | None = None


@dataclass(frozen=True, slots=True)
class OriginalCase:
    """The case that an appeal comes from, as the return states it."""

    court: str | None = None
    code: str | None = None
    number: str | None = None
    year: int | None = None

    def columns(self) -> dict[str, Any]:
        """As columns of the case's row."""
        return {f"original_{name}": getattr(self, name) for name in self.__slots__}

    def norm(self, own: str) -> str | None:
        """The number there in normal form; a file that names only its court has kept its `own`."""
        if self.number is None:
            return own if self.court is not None else None
        return self.key(own).number_norm

    def key(self, own: str) -> OriginalKey:
        """What the case may be found by; None is not stated."""
        if self.number is None:
            return OriginalKey(own)
        query = parse_query(f"{self.code or ''} {self.number}")
        if query is None:
            return OriginalKey(own)
        reading = query.readings[0]
        code = normal_type(self.code) if self.code else next(iter(query.caseid_types), None)
        return OriginalKey(reading.number_norm, code, self.year or reading.filed_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to register; without a number it gets the next free one of its register."""

    court_id: UUID
    caseid_type: str
    number: str | None = None
    filed_on: date
    case_type_id: UUID
    e_filed: bool = True
    parties: PartyCounts = field(default_factory=PartyCounts)
    original: OriginalCase = field(default_factory=OriginalCase)
    custody_count: int = 0
    legal_representation: bool | None = None

    @property
    def prefix(self) -> str:
        """What the numbers of the register begin with."""
        return E_FILED if self.e_filed else ""

    def filing(self, number: str) -> "CaseFiling":
        given = {name: getattr(self, name) for name in NewCase.__dataclass_fields__}
        return CaseFiling(**given | {"number": number})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiling(NewCase):
    """What is known of a case when it is first seen; IDs are resolved."""

    number: str

    @property
    def key(self) -> CaseNumber:
        return case_number(self.court_id, self.caseid_type, self.number, self.filed_on.year)

    def columns(self) -> dict[str, Any]:
        """As columns of the case's row."""
        key = self.key
        return {
            **_as_they_are(key),
            "number_raw": self.number,
            "filed_on": self.filed_on,
            "case_type_id": self.case_type_id,
            **_as_they_are(self.parties),
            **self.original.columns(),
            "original_norm": self.original.norm(key.number_norm),
            "custody_count": self.custody_count,
            "legal_representation": self.legal_representation,
        }

    def registered(self, source: Source, by: Actor, now: datetime) -> dict[str, Any]:
        """The columns of a new case."""
        columns = self.columns()
        return {
            "id": uuid7(),
            **creation_columns(by, now),
            **columns,
            "number_serial": serial(columns["number_norm"]),
            "status_since": self.filed_on,
            **source.columns(),
        }


def _as_they_are(value: CaseNumber | PartyCounts) -> dict[str, Any]:
    """The fields by name. `asdict` copies each, and a UUID in as long as all of a row takes."""
    return {name: getattr(value, name) for name in value.__slots__}


@dataclass(slots=True)
class CaseRow:
    """The columns of a case as plain values, for thousands at once: an entity costs ten of these.

    It is written by what reads it: no session watches it.
    """

    id: UUID
    created_at: datetime
    created_by: UUID | None
    updated_at: datetime
    updated_by: UUID | None
    court_id: UUID
    caseid_type: str
    number_raw: str
    number_norm: str
    number_serial: int
    filed_year: int
    filed_on: date
    case_type_id: UUID
    status_since: date
    source_kind: SourceKind
    version: int = 1
    status: CaseStatus = CaseStatus.PENDING
    disposed_on: date | None = None
    next_hearing_on: date | None = None
    last_activity_on: date | None = None
    activity_count: int = 0
    adjournment_count: int = 0
    lead_judge_id: UUID | None = None
    original_court: str | None = None
    original_code: str | None = None
    original_number: str | None = None
    original_year: int | None = None
    original_norm: str | None = None
    male_applicant: int = 0
    female_applicant: int = 0
    organization_applicant: int = 0
    male_defendant: int = 0
    female_defendant: int = 0
    organization_defendant: int = 0
    custody_count: int = 0
    legal_representation: bool | None = None
    sealed: bool = False
    batch_id: UUID | None = None
    filename: str | None = None
    row_no: int | None = None
    deleted_at: datetime | None = None
    reverted: bool = False
    received_from_id: UUID | None = None
    received_by_return: bool = False

    def columns(self) -> dict[str, Any]:
        """As columns of the case's row."""
        return {name: getattr(self, name) for name in CASE_COLUMNS}


CASE_COLUMNS: Final = tuple(each.name for each in fields(CaseRow))
AnyCase = Case | CaseRow
CaseT = TypeVar("CaseT", Case, CaseRow)


def number_of(case: AnyCase) -> CaseNumber:
    return CaseNumber(case.court_id, case.caseid_type, case.number_norm, case.filed_year)


def original_of(case: AnyCase) -> OriginalCase:
    return OriginalCase(
        case.original_court, case.original_code, case.original_number, case.original_year
    )


def require_not_deleted(case: CaseT, calendar: CourtCalendar) -> CaseT:
    """The case. Raises CaseDeleted when it is deleted."""
    if case.deleted_at is not None:
        number = display_number(case.caseid_type, case.number_raw, case.filed_year)
        deleted_on = calendar.day_of(case.deleted_at)
        raise CaseDeleted(f"{number} was deleted on {deleted_on}; an administrator can restore it")
    return case
