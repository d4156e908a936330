"""Figures about the caseload, each with the lists of the cases that it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from uuid import UUID

from common.identity import CourtScope
from common.pages import CursorInvalid, CursorSigner, PageRequest
from core_service.access.courts import EVERYWHERE
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.metrics.conditions import Question
from core_service.metrics.errors import FigureTooLarge
from core_service.metrics.frame import Excluded, Figure, Values
from core_service.metrics.questions import Keys, SettledQuery
from core_service.metrics.repository import FigureRepository, Names
from core_service.metrics.tallies import Counted, Tallying

MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the period, the keys of groups that it is, and what was counted in it."""

    keys: Keys
    query: SettledQuery
    counted: Counted


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure by group, its totals, and what is left out of it."""

    figure: Figure
    query: SettledQuery
    names: Names
    parts: Sequence[Part]
    whole: Counted
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

    async def answer(
        self,
        figure: Figure,
        query: SettledQuery,
        seen: Visibility,
        before: Answer | None = None,
        changed: CourtScope = EVERYWHERE,
    ) -> Answer:
        """A figure by the groups of the query, and its totals. Raises FigureTooLarge.

        With an answer from before, only the courts that have changed since are counted. Nothing but
        these courts may have changed.
        """
        names = before.names if before else await self.figures.names(Question(query, seen))
        earlier = [each.counted for each in before.parts] if before else []
        parts: list[Part] = []
        for each, (keys, part) in zip_longest(earlier, query.parts()):
            counted = await self._counted(figure, Question(part, seen, changed), names, each)
            parts.append(Part(keys, part, counted))
            _require_few(parts)
        whole, of_all = parts[0].counted, Question(query.whole(), seen, changed)
        if query.times:
            whole = await self._counted(figure, of_all, names, before.whole if before else None)
        rows = (row for each in whole.tallies.values() for row in each.rows)
        return Answer(
            figure=figure,
            query=query,
            names=names,
            parts=parts,
            whole=whole,
            totals=figure.line(whole.totals, of_all),
            more=figure.more(of_all, rows),
            excluded=[*_excluded(of_all, whole), *figure.excluded(whole.totals)],
        )

    async def _counted(
        self, figure: Figure, question: Question, names: Names, before: Counted | None
    ) -> Counted:
        tallies = before.tallies if before else {}
        unchanged = {key: each for key, each in tallies.items() if key not in question.only}
        tallying = Tallying(figure, question)
        counted = await tallying.tally(self.figures)
        return tallying.merge({**unchanged, **counted}, names, before.lines if before else {})

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


def _require_few(parts: Sequence[Part]) -> None:
    if sum(len(part.counted.lines) for part in parts) > MOST_LINES:
        raise FigureTooLarge
