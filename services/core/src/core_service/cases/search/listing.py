"""The list of cases: its filters and its orders."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, Integer, any_, false, func, literal, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from common.dates import Day
from common.keyset import Order, SortKey, read_id
from core_service.cases.lookup import parse_query
from core_service.cases.models import Case, CaseStatus
from core_service.cases.numbers import normal_type
from core_service.cases.repository import fits
from core_service.reference.models import CaseType

# The cases of one year are sorted in less time than the rest of a request takes.
NARROW_DAYS: Final = 366
# States in which a case does not stay.
RARE: Final = frozenset({CaseStatus.INACTIVE, CaseStatus.TRANSFERRED})
# Two centuries: no case is older, and no date so far back is out of the calendar.
Days = Annotated[int, Field(ge=0, le=73_000)]
SearchText = Annotated[str, StringConstraints(max_length=80)]


class CaseSort(StrEnum):
    """The orders of the list; a minus means the latest or highest first."""

    FILED_ON = "filed_on"
    FILED_ON_DESCENDING = "-filed_on"
    LAST_ACTIVITY_ON = "last_activity_on"
    LAST_ACTIVITY_ON_DESCENDING = "-last_activity_on"
    NUMBER = "number"
    NUMBER_DESCENDING = "-number"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed to; None leaves a filter out, ranges include both ends."""

    court: UUID | None = None
    case_type: UUID | None = None
    category: UUID | None = None
    status: CaseStatus | None = None
    judge: UUID | None = None
    filed_from: Day | None = None
    filed_to: Day | None = None
    disposed_from: Day | None = None
    disposed_to: Day | None = None
    next_from: Day | None = None
    next_to: Day | None = None
    custody: Annotated[bool | None, Field(description="whether an accused is in custody")] = None
    age_min: Annotated[Days | None, Field(description="days since filing, at least")] = None
    age_max: Annotated[Days | None, Field(description="days since filing, at most")] = None
    sealed: bool | None = None
    deleted: Annotated[bool, Field(description="deleted cases, to those who may restore")] = False
    q: SearchText | None = None

    def apply(self, statement: SelectOfScalar[Case], today: date) -> SelectOfScalar[Case]:
        return statement.where(*self._conditions(), *self._ages(today))

    @property
    def is_narrow(self) -> bool:
        """Whether what matches is better gathered by the filter's own index and sorted then.

        The planner looks for matches along the order's index when it expects to meet them evenly.
        It cannot know that the cases of one year stand together in nearly every order, nor how few
        of a category are inactive: it may walk all cases for one page.
        """
        return self.status in RARE or any(
            start is not None and end is not None and (end - start).days <= NARROW_DAYS
            for start, end in (
                (self.filed_from, self.filed_to),
                (self.disposed_from, self.disposed_to),
                (_aged(self.age_max), _aged(self.age_min)),
            )
        )

    def _ages(self, today: date) -> Iterator[ColumnElement[bool]]:
        # As bounds of the filing date, which has an index, and not as an age to work out per row.
        if self.age_min is not None:
            yield col(Case.filed_on) <= _days_before(today, self.age_min)
        if self.age_max is not None:
            yield col(Case.filed_on) >= _days_before(today, self.age_max)

    def _conditions(self) -> list[ColumnElement[bool]]:
        conditions = [
            build(value)
            for name, build in CONDITIONS.items()
            if (value := getattr(self, name)) is not None
        ]
        return conditions + (_written_like(self.q) if self.q else [])


def _aged(days: int | None) -> date | None:
    return None if days is None else _days_before(date.max, days)


def _days_before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _in_category(category: UUID) -> ColumnElement[bool]:
    types = select(CaseType.id).where(col(CaseType.category_id) == category)
    # An array is known before the plan runs, so that the list still walks an index in its order; a
    # join with the types would read all cases first.
    return col(Case.case_type_id) == any_(func.array(types.scalar_subquery()))


CONDITIONS: Final[Mapping[str, Callable[[Any], ColumnElement[bool]]]] = {
    "court": lambda value: col(Case.court_id) == value,
    "case_type": lambda value: col(Case.case_type_id) == value,
    "category": _in_category,
    "status": lambda value: col(Case.status) == value,
    "judge": lambda value: col(Case.lead_judge_id) == value,
    "filed_from": lambda value: col(Case.filed_on) >= value,
    "filed_to": lambda value: col(Case.filed_on) <= value,
    "disposed_from": lambda value: col(Case.disposed_on) >= value,
    "disposed_to": lambda value: col(Case.disposed_on) <= value,
    "next_from": lambda value: col(Case.next_hearing_on) >= value,
    "next_to": lambda value: col(Case.next_hearing_on) <= value,
    "custody": lambda value: col(Case.custody_count) > 0 if value else col(Case.custody_count) == 0,
    "sealed": lambda value: col(Case.sealed).is_(value),
}


def _written_like(text: str) -> list[ColumnElement[bool]]:
    """Cases whose number the text spells; text without a number is the start of a type."""
    query = parse_query(text)
    if query is None:
        start = normal_type(text)
        return [col(Case.caseid_type).startswith(start)] if start else [false()]
    conditions = [or_(*fits(query))]
    if query.caseid_types:
        conditions.append(col(Case.caseid_type).in_(query.caseid_types))
    return conditions


def case_order(sort: CaseSort, *, narrow: bool = False) -> Order[Case]:
    """The total order of that name; for a narrow filter, one that no index has."""
    name = sort.value.removeprefix("-")
    keys = WITHOUT_INDEX.get(name, ORDERS[name]) if narrow else ORDERS[name]
    return Order(sort.value, keys, descending=sort.value.startswith("-"))


_ID: Final[SortKey[Case]] = SortKey(col(Case.id), lambda case: case.id, read_id)
ORDERS: Final[Mapping[str, tuple[SortKey[Case], ...]]] = {
    "filed_on": (
        SortKey(col(Case.filed_on), lambda case: case.filed_on, date.fromisoformat),
        _ID,
    ),
    "last_activity_on": (
        SortKey(
            func.coalesce(Case.last_activity_on, Case.filed_on),
            lambda case: case.last_activity_on or case.filed_on,
            date.fromisoformat,
        ),
        _ID,
    ),
    "number": (
        SortKey(col(Case.caseid_type), lambda case: case.caseid_type),
        SortKey(col(Case.filed_year), lambda case: case.filed_year, int),
        SortKey(col(Case.number_serial), lambda case: case.number_serial, int),
        _ID,
    ),
}


def _unindexed(keys: tuple[SortKey[Case], ...], nothing: object) -> tuple[SortKey[Case], ...]:
    """The same order by an expression that no index has: to the first key nothing is added."""
    first, *others = keys
    return (replace(first, column=first.column + nothing), *others)


WITHOUT_INDEX: Final[Mapping[str, tuple[SortKey[Case], ...]]] = {
    "last_activity_on": _unindexed(ORDERS["last_activity_on"], literal(0, Integer)),
    "number": _unindexed(ORDERS["number"], ""),
}
