"""Bodies of requests and responses about cases."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from common.dates import Day
from common.schemas import RequestModel, ResponseModel
from core_service.cases.lookup import LookupMatch, MatchedBy
from core_service.cases.models import Case, CaseStatus
from core_service.cases.number_faults import number_fault
from core_service.cases.numbers import display_number, normal_type
from core_service.cases.records import NewCase, OriginalCase, PartyCounts
from core_service.reference.models import CaseNature, CourtType

# In a PATCH a field that is left out stays as it is; null is a value and often not allowed.
OMITTED: Final[Any] = None
FIRST_FILING_YEAR: Final = 1900


def _with_a_sign(caseid_type: str) -> str:
    if not normal_type(caseid_type):
        raise ValueError("must have a letter or a digit")
    return caseid_type


def _of_one_case(number: str) -> str:
    fault = number_fault(number)
    if fault is not None:
        raise ValueError(fault.message)
    return number


Count = Annotated[int, Field(ge=0, le=999)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=120)]
CaseIdType = Annotated[
    str, StringConstraints(min_length=1, max_length=20), AfterValidator(_with_a_sign)
]
NumberText = Annotated[
    str, StringConstraints(min_length=1, max_length=40), AfterValidator(_of_one_case)
]
FilingDate = Annotated[Day, Field(ge=date(FIRST_FILING_YEAR, 1, 1))]


class PartiesBody(RequestModel):
    """How many of each kind stand on either side."""

    male_applicant: Count = 0
    female_applicant: Count = 0
    organization_applicant: Count = 0
    male_defendant: Count = 0
    female_defendant: Count = 0
    organization_defendant: Count = 0


class OriginalBody(RequestModel):
    """The case that an appeal comes from."""

    court: ShortText | None = None
    code: ShortText | None = None
    number: ShortText | None = None
    year: Annotated[int, Field(ge=FIRST_FILING_YEAR, le=2100)] | None = None


class CaseCreate(RequestModel):
    """A case to register. Without `number` it gets the next free one of its register."""

    court_id: UUID
    caseid_type: CaseIdType = Field(examples=["HCCC"])
    number: NumberText | None = Field(default=None, examples=["E014"])
    e_filed: bool = Field(default=True, description="whether a given-out number begins with E")
    filed_on: FilingDate
    case_type_id: UUID
    parties: PartiesBody = PartiesBody()
    original: OriginalBody = OriginalBody()
    custody_count: Count = 0
    legal_representation: bool | None = None

    def new_case(self) -> NewCase:
        return NewCase(
            **self.model_dump(exclude={"parties", "original"}),
            parties=PartyCounts(**self.parties.model_dump()),
            original=OriginalCase(**self.original.model_dump()),
        )


class CaseUpdate(RequestModel):
    """Facts of a case to change. What the ledger decides cannot be set."""

    filed_on: FilingDate = OMITTED
    case_type_id: UUID = OMITTED
    parties: PartiesBody = OMITTED
    original: OriginalBody = OMITTED

    def columns(self) -> dict[str, Any]:
        """The given fields as columns; within `parties` and `original` too only what is given."""
        given: dict[str, Any] = self.model_dump(exclude_unset=True)
        parties = given.pop("parties", {})
        original = given.pop("original", {})
        return (
            given | dict(parties) | {f"original_{name}": value for name, value in original.items()}
        )


class SealBody(RequestModel):
    """Why a seal is put on or lifted."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        examples=["Order of 2026-05-04: the complainant is a child"]
    )


class CourtBrief(ResponseModel):
    """A court, in short."""

    id: UUID
    code: str
    name: str
    court_type: CourtType


class CategoryBrief(ResponseModel):
    """A category, in short."""

    id: UUID
    code: str
    name: str
    nature: CaseNature


class CaseTypeBrief(ResponseModel):
    """A case type with its category."""

    id: UUID
    code: str
    name: str
    category: CategoryBrief


class JudgeBrief(ResponseModel):
    """A judge, in short."""

    id: UUID
    display_name: str


class PartiesRead(ResponseModel):
    """How many of each kind stand on either side."""

    male_applicant: int
    female_applicant: int
    organization_applicant: int
    male_defendant: int
    female_defendant: int
    organization_defendant: int


class OriginalRead(ResponseModel):
    """The case that an appeal comes from."""

    court: str | None
    code: str | None
    number: str | None
    year: int | None


def number_of_case(case: Case) -> str:
    return display_number(case.caseid_type, case.number_raw, case.filed_year)


class CaseRead(ResponseModel):
    """A case. `number` is as people write it; status, dates and counts are the ledger's."""

    id: UUID
    number: str = Field(examples=["HCCC E014 of 2025"])
    court: CourtBrief
    caseid_type: str
    number_raw: str
    filed_year: int
    filed_on: date
    case_type: CaseTypeBrief
    status: CaseStatus
    status_since: date
    disposed_on: date | None
    next_hearing_on: date | None
    last_activity_on: date | None
    activity_count: int
    adjournment_count: int
    lead_judge: JudgeBrief | None
    parties: PartiesRead
    custody_count: int
    legal_representation: bool | None
    original: OriginalRead | None
    sealed: bool
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, case: Case, **more: Any) -> Self:
        """A case that was loaded with its names; columns that belong together are nested."""
        columns = case.model_dump()
        original = OriginalCase(
            *(columns[f"original_{name}"] for name in OriginalBody.model_fields)
        )
        return cls.model_validate(
            {
                **columns,
                "number": number_of_case(case),
                "court": case.court,
                "case_type": case.case_type,
                "lead_judge": case.lead_judge,
                "parties": columns,
                "original": original if original != OriginalCase() else None,
                **more,
            }
        )


class CaseCandidate(ResponseModel):
    """A case that another one may be, in short."""

    id: UUID
    number: str = Field(examples=["HCCC E014 of 2025"])
    filed_on: date


class CaseWarning(ResponseModel):
    """What may be wrong with a case that was registered all the same."""

    code: Literal["POSSIBLE_DUPLICATE"] = "POSSIBLE_DUPLICATE"
    message: str
    candidates: list[CaseCandidate]

    @classmethod
    def of(cls, similar: Sequence[Case]) -> "list[CaseWarning]":
        """One warning that names these cases; none without any."""
        found = [
            CaseCandidate(id=case.id, number=number_of_case(case), filed_on=case.filed_on)
            for case in similar
        ]
        names = ", ".join(each.number for each in found)
        message = f"May be {names}; registered as another case"
        return [cls(message=message, candidates=found)] if found else []


class CaseRegistered(CaseRead):
    """A new case, and what may be wrong with it: a number that is like that of a known case."""

    warnings: list[CaseWarning] = Field(default_factory=list, description="absent without any")


class LookupItem(ResponseModel):
    """One case that a number may mean, and why."""

    case: CaseRead
    matched_by: MatchedBy
    score: float

    @classmethod
    def of(cls, match: LookupMatch) -> "LookupItem":
        """A match as it is shown."""
        return cls(case=CaseRead.of(match.case), matched_by=match.matched_by, score=match.score)


class LookupRead(ResponseModel):
    """The cases that a number may mean, the likeliest first."""

    items: list[LookupItem]
