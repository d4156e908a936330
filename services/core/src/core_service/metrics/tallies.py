"""What each court adds to an answer, and the answer that they add up to.

A court's tally is true until a write to that court. A commit changes those of the courts that it
wrote to, and these alone are counted again; the others are added to them as they are.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from common.identity import CourtScope
from core_service.metrics.conditions import Question
from core_service.metrics.events import deleted
from core_service.metrics.figures import Dimension
from core_service.metrics.frame import Figure, Measures, Row, Values
from core_service.metrics.questions import Keys
from core_service.metrics.repository import FigureRepository, Groups, Ids, Names

# About what the sums of a group take, and a line with its names, values and text.
TALLY_BYTES: Final = 600
LINE_BYTES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Tally:
    """What a court adds: to each group, to the totals, to the rows of details."""

    groups: Groups
    total: Values
    rows: Sequence[Row]
    deleted: int

    @property
    def size(self) -> int:
        """About how many bytes it takes; days are there twice."""
        joined = (each for each in self.total.values() if isinstance(each, array))
        return TALLY_BYTES * (len(self.groups) + 1) + 2 * sum(
            each.itemsize * len(each) for each in joined
        )


Tallies = Mapping[UUID, Tally]


@dataclass(slots=True)
class Line:
    """A group, its sums and its values; `encoded` is the answer's text of it, once written,
    up to the moment of its list.
    """

    order: tuple[Any, ...]
    keys: Keys
    counts: Values
    values: Values
    encoded: bytes | None = None


Lines = Mapping[Ids, Line]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure has counted, from the tallies that it was merged from."""

    tallies: Tallies
    lines: Lines
    totals: Values  # before they are values of the answer

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return LINE_BYTES * len(self.lines) + sum(each.size for each in self.tallies.values())


@dataclass(frozen=True)
class Tallying:
    """A figure's question, counted by court and merged."""

    figure: Figure
    question: Question

    @cached_property
    def measures(self) -> Measures:
        """What is measured."""
        return self.figure.measures(self.question)

    async def tally(self, figures: FigureRepository, only: CourtScope) -> Tallies:
        """Count these courts."""
        question = replace(self.question, only=only)
        whole = question.whole
        by_court = await figures.tallied(question, self.figure.measures(question))
        totals = {court_id: self._sum(each.values()) for court_id, each in by_court.items()}
        if self.figure.credits_members and Dimension.JUDGE in question.group_by:
            of_all = await figures.tallied(whole, self.figure.measures(whole))
            totals = {court_id: groups[()] for court_id, groups in of_all.items()}
        details = self.figure.details(whole)
        rows = await figures.by_court(details) if details is not None else {}
        left_out = await figures.by_court(deleted(question))
        return {
            court_id: Tally(
                by_court.get(court_id, {}),
                totals.get(court_id) or self.measures.nothing(),
                rows.get(court_id, ()),
                left_out[court_id][0][0] if court_id in left_out else 0,
            )
            for court_id in {*by_court, *totals, *rows, *left_out}
        }

    def merge(self, tallies: Tallies, names: Names, before: Lines) -> Counted:
        """The lines that courts add up to. One whose counts are as before stays as it was."""
        dimensions, lines = self.question.group_by, {}
        for ids, counts in self._groups(tallies.values()).items():
            line = before.get(ids)
            if line is None:
                order, keys = names.order(dimensions, ids), names.keys(dimensions, ids)
                line = Line(order, keys, counts, self.figure.line(counts, self.question))
            elif line.counts is not counts and line.counts != counts:
                values = self.figure.line(counts, self.question)
                line = replace(line, counts=counts, values=values, encoded=None)
            lines[ids] = line
        ordered = sorted(lines.items(), key=lambda each: each[1].order)
        return Counted(tallies, dict(ordered), self._sum(each.total for each in tallies.values()))

    def _groups(self, tallies: Iterable[Tally]) -> Groups:
        """What the courts' groups add up to, those left out of which nothing counts."""
        found: dict[Ids, list[Values]] = {}
        for each in tallies:
            for ids, counts in each.groups.items():
                found.setdefault(ids, []).append(counts)
        merged = {
            ids: counts[0] if len(counts) == 1 else self._sum(counts)
            for ids, counts in found.items()
        }
        return {ids: counts for ids, counts in merged.items() if any(counts.values())}

    def _sum(self, counts: Iterable[Values]) -> Values:
        total: dict[str, Any] = self.measures.nothing()
        for each in counts:
            for name, value in each.items():
                total[name] += value
        return total
