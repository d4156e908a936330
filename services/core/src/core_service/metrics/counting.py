"""Figures that count rows: each column is a condition on them, and its list the rows that meet it.

A count and its list come from the same statement, so that the one is as long as the other says.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, not_

from core_service.metrics.frame import Counted, Excluded, Figure, Line, Values
from core_service.metrics.repository import (
    Count,
    FigureRepository,
    Listing,
    Question,
    Statement,
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a figure counts: a statement that is `limited`, and the columns that a list shows.

    `conditions` are the counts by column; `measures` are other aggregates over the same rows.
    """

    statement: Statement
    on: Any
    entry_id: Any
    case_id: Any
    conditions: Mapping[Any, ColumnElement[bool]]
    measures: Mapping[str, Count] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, Count]:
        """All that is counted, by name."""
        counts = {name.value: func.count().filter(each) for name, each in self.conditions.items()}
        return {**counts, **self.measures}


class CountedFigure(Figure):
    """A figure over rows. Totals are counted again, so that a bench is there once."""

    @abstractmethod
    def rows(self, question: Question) -> Rows:
        """The rows, with one condition for each column."""

    @abstractmethod
    def line(self, counts: Values, question: Question) -> Values:
        """The values of a line."""

    def excluded(self, totals: Values) -> Sequence[Excluded]:
        """What the totals say was left out."""
        return ()

    async def details(self, figures: FigureRepository, question: Question) -> Values:
        """What `more` declares."""
        return {}

    async def count(self, figures: FigureRepository, question: Question) -> Counted:
        whole = Question(question.query.whole(), question.seen)
        rows, all_rows = self.rows(question), self.rows(whole)
        totals = (await figures.grouped(whole, all_rows.statement, all_rows.counts))[0].counts
        groups = await figures.grouped(question, rows.statement, rows.counts)
        return Counted(
            lines=[
                Line(group.keys, self.line(group.counts, question))
                for group in groups
                if any(group.counts.values())
            ],
            totals=self.line(totals, whole),
            excluded=self.excluded(totals),
            more=await self.details(figures, whole),
        )

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
