"""Figures about the caseload, each with the lists of the cases that it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from common.pages import CursorInvalid, CursorSigner, PageRequest
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.metrics.errors import FigureTooLarge
from core_service.metrics.events import deleted
from core_service.metrics.frame import Counted, Excluded, Figure
from core_service.metrics.questions import Keys, SettledQuery
from core_service.metrics.repository import FigureRepository, Question

MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the period, the keys of groups that it is, and what was counted in it."""

    keys: Keys
    query: SettledQuery
    counted: Counted


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure by group, and what is left out of it."""

    figure: Figure
    query: SettledQuery
    parts: Sequence[Part]
    whole: Counted
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

    async def answer(self, figure: Figure, query: SettledQuery, seen: Visibility) -> Answer:
        """A figure by the groups of the query, and its totals. Raises FigureTooLarge."""
        parts: list[Part] = []
        for keys, part in query.parts():
            parts.append(Part(keys, part, await figure.count(self.figures, Question(part, seen))))
            _require_few(parts)
        whole = parts[0].counted
        if query.times:
            whole = await figure.count(self.figures, Question(query.whole(), seen))
        excluded = [*await self._excluded(Question(query, seen)), *whole.excluded]
        return Answer(figure, query, parts, whole, excluded)

    async def brought_up_to_date(
        self, before: Answer, query: SettledQuery, seen: Visibility, snapshot: str
    ) -> Answer | None:
        """An answer with what was recorded after a snapshot; None where it is to be counted again.

        Nothing but what was recorded may have changed since.
        """

        async def recount(query: SettledQuery, counted: Counted) -> Counted | None:
            question = Question(query, seen)
            return await before.figure.recount(self.figures, question, counted, snapshot)

        parts: list[Part] = []
        for each in before.parts:
            counted = await recount(each.query, each.counted)
            if counted is None:
                return None
            parts.append(replace(each, counted=counted))
        whole: Counted | None = parts[0].counted
        if query.times:
            whole = await recount(query.whole(), before.whole)
        return replace(before, query=query, parts=parts, whole=whole) if whole else None

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
        found = []
        for column in figure.columns:
            listings = [
                figure.listing(Question(query.whole(), seen), column) for query in (before, now)
            ]
            for case_id, change in await self.figures.changed(*listings):
                found.append(Restated(column.value, case_id, change))
        return found

    async def _excluded(self, question: Question) -> list[Excluded]:
        left_out = await deleted(self.figures, question)
        excluded = [Excluded("deleted", left_out)] if left_out else []
        if question.follows_seals:
            excluded.append(Excluded("sealed-in-part-months", None))
        return excluded

    def _place(self, purpose: str, cursor: str) -> tuple[date, UUID]:
        try:
            on, entry_id = self.signer.read(purpose, cursor)
            return date.fromisoformat(on), UUID(entry_id)
        except ValueError as error:
            raise CursorInvalid from error


def _require_few(parts: Sequence[Part]) -> None:
    if sum(len(part.counted.lines) for part in parts) > MOST_LINES:
        raise FigureTooLarge
