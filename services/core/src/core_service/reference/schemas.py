"""Bodies of requests and responses about reference data.

An update holds only what may change without rewriting history: another effect, another court type
or another category is a new row, valid from a day on.
"""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from common.dates import Day
from common.schemas import RequestModel, ResponseModel
from core_service.reference.models import (
    AdjournmentCause,
    Cadre,
    CaseNature,
    CourtType,
    Effect,
)
from core_service.reference.spelling import normal_spelling

# In a PATCH a field that is left out stays as it is; null is a value, allowed where the type says.
OMITTED: Final[Any] = None


def _has_letters(text: str) -> str:
    if not normal_spelling(text):
        raise ValueError("must have a letter or a digit")
    return text


Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=160), AfterValidator(_has_letters)]
GivenNames = Annotated[str, StringConstraints(max_length=160)]


class RecordRead(ResponseModel):
    """What every reference row shows."""

    id: UUID
    is_active: bool
    created_at: datetime
    updated_at: datetime
    version: int


class EditionRead(RecordRead):
    """One that is in force from a day on; `valid_to` is the first day on which it is not."""

    valid_from: date | None
    valid_to: date | None


class RecordCreate(RequestModel):
    is_active: bool = True


class EditionCreate(RecordCreate):
    valid_from: Day | None = None
    valid_to: Day | None = None


class RecordUpdate(RequestModel):
    is_active: bool = OMITTED


class EditionUpdate(RecordUpdate):
    """What may change of a dated edition: its end, and whether it is offered."""

    valid_to: Day | None = None


class CourtCreate(EditionCreate):
    """A court to add."""

    code: Code
    name: Name
    court_type: CourtType
    station: Name
    division: Name | None = None
    county: Name | None = None
    parent_id: UUID | None = None


class CourtUpdate(EditionUpdate):
    """What may change of a court."""

    name: Name = OMITTED
    station: Name = OMITTED
    division: Name | None = None
    county: Name | None = None
    parent_id: UUID | None = None


class CourtRead(EditionRead):
    """A court."""

    code: str
    name: str
    court_type: CourtType
    station: str
    division: str | None
    county: str | None
    parent_id: UUID | None


class JudgeCreate(RecordCreate):
    """A judicial officer to add."""

    pj_number: Code | None = None
    surname: Name
    given_names: GivenNames = ""
    cadre: Cadre


class JudgeUpdate(RecordUpdate):
    """What may change of a judicial officer."""

    pj_number: Code | None = None
    surname: Name = OMITTED
    given_names: GivenNames = OMITTED
    cadre: Cadre = OMITTED


class JudgeRead(RecordRead):
    """A judicial officer."""

    pj_number: str | None
    surname: str
    given_names: str
    display_name: str
    cadre: Cadre
    merged_into_id: UUID | None = Field(description="the record that replaces this one")


class CategoryCreate(RecordCreate):
    """A category to add."""

    code: Code
    name: Name
    nature: CaseNature


class CategoryUpdate(RecordUpdate):
    """What may change of a category."""

    name: Name = OMITTED


class CategoryRead(RecordRead):
    """A category."""

    code: str
    name: str
    nature: CaseNature


class CaseTypeCreate(RecordCreate):
    """A case type to add."""

    code: Code
    name: Name
    category_id: UUID


class CaseTypeUpdate(RecordUpdate):
    """What may change of a case type."""

    name: Name = OMITTED


class CaseTypeRead(RecordRead):
    """A case type."""

    code: str
    name: str
    category_id: UUID


class ActivityTypeCreate(EditionCreate):
    """An activity type to add, or a new edition of one."""

    label: Name
    counts_as_hearing: bool
    adjournable: bool


class ActivityTypeRead(EditionRead):
    """An edition of an activity type; `valid_to` is the first day on which it is not in force."""

    label: str
    counts_as_hearing: bool
    adjournable: bool


class OutcomeCreate(EditionCreate):
    """An outcome to add, or a new edition of one whose effect changes on a day."""

    label: Name
    effect: Effect
    on_merits: bool | None = None
    limited_to: list[UUID] = Field(default=[], max_length=50)
    sets_down_for_id: UUID | None = Field(
        default=None, description="the activity type that the next date is for"
    )


class OutcomeRead(EditionRead):
    """An edition of an outcome; outside the categories in `limited_to` its effect is none."""

    label: str
    effect: Effect
    on_merits: bool | None
    limited_to: list[UUID]
    sets_down_for_id: UUID | None


class ReasonCreate(RecordCreate):
    """An adjournment reason to add."""

    label: Name
    cause: AdjournmentCause


class ReasonUpdate(RecordUpdate):
    """What may change of an adjournment reason."""

    label: Name = OMITTED


class ReasonRead(RecordRead):
    """An adjournment reason."""

    label: str
    cause: AdjournmentCause


class CalendarPeriodCreate(RequestModel):
    """Days on which one court, or every court, sits or does not; both days are included."""

    name: Name = Field(examples=["High Court vacation, August 2026"])
    court_id: UUID | None = Field(default=None, description="left out, for all courts")
    first_on: Day
    last_on: Day
    sits: bool = Field(default=False, description="true: a sitting on days that are none as a rule")
    is_active: bool = True


class CalendarPeriodUpdate(RequestModel):
    """What may change of a period: its name, its last day, and whether it counts."""

    name: Name = OMITTED
    last_on: Day = OMITTED
    is_active: bool = OMITTED


class CalendarPeriodRead(RecordRead):
    """Days on which one court, or without `court_id` every court, sits or does not. A court's own
    periods go before those of all courts; on all other days courts sit from Monday to Friday.
    """

    name: str
    court_id: UUID | None
    first_on: date
    last_on: date
    sits: bool


# What adds, changes and shows a row of each kind.
COURT: Final = (CourtCreate, CourtUpdate, CourtRead)
JUDGE: Final = (JudgeCreate, JudgeUpdate, JudgeRead)
CATEGORY: Final = (CategoryCreate, CategoryUpdate, CategoryRead)
CASE_TYPE: Final = (CaseTypeCreate, CaseTypeUpdate, CaseTypeRead)
ACTIVITY_TYPE: Final = (ActivityTypeCreate, EditionUpdate, ActivityTypeRead)
OUTCOME: Final = (OutcomeCreate, EditionUpdate, OutcomeRead)
REASON: Final = (ReasonCreate, ReasonUpdate, ReasonRead)
CALENDAR_PERIOD: Final = (CalendarPeriodCreate, CalendarPeriodUpdate, CalendarPeriodRead)
