"""Endpoints of reports."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response, status
from pydantic_core import to_json

from common.composition import viewing, working
from common.dates import DayOrMoment
from common.errors import NotFound, Unavailable, ValidationFailed
from common.idempotency import write_once
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, problems
from common.writes import Answer
from core_service.access.callers import AdministratorDep
from core_service.cases.visibility import CaseReaderDep
from core_service.documents.formats import VARY, preferred
from core_service.documents.text import CSV
from core_service.documents.workbook import XLSX
from core_service.reports.documents import as_csv, as_workbook
from core_service.reports.errors import MonthNotOver
from core_service.reports.schemas import (
    Month,
    MonthlyReportRead,
    PublicationCreate,
    PublicationRead,
    first_day,
    report_body,
)
from core_service.reports.service import Publishing, ReportService

ReportsDep = Annotated[ReportService, Depends(viewing(ReportService))]
PublishingDep = Annotated[Publishing, Depends(working(Publishing))]

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])


class ReportFormat(StrEnum):
    """The forms of a report."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


OFFERED: Final = {
    "application/json": ReportFormat.JSON,
    "text/csv": ReportFormat.CSV,
    XLSX: ReportFormat.XLSX,
}
WRITERS: Final = {ReportFormat.CSV: (as_csv, CSV), ReportFormat.XLSX: (as_workbook, XLSX)}
DOCUMENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": MonthlyReportRead,
        "content": {media_type: {"schema": {"type": "string"}} for media_type in list(OFFERED)[1:]},
    }
}


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which report is wanted."""

    court: Annotated[UUID, Query()]
    month: Annotated[Month, Query(description="such as 2026-01")]
    known_on: Annotated[
        DayOrMoment | None,
        Query(description="as known when this day ended, or at this time; else as known now"),
    ] = None


async def wanted_format(
    report_format: Annotated[
        ReportFormat | None, Query(alias="format", description="goes before `Accept`")
    ] = None,
    accept: Annotated[str, Header(max_length=400, include_in_schema=False)] = "",
) -> ReportFormat:
    return report_format or preferred(accept, OFFERED, ReportFormat.JSON)


@router.get(
    "/monthly",
    summary="Read a court's month",
    response_model=None,
    responses=DOCUMENTS | problems(ALLOWED, NotFound, ValidationFailed),
)
async def get_monthly_report(
    by: CaseReaderDep,
    reports: ReportsDep,
    wanted: Annotated[ReportQuery, Depends()],
    report_format: Annotated[ReportFormat, Depends(wanted_format)],
) -> Response:
    """All that a station reports of a month: every figure by category, productivity by judge; and,
    when the month before was published, what later knowledge has changed of it, with the cases that
    make the difference. JSON, CSV (a value a line) or XLSX (a sheet for each figure, to print).

    With `known_on` of a publication, the figures are those that were published.
    """
    month = first_day(wanted.month)
    report = await reports.monthly(wanted.court, month, wanted.known_on, by.visibility)
    if report_format is ReportFormat.JSON:
        content = to_json(report_body(report))
        return Response(content, media_type="application/json", headers=VARY)
    write, media_type = WRITERS[report_format]
    name = f"{report.court.code}-{wanted.month}.{report_format.value}"
    headers = {"Content-Disposition": f'attachment; filename="{_plain(name)}"', **VARY}
    return Response(write(report), media_type=media_type, headers=headers)


@router.get("/publications", summary="List published months", responses=problems(ALLOWED, PAGED))
async def list_publications(
    by: CaseReaderDep, reports: ReportsDep, page: PageDep, court: UUID | None = None
) -> Page[PublicationRead]:
    """The months that your courts have published, the latest publication first."""
    found = await reports.published(court, page, by.visibility)
    items = [PublicationRead.of(each) for each in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "/publications",
    summary="Publish a month",
    status_code=status.HTTP_201_CREATED,
    response_model=PublicationRead,
    responses=problems(ALLOWED, CREATING, MonthNotOver, Unavailable),
)
@write_once
async def publish_month(
    by: AdministratorDep, publishing: PublishingDep, body: PublicationCreate
) -> Answer:
    """Record that a court's month is published as it is known: by an administrator of the court. A
    month can be published again; the next report says what has changed since its last publication.
    """
    snapshot = await publishing.publish(body.court_id, body.first_day, by)
    return Answer(PublicationRead.of(snapshot))


def _plain(name: str) -> str:
    """A file's name in the letters that a header has."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)
