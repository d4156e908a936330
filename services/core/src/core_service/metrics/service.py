"""Figures about the caseload, each with the lists of the cases that it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from common.pages import CursorInvalid, CursorSigner, PageRequest
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.metrics.conditions import Question
from core_service.metrics.frame import Excluded, Figure, Values
from core_service.metrics.progress import Enough, Part, Progress, never
from core_service.metrics.questions import SettledQuery
from core_service.metrics.repository import FigureRepository
from core_service.metrics.tallies import Counted


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure by group, its totals, and what is left out of it."""

    figure: Figure
    query: SettledQuery
    parts: Sequence[Part]
    totals: Values
    more: Values
    excluded: Sequence[Excluded]


@dataclass(frozen=True, slots=True)
class CountedCase:
    """One case behind a number, and the day it counted: of its event, or of its last one."""

    case: Case
    counted_on: date


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the cases behind a number."""

    cases: Sequence[CountedCase]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Restated:
    """How often a case counts in a column more (or less) than it did."""

    column: str
    case_id: UUID
    change: int


@dataclass(frozen=True, slots=True)
class FigureService:
    """Counts within the courts that the caller may read."""

    figures: FigureRepository
    registry: CaseService
    signer: CursorSigner

    async def begin(self, figure: Figure, query: SettledQuery, seen: Visibility) -> Progress:
        """An answer of which nothing is counted yet."""
        question = Question(query, seen)
        names, courts = await self.figures.names(question), await self.figures.courts(question)
        return Progress.begin(figure, question, names, courts)

    async def count(self, progress: Progress, is_enough: Enough = never) -> Answer | None:
        """Count what is left, or None where it was enough before that. Raises FigureTooLarge."""
        await self.figures.plan_each()
        if not await progress.count(self.figures, is_enough):
            return None
        figure, question, whole = progress.figure, progress.question.whole, progress.whole.counted
        rows = (row for each in whole.tallies.values() for row in each.rows)
        return Answer(
            figure=figure,
            query=progress.question.query,
            parts=progress.groups,
            totals=figure.line(whole.totals, question),
            more=figure.more(question, rows),
            excluded=[*_excluded(question, whole), *figure.excluded(whole.totals)],
        )

    async def cases(
        self,
        figure: Figure,
        query: SettledQuery,
        column: StrEnum,
        seen: Visibility,
        page: PageRequest,
    ) -> CasePage:
        """The cases behind a column: as many as it says, but for sealed ones that the caller may
        not see. Raises CursorInvalid.
        """
        await self.figures.plan_each()
        listing = figure.listing(Question(query.whole(), seen), column)
        purpose = f"{figure.name} {column!r} {query.period} {query.moment.as_of} {query.selection}"
        after = self._place(purpose, page.cursor) if page.cursor is not None else None
        places = await self.figures.listed(listing, after, page.limit + 1)
        shown = places[: page.limit]
        cases = await self.registry.listed({place.case_id for place in shown})
        cursor = None
        if len(places) > page.limit:
            cursor = self.signer.sign(purpose, [shown[-1].on, shown[-1].entry_id])
        return CasePage(
            cases=[CountedCase(cases[place.case_id], place.on) for place in shown],
            next_cursor=cursor,
            total=await self.figures.length(listing) if page.count else None,
        )

    async def restated(
        self, figure: Figure, before: SettledQuery, now: SettledQuery, seen: Visibility
    ) -> list[Restated]:
        """What has changed between two moments at which one question was known, case by case.

        The changes of a column add up to its difference, but for sealed cases that the caller may
        not see.
        """
        await self.figures.plan_each()
        found = []
        for column in figure.columns:
            listings = [
                figure.listing(Question(query.whole(), seen), column) for query in (before, now)
            ]
            for case_id, change in await self.figures.changed(*listings):
                found.append(Restated(column.value, case_id, change))
        return found

    def _place(self, purpose: str, cursor: str) -> tuple[date, UUID]:
        try:
            on, entry_id = self.signer.read(purpose, cursor)
            return date.fromisoformat(on), UUID(entry_id)
        except ValueError as error:
            raise CursorInvalid from error


def _excluded(question: Question, whole: Counted) -> list[Excluded]:
    left_out = sum(each.deleted for each in whole.tallies.values())
    excluded = [Excluded("deleted", left_out)] if left_out else []
    if question.follows_seals:
        excluded.append(Excluded("sealed-in-part-months", None))
    return excluded
