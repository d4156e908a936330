"""Figures about the caseload, each with the lists of the cases that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.pages import CursorInvalid, CursorSigner, PageRequest
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.metrics.figures import (
    CLEARANCE_KINDS,
    FLOWS,
    ClearanceColumn,
)
from core_service.metrics.questions import Column, SettledQuery
from core_service.metrics.repository import (
    Count,
    CountedGroup,
    FigureRepository,
    Listing,
    Question,
    balance_listed,
    events_listed,
    matrix_columns,
    occurrences,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Counts by group, and how many cases are left out as deleted.

    `sealed_by_month` means that sealed cases which the caller may not see are counted by whole
    months rather than by the days of the question.
    """

    query: SettledQuery
    groups: Sequence[CountedGroup]
    deleted: int
    sealed_by_month: bool


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
class FigureService:
    """Counts within the courts that the caller may read."""

    figures: FigureRepository
    registry: CaseService
    signer: CursorSigner

    async def matrix(self, query: SettledQuery, seen: Visibility) -> Answer:
        """The caseload matrix."""
        question = _question(query, seen)
        return await self._answer(query, question, matrix_columns(question, query.period))

    async def clearance(self, query: SettledQuery, seen: Visibility) -> Answer:
        """The counts behind the clearance rate and the CCR."""
        question = _question(query, seen)
        columns = {
            column.value: occurrences(question, query.period_of(column), kinds)
            for column, kinds in CLEARANCE_KINDS.items()
        }
        return await self._answer(query, question, columns)

    async def cases(
        self, query: SettledQuery, column: Column, seen: Visibility, page: PageRequest
    ) -> CasePage:
        """The cases behind a column: as many as it says, but for sealed ones that the caller may
        not see. Raises CursorInvalid.
        """
        listing = _listing(query, column, seen)
        purpose = f"{column!r} {query.period} {query.moment.as_of} {query.selection}"
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

    async def _answer(
        self, query: SettledQuery, question: Question, columns: Mapping[str, Count]
    ) -> Answer:
        groups = await self.figures.grouped(question, query.group_by, columns)
        hides = question.seen.hides_sealed(query.selection.court_id)
        by_month = hides and not query.is_of_whole_months
        return Answer(query, groups, await self.figures.deleted(question), by_month)

    def _place(self, purpose: str, cursor: str) -> tuple[date, UUID]:
        try:
            on, entry_id = self.signer.read(purpose, cursor)
            return date.fromisoformat(on), UUID(entry_id)
        except ValueError as error:
            raise CursorInvalid from error


def _question(query: SettledQuery, seen: Visibility) -> Question:
    return Question(query.moment, query.selection, seen)


def _listing(query: SettledQuery, column: Column, seen: Visibility) -> Listing:
    question = _question(query, seen)
    if isinstance(column, ClearanceColumn):
        period, kinds = query.period_of(column), CLEARANCE_KINDS[column]
        return events_listed(question, period, kinds)
    kind = FLOWS.get(column)
    if kind is not None:
        return events_listed(question, query.period, frozenset({kind}))
    return balance_listed(question, column, query.period)
