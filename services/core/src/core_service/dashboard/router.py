"""Endpoints of the dashboard."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from common.composition import lasting, viewing
from common.errors import ValidationFailed
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from core_service.cases.visibility import CaseReaderDep
from core_service.dashboard.analytics import Analytics
from core_service.dashboard.schemas import AnalyticsRead, RecentActivityItem
from core_service.dashboard.service import RecentActivity
from core_service.metrics.errors import BeingCounted, FigureTooLarge
from core_service.metrics.figures import Selection
from core_service.reference.models import CourtType
from core_service.users.directory import UserDirectory

AnalyticsDep = Annotated[Analytics, Depends(viewing(Analytics))]
RecentDep = Annotated[RecentActivity, Depends(viewing(RecentActivity))]
UsersDep = Annotated[UserDirectory, Depends(lasting(UserDirectory))]

router = APIRouter(prefix="/api/v1/dashboard", tags=["dashboard"])


@dataclass(frozen=True, slots=True)
class AnalyticsQuery:
    """Which part of the caseload, and how far back."""

    court: UUID | None = None
    court_type: CourtType | None = None
    category: UUID | None = None
    months: Annotated[int, Query(ge=1, le=24, description="the present month and those before")] = (
        12
    )

    @property
    def selection(self) -> Selection:
        return Selection(self.court, self.court_type, self.category)


@router.get(
    "/analytics",
    summary="Read the first screen",
    responses=problems(ALLOWED, ValidationFailed, FigureTooLarge, BeingCounted),
)
async def get_analytics(
    by: CaseReaderDep, analytics: AnalyticsDep, wanted: Annotated[AnalyticsQuery, Depends()]
) -> AnalyticsRead:
    """The caseload of your courts at a glance, in whole months, in one answer: key figures, the
    monthly trend of filed, resolved and pending, the age of what is pending, the caseload by case
    type and by status, and the workload of each court. Sealed cases count, at their month's end for
    those who may not see them.
    """
    return AnalyticsRead.of(
        await analytics.overview(wanted.selection, wanted.months, by.visibility)
    )


@router.get(
    "/recent-activity",
    summary="List what was recorded last",
    responses=problems(ALLOWED, PAGED),
)
async def list_recent_activity(
    by: CaseReaderDep,
    recent: RecentDep,
    users: UsersDep,
    page: PageDep,
    court: UUID | None = None,
) -> Page[RecentActivityItem]:
    """What was recorded in your courts in the last 30 days, the latest first, without what was
    corrected or voided, and without sealed cases that you may not see.
    """
    found = await recent.page(court, by.visibility, page)
    names = await users.names([each.created_by for each in found.activities])
    items = [RecentActivityItem.of(each, found, names) for each in found.activities]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)
