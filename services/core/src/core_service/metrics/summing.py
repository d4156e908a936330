"""Figures that add up events of the ledger: counted from the totals, and brought up to date by what
was recorded since.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core_service.metrics.events import EventCounting, counting
from core_service.metrics.figures import Period, add_up
from core_service.metrics.frame import Counted, Figure, Line, Values
from core_service.metrics.repository import Count, CountedGroup, FigureRepository, Question
from core_service.metrics.totals import ChangesCounting, TotalsCounting

Counting = EventCounting | TotalsCounting
Groups = Mapping[tuple[Any, ...], tuple[Line, Values]]


@dataclass(frozen=True, slots=True)
class Summed(Counted):
    """With the counts of every group, of those too that are all 0 and have no line."""

    groups: Groups = field(default_factory=dict)


class TotalledFigure(Figure):
    """A figure whose counts are sums over events; those of its groups add up to its totals."""

    @abstractmethod
    def counts(self, question: Question, by: Counting) -> dict[str, Count]:
        """What is counted, by name."""

    @abstractmethod
    def line(self, counts: Values, question: Question) -> Values:
        """The values of a line."""

    def periods(self, question: Question) -> Sequence[Period]:
        """Those that `counts` names."""
        return [question.period]

    def details(self, question: Question) -> Values:
        """What `more` declares."""
        return {}

    async def count(self, figures: FigureRepository, question: Question) -> Counted:
        by = counting(question, *self.periods(question))
        counted = await figures.grouped(question, by.statement, self.counts(question, by))
        groups = {_key(each): self._group(each, each.counts, question) for each in counted}
        return self._summed(groups, question)

    async def recount(
        self, figures: FigureRepository, question: Question, before: Counted, snapshot: str
    ) -> Counted | None:
        if not isinstance(before, Summed) or question.follows_seals or not question.is_now:
            return None
        by = ChangesCounting(question, self.periods(question), snapshot)
        groups = dict(before.groups)
        for each in await figures.grouped(question, by.statement, self.counts(question, by)):
            if _key(each) not in groups:  # where its line belongs is for the database to say
                return None
            counts = groups[_key(each)][1]
            sums = {name: counts[name] + change for name, change in each.counts.items()}
            groups[_key(each)] = self._group(each, sums, question)
        return self._summed(groups, question)

    def _group(
        self, group: CountedGroup, counts: Values, question: Question
    ) -> tuple[Line, Values]:
        return Line(group.keys, self.line(counts, question)), counts

    def _summed(self, groups: Groups, question: Question) -> Summed:
        counts = [counts for _, counts in groups.values()]
        totals = add_up(counts, counts[0]) if counts else None
        return Summed(
            lines=[line for line, counts in groups.values() if any(counts.values())],
            totals=self.line(totals or self._nothing(question), question),
            more=self.details(question),
            groups=groups,
        )

    def _nothing(self, question: Question) -> Values:
        return dict.fromkeys(self.counts(question, counting(question, *self.periods(question))), 0)


def _key(group: CountedGroup) -> tuple[Any, ...]:
    """The IDs of a group."""
    return tuple(key[0] for key in group.keys.values())
