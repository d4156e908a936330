"""Figures that add up events of the ledger: counted from the totals where these say it."""

from abc import abstractmethod
from collections.abc import Sequence

from core_service.metrics.conditions import Count, Question
from core_service.metrics.events import EventCounting, counting
from core_service.metrics.figures import Period
from core_service.metrics.frame import Figure, Measures
from core_service.metrics.totals import TotalsCounting

Counting = EventCounting | TotalsCounting


class TotalledFigure(Figure):
    """A figure whose counts are sums over events."""

    @abstractmethod
    def counts(self, question: Question, by: Counting) -> dict[str, Count]:
        """What is counted, by name."""

    def periods(self, question: Question) -> Sequence[Period]:
        """Those that `counts` names."""
        return [question.period]

    def measures(self, question: Question) -> Measures:
        by = counting(question, *self.periods(question))
        return Measures(by.statement, self.counts(question, by))
