"""Finds cases that the caller may know of."""

from dataclasses import dataclass
from typing import Final

from sqlmodel.sql.expression import SelectOfScalar

from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.cases.errors import CaseNumberUnreadable
from core_service.cases.lookup import LookupMatch, parse_query, rank
from core_service.cases.models import Case
from core_service.cases.repository import CaseRepository
from core_service.cases.search.listing import CaseFilter, CaseSort, case_order
from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar

LOOKUP_LIMIT: Final = 20


@dataclass(frozen=True, slots=True)
class CaseSearch:
    cases: CaseRepository
    pager: Pager
    calendar: CourtCalendar

    async def page(
        self, wanted: CaseFilter, sort: CaseSort, visibility: Visibility, page: PageRequest
    ) -> Slice[Case]:
        """One page of the list. Raises CursorInvalid."""
        statement = wanted.apply(self.cases.visible(visibility), self.calendar.today())
        return await self.pager.cut(
            self.cases,
            self.cases.with_names(statement),
            case_order(sort, narrow=wanted.is_narrow),
            page,
            purpose=f"cases\x00{wanted}",
        )

    def sorted(
        self, wanted: CaseFilter, sort: CaseSort, visibility: Visibility
    ) -> SelectOfScalar[Case]:
        """All that the list has, for what takes it whole."""
        statement = wanted.apply(self.cases.visible(visibility), self.calendar.today())
        return case_order(sort, narrow=wanted.is_narrow).sort(statement)

    async def lookup(self, text: str, visibility: Visibility) -> list[LookupMatch]:
        """The cases that a number may mean, the likeliest first. Raises CaseNumberUnreadable."""
        query = parse_query(text)
        if query is None:
            raise CaseNumberUnreadable("Give a number, such as HCCC E014 of 2025")
        statement = self.cases.like_number(query, visibility, LOOKUP_LIMIT)
        found = await self.cases.all(self.cases.with_names(statement))
        return rank(query, found)
