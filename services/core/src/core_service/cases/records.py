"""What the rest of core passes to and from cases, besides rows."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core_service.cases.numbers import CaseNumber, case_number


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
class OriginalCase:
    """The case that an appeal comes from, as the return states it."""

    court: str | None = None
    code: str | None = None
    number: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFiling:
    """What is known of a case when it is first seen; IDs are resolved."""

    court_id: UUID
    caseid_type: str
    number: str
    filed_on: date
    case_type_id: UUID
    parties: PartyCounts = field(default_factory=PartyCounts)
    original: OriginalCase = field(default_factory=OriginalCase)
    custody_count: int = 0
    legal_representation: bool | None = None

    @property
    def key(self) -> CaseNumber:
        """The unique key that the case is found or registered by."""
        return case_number(self.court_id, self.caseid_type, self.number, self.filed_on.year)
