"""What a figure is. To add one: a module next to this one with a subclass of `Figure`, and its line
in `catalogue.py`. Routes, parameters, groups, caching and lists follow from that.

A figure names itself, its edition, its values and the conditions by which its cases can be listed:

    class BacklogColumn(StrEnum):          # `cases_url` lists the first, or what `listed` says
        OVER_ONE_YEAR = "over_one_year"

    class BacklogValues(ResponseModel):    # a line of the answer; its docstring is the API's text
        over_one_year: RatioRead

    class Backlog(Figure):
        name = "backlog"                   # GET /metrics/backlog and /metrics/backlog/cases
        version = "2026.1"
        title = "backlog"                  # "Read the backlog"
        text = "Whole sentences: the definition and its source."
        values = BacklogValues
        columns = BacklogColumn

        async def count(self, figures, question):
            rows = question.limited(select().select_from(Case), question.cases()).where(…)
            groups = await figures.grouped(question, rows, {"old": func.count()…})
            return Counted([Line(group.keys, …) for group in groups], …)

        def listing(self, question, column):
            return question.limited(select(day "on", entry "entry_id", case "case_id"), …)

- `question` has the period, the moment (`as_of`, `known_at`; None is now), the selection, the
  groups (without time: a period that is grouped by month is one question a month) and the caller.
  Take rows of a dated table with `question.known(recorded_at, ended_at)`, cases with
  `question.not_deleted`, the day that something counts on with `question.day(column)` and, in lists
  alone, leave out `question.hidden`. Statements join `Case`. A list is as long as its figure says,
  but for sealed cases that the caller may not see.
- `question.limited(statement, source)` adds the courts of the caller, the selection and the joins
  by which `figures.grouped` groups. A `Source` names the columns of court, case type and judge:
  `question.cases()` for what is no event. Figures over events of the ledger are `TotalledFigure`s
  (`summing.py`), others `CountedFigure`s (`counting.py`).
- Values of groups and totals are plain mappings that have every field of `values`, since they are
  written as JSON as they are; a test holds them against `values`. `ratio(numerator, denominator)`
  gives numerator, denominator and value. Totals are counted or added up, never averaged.
- `Counted.more` holds fields of the whole answer that `more` declares.
- A figure reads tables; whatever tables it reads have the trigger of `MARKED` in the migration
  of totals, so that a stored answer is dropped by the write that changes it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from common.schemas import ResponseModel
from core_service.metrics.figures import BOTH, DEFINITION_VERSION, Dimension, Ratio
from core_service.metrics.questions import Keys
from core_service.metrics.repository import FigureRepository, Listing, Question

Values = Mapping[str, Any]


class RatioRead(ResponseModel):
    """A rate in percent; the value is null when there is nothing to divide by."""

    numerator: int
    denominator: int
    value: float | None


class PeriodRead(ResponseModel):
    """Days from the first to the last, both within."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")


class NothingMore(ResponseModel):
    """The fields of an answer that only this figure has."""


@dataclass(slots=True)
class Line:
    """A group and its values; `encoded` is the answer's text of it, once that is written."""

    keys: Keys
    values: Values
    encoded: bytes | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    """How many are left out, and why; None where the number would reveal a sealed case."""

    reason: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure has counted."""

    lines: Sequence[Line]
    totals: Values
    excluded: Sequence[Excluded] = ()
    more: Values = field(default_factory=dict)


class Figure(ABC):
    """One figure: how it is counted, and the cases behind it."""

    name: ClassVar[str]
    version: ClassVar[str] = DEFINITION_VERSION
    title: ClassVar[str]
    text: ClassVar[str]
    values: ClassVar[type[ResponseModel]]
    columns: ClassVar[type[StrEnum]]
    more: ClassVar[type[ResponseModel]] = NothingMore
    group_by: ClassVar[tuple[Dimension, ...]] = BOTH
    # Whether what was known at a moment can be counted again; rows of returns are as they are now.
    is_dated: ClassVar[bool] = True

    @property
    def shown(self) -> StrEnum:
        """The column that `cases_url` lists, and a list of which no column is named."""
        return next(iter(self.columns))

    @abstractmethod
    async def count(self, figures: FigureRepository, question: Question) -> Counted:
        """Count the groups of the question, and the totals of all."""

    async def recount(
        self, figures: FigureRepository, question: Question, before: Counted, snapshot: str
    ) -> Counted | None:
        """The same as `count`, from what was counted before and has been recorded since; None
        where that does not do.
        """
        return None

    @abstractmethod
    def listing(self, question: Question, column: StrEnum) -> Listing:
        """The cases behind a column: `on`, `entry_id`, `case_id`, one row for each that counts."""


def ratio(numerator: int, denominator: int) -> Values:
    """A rate in percent with its parts."""
    value = Ratio(numerator, denominator).value
    return {"numerator": numerator, "denominator": denominator, "value": value}
