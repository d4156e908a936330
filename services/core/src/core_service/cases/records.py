"""What other features pass to cases."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from core_service.cases.numbers import E_FILED, CaseNumber, case_number


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

    def columns(self) -> dict[str, Any]:
        """As columns of the case's row."""
        return {f"original_{name}": value for name, value in asdict(self).items()}


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
        return {
            **asdict(self.key),
            "number_raw": self.number,
            "filed_on": self.filed_on,
            "case_type_id": self.case_type_id,
            **asdict(self.parties),
            **self.original.columns(),
            "custody_count": self.custody_count,
            "legal_representation": self.legal_representation,
        }
