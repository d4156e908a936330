"""Bodies of responses about figures."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field

from common.schemas import ResponseModel
from core_service.cases.schemas import CaseRead
from core_service.metrics.figures import (
    DEFINITION_VERSION,
    ClearanceColumn,
    Dimension,
    MatrixColumn,
    Period,
    Ratio,
    add_up,
)
from core_service.metrics.questions import Column, SettledQuery
from core_service.metrics.service import Answer, CountedCase
from core_service.reference.models import CourtType

Keys = Mapping[Dimension, tuple[Any, ...]]


class NamedRead(ResponseModel):
    """A court or a category, in short."""

    id: UUID
    code: str
    name: str


class GroupRead(ResponseModel):
    """What a line counts; null for what the figure is not grouped by."""

    court: NamedRead | None = None
    court_type: CourtType | None = None
    category: NamedRead | None = None


class ExcludedRead(ResponseModel):
    """How many cases are left out, and why.

    `deleted` cases do not count. `sealed-in-part-months`: the figure is over days that are no whole
    months, and sealed cases that you may not see count at the end of their month; their number is
    not given.
    """

    reason: str = Field(examples=["deleted"])
    count: int | None = Field(description="null where the number would reveal a sealed case")


class PeriodRead(ResponseModel):
    """Days from the first to the last, both within."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")


class MatrixColumns(ResponseModel):
    """The caseload matrix of the NCSC/COSCA State Court Guide, and the link to the cases.

    end_active = begin_active + new + reopened + reactivated + transfer_in - disposed -
    reopened_disposed - inactivated - transfer_out. The link lists `column=end_active`; put another
    column there for the cases behind that one.
    """

    begin_active: int
    new: int
    reopened: int
    reactivated: int
    transfer_in: int
    disposed: int
    reopened_disposed: int
    inactivated: int
    transfer_out: int
    end_active: int
    end_inactive: int
    cases_url: str


class MatrixItem(MatrixColumns):
    """The matrix of one group."""

    group: GroupRead


class RatioRead(ResponseModel):
    """A rate in percent; the value is null when there is nothing to divide by."""

    numerator: int
    denominator: int
    value: float | None


class ClearanceColumns(ResponseModel):
    """Clearance (CourTools 2) in the period, and the Kenyan CCR in the fiscal year it ends in.

    The link lists `column=numerator`; the others are `denominator`, `ccr_numerator` and
    `ccr_denominator`.
    """

    clearance: RatioRead
    ccr: RatioRead
    cases_url: str


class ClearanceItem(ClearanceColumns):
    """The rates of one group."""

    group: GroupRead


class FigureRead(ResponseModel):
    """What every figure says of itself."""

    figure: str
    definition_version: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    as_of: date
    known_on: datetime | date
    group_by: Sequence[Dimension]
    excluded: Sequence[ExcludedRead]


class MatrixRead(FigureRead):
    """The caseload matrix."""

    items: Sequence[MatrixItem]
    totals: MatrixColumns

    @classmethod
    def of(cls, answer: Answer) -> "MatrixRead":
        """The matrix with its totals."""
        query, names = answer.query, [column.value for column in MatrixColumn]

        def columns(counts: Mapping[str, int], keys: Keys) -> dict[str, Any]:
            return {**counts, "cases_url": cases_url(query, MatrixColumn.END_ACTIVE, keys)}

        items = [
            MatrixItem(**columns(group.counts, group.keys), group=_group(group.keys))
            for group in answer.groups
        ]
        totals = add_up((group.counts for group in answer.groups), names)
        return cls(**_about("matrix", answer), items=items, totals=columns(totals, {}))


class ClearanceRead(FigureRead):
    """The clearance rates."""

    fiscal_year: PeriodRead
    items: Sequence[ClearanceItem]
    totals: ClearanceColumns

    @classmethod
    def of(cls, answer: Answer) -> "ClearanceRead":
        """The rates with their totals, which are rates of sums, not sums of rates."""
        query, names = answer.query, [column.value for column in ClearanceColumn]

        def columns(counts: Mapping[str, int], keys: Keys) -> dict[str, Any]:
            return {
                "clearance": _ratio(counts, "numerator", "denominator"),
                "ccr": _ratio(counts, "ccr_numerator", "ccr_denominator"),
                "cases_url": cases_url(query, ClearanceColumn.NUMERATOR, keys),
            }

        items = [
            ClearanceItem(**columns(group.counts, group.keys), group=_group(group.keys))
            for group in answer.groups
        ]
        totals = add_up((group.counts for group in answer.groups), names)
        return cls(
            **_about("clearance", answer),
            fiscal_year=_period(query.fiscal),
            items=items,
            totals=ClearanceColumns(**columns(totals, {})),
        )


class CountedCaseRead(CaseRead):
    """A case behind a number, and the day it counted."""

    counted_on: date

    @classmethod
    def counted(cls, counted: CountedCase) -> "CountedCaseRead":
        """A case that was loaded with its names."""
        shown = CaseRead.of(counted.case)
        return cls.model_construct(**dict(shown), counted_on=counted.counted_on)


def cases_url(query: SettledQuery, column: Column, keys: Keys) -> str:
    """The list of exactly the cases behind a column of a group, as known at the same moment."""
    figure = "matrix" if isinstance(column, MatrixColumn) else "clearance"
    selection = query.selection
    wanted: dict[str, Any] = {
        "court": selection.court_id,
        "court_type": selection.court_type.value if selection.court_type else None,
        "category": selection.category_id,
        **{dimension.value: _plain(key[0]) for dimension, key in keys.items()},
        "from": query.period.first,
        "to": query.period.last,
        "as_of": query.moment.as_of,
        "known_on": query.known_on.isoformat(),
        "column": column.value,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return f"/api/v1/metrics/{figure}/cases?{urlencode(given)}"


def _about(figure: str, answer: Answer) -> dict[str, Any]:
    query = answer.query
    excluded = [ExcludedRead(reason="deleted", count=answer.deleted)] if answer.deleted else []
    if answer.sealed_by_month:
        excluded.append(ExcludedRead(reason="sealed-in-part-months", count=None))
    return {
        "figure": figure,
        "definition_version": DEFINITION_VERSION,
        "first": query.period.first,
        "last": query.period.last,
        "as_of": query.moment.as_of,
        "known_on": query.known_on,
        "group_by": query.group_by,
        "excluded": excluded,
    }


def _group(keys: Keys) -> GroupRead:
    return GroupRead(
        **{
            dimension.value: key[0] if len(key) == 1 else dict(zip(_NAMED, key, strict=True))
            for dimension, key in keys.items()
        }
    )


def _ratio(counts: Mapping[str, int], numerator: str, denominator: str) -> RatioRead:
    return RatioRead.model_validate(Ratio(counts[numerator], counts[denominator]))


def _period(period: Period) -> PeriodRead:
    return PeriodRead(first=period.first, last=period.last)


def _plain(key: Any) -> Any:
    return key.value if isinstance(key, CourtType) else key


_NAMED = ("id", "code", "name")
