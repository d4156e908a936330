"""Query parameters of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BeforeValidator

from common.dates import Day, DayOrMoment
from core_service.metrics.figures import BOTH, NO_JUDGE, Dimension, Selection
from core_service.metrics.questions import FigureQuery
from core_service.reference.models import CourtType


def _split(values: Any) -> Any:
    """Both `group_by=court,category` and `group_by=court&group_by=category`."""
    if not isinstance(values, list):
        return values
    return [name for value in values for name in str(value).split(",")]


NONE: Final = "none"
GroupBy = Annotated[
    list[Dimension],
    BeforeValidator(_split),
    Query(
        min_length=1,
        description="court, court_type, category, case_type, judge, month or fiscal_year (from 1 "
        "July), up to three with commas",
    ),
]


@dataclass(frozen=True, slots=True)
class FigureParameters:
    """The filters and dates of every figure."""

    court: Annotated[UUID | None, Query(description="one court")] = None
    court_type: Annotated[CourtType | None, Query(description="one kind of court")] = None
    category: Annotated[UUID | None, Query(description="one case category")] = None
    case_type: Annotated[UUID | None, Query(description="one case type")] = None
    judge: Annotated[
        UUID | Literal["none"] | None,
        Query(description="cases led by one judge, or by `none`"),
    ] = None
    first: Annotated[Day | None, Query(alias="from", description="the period's first day")] = None
    last: Annotated[Day | None, Query(alias="to", description="its last day, included")] = None
    as_of: Annotated[Day | None, Query(description="leave out what took effect later")] = None
    known_on: Annotated[
        DayOrMoment | None, Query(description="as known when this day ended, or at this time")
    ] = None

    def query(self, group_by: Sequence[Dimension] = BOTH) -> FigureQuery:
        """As the service takes it."""
        return FigureQuery(
            first=self.first,
            last=self.last,
            as_of=self.as_of,
            known_on=self.known_on,
            selection=Selection(
                court_id=self.court,
                court_type=self.court_type,
                category_id=self.category,
                case_type_id=self.case_type,
                judge_id=NO_JUDGE if isinstance(self.judge, str) else self.judge,
            ),
            group_by=tuple(dict.fromkeys(group_by)),
        )


FigureParametersDep = Annotated[FigureParameters, Depends()]
