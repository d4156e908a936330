"""The kinds of reference data: what differs between them, so that the rest can be shared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from common.schemas import RequestModel
from core_service.reference import measure_schemas, schemas
from core_service.reference.measures import CaseWeight, TimeStandard
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CalendarPeriod,
    CaseCategory,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.reference.spelling import display_name, normal_spelling
from core_service.tables import Record

VOWELS: Final = "aeiou"
Values = Mapping[str, Any]


def _normalised(column: str) -> Callable[[Values], Values]:
    return lambda values: {f"{column}_norm": normal_spelling(values[column])}


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
    derive: Callable[[Values], Values] = lambda _: {}

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


Bodies = tuple[type[RequestModel], type[RequestModel], type[schemas.RecordRead]]


def _labelled(path: str, noun: str, model: type[Record], bodies: Bodies) -> Resource:
    return Resource(path, noun, model, *bodies, "label", derive=_normalised("label"))


RESOURCES: Final = (
    Resource("courts", "court", Court, *schemas.COURT, "name", has_code=True),
    Resource(
        "judges",
        "judge",
        Judge,
        *schemas.JUDGE,
        "display_name",
        by_likeness=True,
        derive=_judge_names,
    ),
    Resource(
        "case-categories", "case category", CaseCategory, *schemas.CATEGORY, "name", has_code=True
    ),
    Resource(
        "case-types",
        "case type",
        CaseType,
        *schemas.CASE_TYPE,
        "name",
        has_code=True,
        derive=_normalised("name"),
    ),
    _labelled("activity-types", "activity type", ActivityType, schemas.ACTIVITY_TYPE),
    _labelled("outcomes", "outcome", Outcome, schemas.OUTCOME),
    _labelled("adjournment-reasons", "adjournment reason", AdjournmentReason, schemas.REASON),
    _labelled("time-standards", "time standard", TimeStandard, measure_schemas.TIME_STANDARD),
    _labelled("case-weights", "case weight", CaseWeight, measure_schemas.CASE_WEIGHT),
    Resource(
        "calendar-periods", "calendar period", CalendarPeriod, *schemas.CALENDAR_PERIOD, "name"
    ),
)

_BY_TABLE: Final = {resource.table: resource for resource in RESOURCES}


def resource_of(table: str) -> Resource:
    """The kind whose rows are in this table."""
    return _BY_TABLE[table]
