"""What was recorded last, with the names of what it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from common.keyset import Pager
from common.pages import PageRequest
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar
from core_service.dashboard.repository import LATEST_FIRST, RecentRepository
from core_service.ledger.models import CaseActivity
from core_service.reference.models import ActivityType, Outcome

# What a page may have to go through: the activities of so many days, of all courts.
DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Recent:
    """One page of activities, with their cases and labels."""

    activities: Sequence[CaseActivity]
    cases: Mapping[UUID, Case]
    labels: Mapping[UUID, str]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class RecentActivity:
    """Reads what was recorded in the last days."""

    recent: RecentRepository
    registry: CaseService
    calendar: CourtCalendar
    pager: Pager

    async def page(
        self, court_id: UUID | None, visibility: Visibility, page: PageRequest
    ) -> Recent:
        """A page, what was recorded last first. Raises CursorInvalid."""
        since = self.calendar.clock.now() - timedelta(days=DAYS)
        statement = self.recent.since(since, court_id, visibility)
        purpose = f"recent\x00{court_id}"
        found = await self.pager.cut(self.recent, statement, LATEST_FIRST, page, purpose=purpose)
        cases = await self.registry.listed({each.case_id for each in found.rows})
        labels = await self._labels(found.rows)
        return Recent(found.rows, cases, labels, found.next_cursor, found.total)

    async def _labels(self, activities: Sequence[CaseActivity]) -> dict[UUID, str]:
        types = {each.activity_type_id for each in activities}
        outcomes = {each.outcome_id for each in activities} - {None}
        labels: dict[UUID, str] = {}
        for model, ids in ((ActivityType, types), (Outcome, outcomes)):
            statement = select(model.id, model.label).where(col(model.id).in_(ids))
            labels |= dict((await self.recent.session.exec(statement)).all())
        return labels
