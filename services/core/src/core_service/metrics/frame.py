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

        def measures(self, question):
            rows = question.limited(select().select_from(Case), question.cases()).where(…)
            return Measures(rows, {"old": func.count()…})

        def line(self, counts, question):
            return {"over_one_year": ratio(counts["old"], …)}

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
- What is measured adds up: counts of groups to those of all, and those of courts to both, since
  after a commit the courts that it wrote to are counted again, and no others (`tallies.py`). So
  numbers are added, and days are joined of which a percentile is taken at the end (`percentile`).
  Where judges are grouped by, the totals are counted separately: a bench is there once.
- Values of groups and totals are plain mappings that have every field of `values`, since they are
  written as JSON as they are; a test holds them against `values`. `ratio(numerator, denominator)`
  gives numerator, denominator and value.
- `more` gives fields of the whole answer that `more_values` declares, of the rows of `details`.
- A figure reads tables; whatever tables it reads have a trigger that marks changes (migrations
  0020, 0025 and 0030), with the courts whose rows they are or for all.
"""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import Field

from common.schemas import ResponseModel
from core_service.metrics.conditions import Count, Listing, Question, Statement
from core_service.metrics.figures import BOTH, DEFINITION_VERSION, Dimension, Ratio

Values = Mapping[str, Any]
Row = tuple[Any, ...]


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


@dataclass(frozen=True, slots=True)
class Excluded:
    """How many are left out, and why; None where the number would reveal a sealed case."""

    reason: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of a statement that is `limited` and selects nothing yet, by name: numbers
    that are added up, and arrays of numbers that are joined.
    """

    statement: Statement
    sums: Mapping[str, Count]
    joined: Mapping[str, Count] = field(default_factory=dict)

    def nothing(self) -> dict[str, Any]:
        """The values of no rows."""
        return {**dict.fromkeys(self.sums, 0), **{name: array("i") for name in self.joined}}


class Figure(ABC):
    """One figure: how it is counted, and the cases behind it."""

    name: ClassVar[str]
    version: ClassVar[str] = DEFINITION_VERSION
    title: ClassVar[str]
    text: ClassVar[str]
    values: ClassVar[type[ResponseModel]]
    columns: ClassVar[type[StrEnum]]
    more_values: ClassVar[type[ResponseModel]] = NothingMore
    group_by: ClassVar[tuple[Dimension, ...]] = BOTH
    # Whether several judges are credited with the same, so that they do not add up to their court.
    credits_members: ClassVar[bool] = False

    @property
    def shown(self) -> StrEnum:
        """The column that `cases_url` lists, and a list of which no column is named."""
        return next(iter(self.columns))

    @abstractmethod
    def measures(self, question: Question) -> Measures:
        """What is counted by group."""

    @abstractmethod
    def line(self, counts: Values, question: Question) -> Values:
        """The values of a line, or of the totals."""

    def excluded(self, totals: Values) -> Sequence[Excluded]:
        """What the totals say was left out."""
        return ()

    def details(self, question: Question) -> Statement | None:
        """Rows for `more`. The first column is their court."""
        return None

    def more(self, question: Question, rows: Iterable[Row]) -> Values:
        """What `more_values` declares, of the rows of all courts without their first column."""
        return {}

    @abstractmethod
    def listing(self, question: Question, column: StrEnum) -> Listing:
        """The cases behind a column: `on`, `entry_id`, `case_id`, one row for each that counts."""


def ratio(numerator: int, denominator: int) -> Values:
    """A rate in percent with its parts."""
    value = Ratio(numerator, denominator).value
    return {"numerator": numerator, "denominator": denominator, "value": value}


def percentile(percent: int, days: Sequence[int]) -> int | None:
    """The days within which so many percent of those are that are given in order."""
    return days[max(0, -(-percent * len(days) // 100) - 1)] if days else None
