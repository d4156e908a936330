"""Bodies of responses about figures: one shape for all, with the values of each."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field, create_model
from pydantic_core import to_json

from common.schemas import ResponseModel
from core_service.cases.schemas import CaseRead
from core_service.metrics.figures import NO_JUDGE, Dimension
from core_service.metrics.frame import Figure
from core_service.metrics.parameters import NONE
from core_service.metrics.progress import Part
from core_service.metrics.questions import Keys, SettledQuery
from core_service.metrics.service import Answer, CountedCase
from core_service.metrics.tallies import Line
from core_service.reference.models import CourtType


class NamedRead(ResponseModel):
    """A court, a category or a case type, in short."""

    id: UUID
    code: str
    name: str


class LeadRead(ResponseModel):
    """A judge who leads cases; without an ID for cases that none leads."""

    id: UUID | None
    name: str | None


class GroupRead(ResponseModel):
    """What a line counts; null for what the figure is not grouped by."""

    court: NamedRead | None = None
    court_type: CourtType | None = None
    category: NamedRead | None = None
    case_type: NamedRead | None = None
    judge: LeadRead | None = None
    month: str | None = Field(default=None, examples=["2026-01"])
    fiscal_year: str | None = Field(default=None, examples=["2025/2026"])


class ExcludedRead(ResponseModel):
    """How many cases are left out, and why.

    `deleted` cases do not count. `sealed-in-part-months`: the figure is over days that are no whole
    months, and sealed cases that you may not see count at the end of their month; their number is
    not given.
    """

    reason: str = Field(examples=["deleted"])
    count: int | None = Field(description="null where the number would reveal a sealed case")


class LineRead(ResponseModel):
    """The list of the cases behind a line, and the group that it is about."""

    cases_url: str


class GroupLineRead(LineRead):
    """The same with its group."""

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


@cache
def body_of(figure: type[Figure]) -> type[ResponseModel]:
    """The body of a figure's answers: `MatrixRead` of `MatrixItem`s and `MatrixTotals`."""
    name, values = figure.__name__, figure.values
    item = create_model(
        f"{name}Item", __base__=(values, GroupLineRead), __doc__=f"One group. {values.__doc__}"
    )
    totals = create_model(
        f"{name}Totals", __base__=(values, LineRead), __doc__="All groups, with the same values."
    )
    made: Any = create_model(
        f"{name}Read",
        __base__=(figure.more_values, FigureRead),
        __doc__=f"The {figure.title}, by group and in all.",
        items=(Sequence[item], ...),
        totals=(totals, ...),
    )
    return cast(type[ResponseModel], made)


def body(answer: Answer) -> bytes:
    """A figure as it is answered: JSON that fits `body_of`, without the time that models take."""
    figure, query = answer.figure, answer.query
    head = to_json(
        {
            **answer.more,
            "figure": figure.name,
            "definition_version": figure.version,
            "from": query.period.first,
            "to": query.period.last,
            "as_of": query.moment.as_of,
            "known_on": query.known_on,
            "group_by": query.group_by,
            "excluded": answer.excluded,
            "totals": {**answer.totals, "cases_url": cases_url(figure, query, {})},
        },
        by_alias=True,
    )
    lines = b",".join(
        _encoded(figure, part, line)
        for part in answer.parts
        for line in part.counted.lines.values()
    )
    return b'%b,"items":[%b]}' % (head[:-1], lines)


def _encoded(figure: Figure, part: Part, line: Line) -> bytes:
    """A line; its cases are as known now, even where they have not changed since it was written."""
    moment = _common(figure, part.query)[1]
    if line.encoded is None:
        keys = {**line.keys, **part.keys}
        link = cases_url(figure, part.query, keys).removesuffix(moment)
        text = to_json({"group": _group(keys), **line.values, "cases_url": link})
        line.encoded = text.removesuffix(b'"}')
    return b'%b%b"}' % (line.encoded, moment.encode())


class CountedCaseRead(CaseRead):
    """A case behind a number, and the day it counted."""

    counted_on: date

    @classmethod
    def counted(cls, counted: CountedCase) -> "CountedCaseRead":
        """A case that was loaded with its names."""
        shown = CaseRead.of(counted.case)
        return cls.model_construct(**dict(shown), counted_on=counted.counted_on)


def cases_url(figure: Figure, query: SettledQuery, keys: Keys) -> str:
    """The list of exactly the cases behind a column of a group, as known at the same moment."""
    selected, rest = _common(figure, query)
    group = {each.value: _plain(key[0]) for each, key in keys.items() if each in SELECTED}
    given = {name: value for name, value in (selected | group).items() if value is not None}
    wanted = "".join(f"{name}={value}&" for name, value in given.items())
    return f"/api/v1/metrics/{figure.name}/cases?{wanted}{rest}"


@lru_cache(maxsize=8)
def _common(figure: Figure, query: SettledQuery) -> tuple[dict[str, Any], str]:
    """What all links of a question share."""
    selection = query.selection
    selected = {
        "court": selection.court_id,
        "court_type": selection.court_type.value if selection.court_type else None,
        "category": selection.category_id,
        "case_type": selection.case_type_id,
        "judge": NONE if selection.judge_id == NO_JUDGE else selection.judge_id,
    }
    rest = {
        "from": query.period.first,
        "to": query.period.last,
        "as_of": query.moment.as_of,
        "known_on": query.known_on.isoformat(),
        "column": figure.shown.value,
    }
    return selected, urlencode(rest)


def _group(keys: Keys) -> dict[str, Any]:
    named = {
        each.value: key[0] if len(key) == 1 else dict(zip(_FIELDS[len(key)], key, strict=True))
        for each, key in keys.items()
    }
    return _NO_GROUP | named


def _plain(key: Any) -> Any:
    if key is None:
        return NONE
    return key.value if isinstance(key, CourtType) else key


SELECTED: Final = frozenset(Dimension) - {Dimension.MONTH, Dimension.FISCAL_YEAR}
_NO_GROUP: Final = dict.fromkeys(GroupRead.model_fields)
_FIELDS: Final = {2: ("id", "name"), 3: ("id", "code", "name")}
