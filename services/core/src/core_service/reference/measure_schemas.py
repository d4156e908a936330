"""Bodies of requests and responses about time standards and case weights."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from core_service.reference.measures import TimeMeasure
from core_service.reference.models import CourtType
from core_service.reference.schemas import OMITTED, EditionCreate, EditionRead, EditionUpdate, Name

Source = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Rank = Annotated[
    int,
    Field(ge=1, le=100, description="of several editions, figures go by the lowest that applies"),
]


class TimeStandardCreate(EditionCreate):
    """A time standard to add, or a new edition of one."""

    edition: Name = Field(examples=["Kenya 2025"])
    label: Name = Field(description="the class of cases in the edition's own words")
    category_id: UUID | None = None
    court_type: CourtType | None = None
    measure: TimeMeasure = TimeMeasure.FILING_TO_DISPOSITION
    percent: Annotated[int, Field(ge=1, le=100)]
    days: Annotated[int, Field(ge=1, le=36_500)]
    source: Source
    rank: Rank = 1


class TimeStandardUpdate(EditionUpdate):
    """What may change of a time standard: its end, its use, and which category it is about."""

    category_id: UUID | None = None
    rank: Rank = OMITTED


class TimeStandardRead(EditionRead):
    """So many percent of a class of cases within so many days."""

    edition: str
    label: str
    category_id: UUID | None
    court_type: CourtType | None
    measure: TimeMeasure
    percent: int
    days: int
    source: str
    rank: int


class CaseWeightCreate(EditionCreate):
    """A case weight to add, or a new edition of one."""

    edition: Name = Field(examples=["Time study 2026"])
    label: Name = Field(description="the class of cases in the edition's own words")
    category_id: UUID | None = None
    court_type: CourtType | None = None
    minutes: Annotated[int, Field(ge=1, le=1_000_000, description="of a judge, for each filing")]
    judge_year_minutes: Annotated[
        int, Field(ge=1, le=527_040, description="that a judge has for cases in a year")
    ]
    source: Source
    rank: Rank = 1


class CaseWeightUpdate(EditionUpdate):
    """What may change of a case weight: its end, its use, and which category it is about."""

    category_id: UUID | None = None
    rank: Rank = OMITTED


class CaseWeightRead(EditionRead):
    """So many minutes of a judge for each case of a class, by a year of so many minutes."""

    edition: str
    label: str
    category_id: UUID | None
    court_type: CourtType | None
    minutes: int
    judge_year_minutes: int
    source: str
    rank: int


TIME_STANDARD: Final = (TimeStandardCreate, TimeStandardUpdate, TimeStandardRead)
CASE_WEIGHT: Final = (CaseWeightCreate, CaseWeightUpdate, CaseWeightRead)
