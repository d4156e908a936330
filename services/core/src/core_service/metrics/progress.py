"""How far an answer is counted: part by part of its period, some courts at a time.

One statement about a whole nation may take longer than the database allows any, and what was
counted until a request is out of time is not counted again by the next.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final, Self
from uuid import UUID

from common.identity import CourtScope
from core_service.access.courts import EVERYWHERE
from core_service.metrics.conditions import Question
from core_service.metrics.errors import FigureTooLarge
from core_service.metrics.frame import Figure
from core_service.metrics.questions import Keys, SettledQuery
from core_service.metrics.repository import FigureRepository, Names
from core_service.metrics.tallies import Counted, Lines, Tallies, Tallying

MOST_LINES: Final = 20_000
# A statement about some courts may read as much as one about all of them, so these are tried first;
# where that would take longer, a quarter as many.
TRIED_SECONDS: Final = 12.0
Enough = Callable[[], bool]


def never() -> bool:
    """As long as it takes."""
    return False


@dataclass
class Part:
    """A part of the period, the keys of groups that it is, and the courts that are left."""

    keys: Keys
    tallying: Tallying
    names: Names
    left: AbstractSet[UUID]
    tallies: Tallies
    before: Lines  # of which those that have not changed stay

    @property
    def query(self) -> SettledQuery:
        """The question about this part."""
        return self.tallying.question.query

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        if not self.left:
            return self.counted.size
        return sum(each.size for each in self.tallies.values())

    @cached_property
    def counted(self) -> Counted:
        """What the courts add up to, once none is left."""
        return self.tallying.merge(self.tallies, self.names, self.before)

    def again(self, question: Question, courts: AbstractSet[UUID]) -> Self:
        """The same asked later, with these courts to be counted again."""
        return replace(
            self,
            tallying=replace(self.tallying, question=question),
            left=self.left | courts,
            before=self.before if self.left else self.counted.lines,
        )

    async def count(self, figures: FigureRepository, most: int) -> bool:
        """Count so many of the courts that are left; False where that took too long."""
        courts = frozenset(sorted(self.left)[:most])
        # All courts are not named one by one: the database would take them to be few.
        are_all = not self.tallies and courts == self.left
        only = EVERYWHERE if are_all else CourtScope(courts)
        counting = partial(self.tallying.tally, figures, only)
        # One court takes as long as the database allows.
        found = await (counting() if most == 1 else figures.tried(counting, TRIED_SECONDS))
        if found is None:
            return False
        others = {key: each for key, each in self.tallies.items() if key not in courts}
        self.tallies, self.left = {**others, **found}, self.left - courts
        return True


@dataclass(slots=True)
class Progress:
    """An answer that is being counted; the last of its parts is the whole.

    `most` is how many courts are counted at once.
    """

    figure: Figure
    question: Question
    parts: Sequence[Part]
    most: int

    @classmethod
    def begin(
        cls, figure: Figure, question: Question, names: Names, courts: AbstractSet[UUID]
    ) -> Self:
        """With all of its courts left."""
        parts = [
            Part(keys, Tallying(figure, each), names, courts, {}, {})
            for keys, each in _divided(question)
        ]
        return cls(figure, question, parts, most=max(1, len(courts)))

    @property
    def whole(self) -> Part:
        """The part that is the whole period."""
        return self.parts[-1]

    @property
    def groups(self) -> Sequence[Part]:
        """The parts that have lines of the answer."""
        return self.parts[:-1] if self.question.query.times else self.parts

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return sum(each.size for each in self.parts)

    def again(self, query: SettledQuery, courts: AbstractSet[UUID]) -> Self:
        """The same asked later, with these courts to be counted again."""
        question = replace(self.question, query=query)
        divided = zip(self.parts, _divided(question), strict=True)
        parts = [part.again(each, courts) for part, (_, each) in divided]
        return replace(self, question=question, parts=parts)

    async def count(self, figures: FigureRepository, is_enough: Enough) -> bool:
        """Count in one view until it is enough; whether no court is left. Raises FigureTooLarge."""
        for part in self.parts:
            while part.left:
                if not await part.count(figures, self.most):
                    self.most = max(1, self.most // 4)
                if is_enough() and any(each.left for each in self.parts):
                    return False
            self._require_few()
        return True

    def _require_few(self) -> None:
        if sum(len(each.counted.lines) for each in self.groups if not each.left) > MOST_LINES:
            raise FigureTooLarge


def _divided(question: Question) -> list[tuple[Keys, Question]]:
    """The parts of the period that are groups, and the whole unless it is the only one."""
    parts = question.query.parts()
    if question.query.times:
        parts.append(({}, question.query.whole()))
    return [(keys, replace(question, query=each)) for keys, each in parts]
