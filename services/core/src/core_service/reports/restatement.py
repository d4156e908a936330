"""What a published month would say by later knowledge, and the cases that make the difference.

The values of each group are compared first. Where they differ, the list behind each column, as it
was then, is compared with the list as it is now (`FigureService.restated`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from core_service.cases.models import Case
from core_service.cases.visibility import Visibility
from core_service.metrics.figures import NO_JUDGE
from core_service.metrics.frame import Figure
from core_service.metrics.questions import SettledQuery
from core_service.metrics.service import FigureService
from core_service.reports.bodies import Body, Line, lines_of

# Groups of a figure whose cases are compared.
MOST_GROUPS: Final = 60


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A value as published and as it is now."""

    name: str
    published: Any
    now: Any


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A case that counts in a column more often than then, or less often, and by how much."""

    column: str
    change: int
    case: Case


@dataclass(frozen=True, slots=True)
class ChangedGroup:
    """A group of a figure whose values have changed; `cases` is None beyond the limits."""

    figure: Figure
    group: Mapping[str, Any] | None
    label: str
    values: Sequence[ChangedValue]
    cases: Sequence[ChangedCase] | None


@dataclass(frozen=True, slots=True)
class Restatements:
    """Compares what was published with what is known."""

    figures: FigureService

    async def between(
        self,
        figure: Figure,
        published: tuple[SettledQuery, Body],
        now: tuple[SettledQuery, Body],
        seen: Visibility,
    ) -> list[ChangedGroup]:
        """The groups of a figure that have changed, and its totals when they have."""
        found: list[ChangedGroup] = []
        for line, values in _changed(published[1], now[1]):
            cases: Sequence[ChangedCase] | None = None
            if line.group is not None and len(found) < MOST_GROUPS:
                cases = await self._cases(figure, published[0], now[0], line, seen)
            found.append(ChangedGroup(figure, line.group, line.label, values, cases))
        return found

    async def _cases(
        self,
        figure: Figure,
        published: SettledQuery,
        now: SettledQuery,
        line: Line,
        seen: Visibility,
    ) -> list[ChangedCase]:
        states = (_narrowed(published, line), _narrowed(now, line))
        restated = await self.figures.restated(figure, *states, seen)
        cases = await self.figures.registry.listed({each.case_id for each in restated})
        return [ChangedCase(each.column, each.change, cases[each.case_id]) for each in restated]


def _narrowed(query: SettledQuery, line: Line) -> SettledQuery:
    """The question about one group alone."""
    selection, group = query.selection, line.group or {}
    if group.get("category"):
        selection = replace(selection, category_id=UUID(group["category"]["id"]))
    if group.get("judge"):
        judge_id = group["judge"]["id"]
        selection = replace(selection, judge_id=UUID(judge_id) if judge_id else NO_JUDGE)
    return replace(query, selection=selection)


def _changed(published: Body, now: Body) -> Iterator[tuple[Line, list[ChangedValue]]]:
    before = {line.key: line for line in lines_of(published)}
    after = {line.key: line for line in lines_of(now)}
    for key in dict.fromkeys([*before, *after]):
        line = after.get(key) or before[key]
        then = before[key].values if key in before else {}
        later = after[key].values if key in after else {}
        values = [
            ChangedValue(name, then.get(name), later.get(name))
            for name in line.values
            if (then.get(name) or 0) != (later.get(name) or 0)
        ]
        if values:
            yield line, values
