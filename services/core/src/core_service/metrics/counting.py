"""Figures that count rows: each column is a condition on them, and its list the rows that meet it.

A count and its list come from the same statement, so that the one is as long as the other says;
or the count comes from the states, which equal the events of the list.
"""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, not_

from core_service.metrics.conditions import Count, Listing, Question, Statement
from core_service.metrics.frame import Excluded, Figure, Measures, Values


@dataclass(frozen=True, slots=True)
class Rows:
    """What a figure counts: a statement that is `limited`, and the columns that a list shows.

    `conditions` are the counts by column; `sums` are others over the same rows, and `joined` are
    numbers of each row that meets a condition.
    """

    statement: Statement
    on: Any
    entry_id: Any
    case_id: Any
    conditions: Mapping[Any, ColumnElement[bool]]
    sums: Mapping[str, Count] = field(default_factory=dict)
    joined: Mapping[str, tuple[Any, ColumnElement[bool]]] = field(default_factory=dict)

    @property
    def measures(self) -> Measures:
        """All that is counted, by name."""
        counts = {name.value: func.count().filter(each) for name, each in self.conditions.items()}
        joined = {
            name: func.array_agg(value).filter(condition)
            for name, (value, condition) in self.joined.items()
        }
        return Measures(self.statement, {**counts, **self.sums}, joined)


class CountedFigure(Figure):
    """A figure over rows."""

    @abstractmethod
    def rows(self, question: Question) -> Rows:
        """The rows, with one condition for each column."""

    def counted(self, question: Question) -> Rows:
        """Other rows with the same counts, where there are some that take less time."""
        return self.rows(question)

    def measures(self, question: Question) -> Measures:
        return self.counted(question).measures

    def listing(self, question: Question, column: StrEnum) -> Listing:
        rows = self.rows(question)
        return rows.statement.add_columns(
            rows.on.label("on"),
            rows.entry_id.label("entry_id"),
            rows.case_id.label("case_id"),
        ).where(rows.conditions[column], not_(question.hidden))


def excluded(totals: Values, **reasons: str) -> list[Excluded]:
    """Those of the reasons for which something was left out; each names its count."""
    return [Excluded(reason, totals[name]) for name, reason in reasons.items() if totals[name]]
