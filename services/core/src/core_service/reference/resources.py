"""The kinds of reference data: what differs between them, so that the rest can be shared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from common.schemas import RequestModel
from core_service.reference import schemas
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CalendarPeriod,
    CaseCategory,
    CaseType,
    Court,
    Judge,
    Outcome,
    TimeStandard,
)
from core_service.reference.names import display_name
from core_service.reference.spelling import normal_spelling
from core_service.tables import Record

VOWELS: Final = "aeiou"
Values = Mapping[str, Any]


def _nothing(_values: Values) -> Values:
    return {}


def _name_norm(values: Values) -> Values:
    return {"name_norm": normal_spelling(values["name"])}


def _label_norm(values: Values) -> Values:
    return {"label_norm": normal_spelling(values["label"])}


def _judge_names(values: Values) -> Values:
    name = display_name(values["surname"], values["given_names"])
    return {"display_name": name, "name_norm": normal_spelling(name)}


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind. `shown_as` is the column it is sorted and searched by; `derive` gives the columns
    that follow from others; with `by_likeness` a misspelt name finds it too.
    """

    path: str
    noun: str
    model: type[Record]
    create: type[RequestModel]
    update: type[RequestModel]
    read: type[schemas.RecordRead]
    shown_as: str
    has_code: bool = False
    by_likeness: bool = False
    derive: Callable[[Values], Values] = _nothing

    @property
    def table(self) -> str:
        """The table that its rows are in."""
        return str(self.model.__tablename__)

    @property
    def url(self) -> str:
        """The path of its list."""
        return f"/api/v1/{self.path}"

    @property
    def name(self) -> str:
        """In the names of operations."""
        return self.noun.replace(" ", "_")

    @property
    def one(self) -> str:
        """The noun with its article."""
        return f"{'an' if self.noun[0] in VOWELS else 'a'} {self.noun}"


RESOURCES: Final = (
    Resource(
        "courts",
        "court",
        Court,
        schemas.CourtCreate,
        schemas.CourtUpdate,
        schemas.CourtRead,
        "name",
        has_code=True,
    ),
    Resource(
        "judges",
        "judge",
        Judge,
        schemas.JudgeCreate,
        schemas.JudgeUpdate,
        schemas.JudgeRead,
        "display_name",
        by_likeness=True,
        derive=_judge_names,
    ),
    Resource(
        "case-categories",
        "case category",
        CaseCategory,
        schemas.CategoryCreate,
        schemas.CategoryUpdate,
        schemas.CategoryRead,
        "name",
        has_code=True,
    ),
    Resource(
        "case-types",
        "case type",
        CaseType,
        schemas.CaseTypeCreate,
        schemas.CaseTypeUpdate,
        schemas.CaseTypeRead,
        "name",
        has_code=True,
        derive=_name_norm,
    ),
    Resource(
        "activity-types",
        "activity type",
        ActivityType,
        schemas.ActivityTypeCreate,
        schemas.EditionUpdate,
        schemas.ActivityTypeRead,
        "label",
        derive=_label_norm,
    ),
    Resource(
        "outcomes",
        "outcome",
        Outcome,
        schemas.OutcomeCreate,
        schemas.EditionUpdate,
        schemas.OutcomeRead,
        "label",
        derive=_label_norm,
    ),
    Resource(
        "adjournment-reasons",
        "adjournment reason",
        AdjournmentReason,
        schemas.ReasonCreate,
        schemas.ReasonUpdate,
        schemas.ReasonRead,
        "label",
        derive=_label_norm,
    ),
    Resource(
        "time-standards",
        "time standard",
        TimeStandard,
        schemas.TimeStandardCreate,
        schemas.TimeStandardUpdate,
        schemas.TimeStandardRead,
        "label",
        derive=_label_norm,
    ),
    Resource(
        "calendar-periods",
        "calendar period",
        CalendarPeriod,
        schemas.CalendarPeriodCreate,
        schemas.CalendarPeriodUpdate,
        schemas.CalendarPeriodRead,
        "name",
    ),
)

_BY_TABLE: Final = {resource.table: resource for resource in RESOURCES}


def resource_of(table: str) -> Resource:
    """The kind whose rows are in this table."""
    return _BY_TABLE[table]
