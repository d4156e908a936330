"""Two states of the list behind a column: what one has and the other has not, case by case."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select

from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.metrics.frame import Figure
from core_service.metrics.questions import SettledQuery
from core_service.metrics.repository import FigureRepository, Question
from core_service.metrics.service import CountedCase

# Cases of each kind that are given of one column.
MOST_CASES: Final = 500


class Change(StrEnum):
    """Whether a case counts later and did not before, or the other way round."""

    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ListComparison:
    """Compares lists. A case that counts on another day is in both differences."""

    figures: FigureRepository
    registry: CaseService

    async def changes(
        self,
        figure: Figure,
        column: StrEnum,
        states: tuple[SettledQuery, SettledQuery],
        seen: Visibility,
    ) -> Sequence[tuple[Change, CountedCase]]:
        """The differences between the earlier and the later of the states, as the caller may see.

        Their numbers differ by as much as the column's do, but for sealed cases.
        """
        before, after = (
            figure.listing(Question(query.whole(), seen), column).subquery() for query in states
        )
        then, now = (select(listed.c.case_id, listed.c.on) for listed in (before, after))
        found = [
            (change, row)
            for change, rows in (
                (Change.ADDED, now.except_all(then)),
                (Change.REMOVED, then.except_all(now)),
            )
            for row in await self._first(rows)
        ]
        cases = await self.registry.listed({case_id for _, (case_id, _) in found})
        return [(change, CountedCase(cases[case_id], on)) for change, (case_id, on) in found]

    async def _first(self, rows: Any) -> Sequence[tuple[Any, ...]]:
        listed = rows.subquery()
        statement = select(listed).order_by(listed.c.on, listed.c.case_id).limit(MOST_CASES)
        return await self.figures.rows(statement)
