"""Endpoint of returns compliance."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from common.caller import PrincipalDep
from common.composition import working
from common.dates import Day
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from common.schemas import ResponseModel
from core_service.returns.compliance import ComplianceService, CourtCompliance, DayStatus
from core_service.returns.issues import IssueCode

ComplianceDep = Annotated[ComplianceService, Depends(working(ComplianceService))]

router = APIRouter(prefix="/api/v1/returns", tags=["imports"])


class SittingDayRead(ResponseModel):
    """A sitting day: whether its return came, when its first row did, and its rows."""

    on: date
    status: DayStatus
    rows: int
    received_at: datetime | None


class RuleRead(ResponseModel):
    """How many of the rows that were sent break a rule."""

    code: IssueCode
    rows: int


class ReturnsQualityRead(ResponseModel):
    """How good the rows were that came in the period: `score` is the share of those without a
    rejection, a wait or a warning.
    """

    rows: int
    score: float | None = Field(description="from 0 to 1; null without rows")
    rules: list[RuleRead] = Field(description="the most broken one first")


class ComplianceRead(ResponseModel):
    """What a court has sent of a period's sitting days up to today."""

    court_id: UUID
    court: str
    on_time: int
    late: int
    due: int
    missing: int
    usual_rows: float | None = Field(description="the median of a day, as far as 90 days back")
    quality: ReturnsQualityRead
    days: list[SittingDayRead]

    @classmethod
    def of(cls, found: CourtCompliance) -> "ComplianceRead":
        """A court's."""
        statuses = [day.status for day in found.days]
        return cls(
            court_id=found.court.id,
            court=found.court.name,
            **{status.value: statuses.count(status) for status in DayStatus},
            usual_rows=found.usual_rows,
            quality=ReturnsQualityRead(
                rows=found.rows,
                score=found.score,
                rules=[RuleRead.model_validate(each) for each in found.rules],
            ),
            days=[SittingDayRead.model_validate(day) for day in found.days],
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days, of which courts."""

    first: Annotated[Day, Query(alias="from", description="the period's first day")]
    last: Annotated[Day, Query(alias="to", description="its last day, included; within 92 days")]
    court: Annotated[UUID | None, Query(description="one court")] = None


@router.get(
    "/compliance", summary="List which returns courts have sent", responses=problems(ALLOWED, PAGED)
)
async def list_compliance(
    principal: PrincipalDep,
    compliance: ComplianceDep,
    wanted: Annotated[Wanted, Depends()],
    page: PageDep,
) -> Page[ComplianceRead]:
    """Which of your courts has sent the return of which sitting day. A return is on time until the
    next sitting day ends. On which days a court sits is in the court calendar (`calendar-periods`).
    """
    found = await compliance.page(wanted.first, wanted.last, wanted.court, principal, page)
    items = [ComplianceRead.of(each) for each in found.found]
    return Page(items=items, next_cursor=found.courts.next_cursor, total=found.courts.total)
