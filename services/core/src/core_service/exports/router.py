"""Endpoints of exports."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from common.caching import NEVER_STORED
from common.composition import lasting, transacting
from common.problem_responses import ALLOWED, problems
from core_service.cases.search.listing import CaseFilter, CaseSort
from core_service.cases.visibility import CaseExporter, CaseExporterDep
from core_service.court_calendar import CourtCalendar
from core_service.documents.formats import (
    MEDIA_TYPES,
    VARY,
    RowFormat,
    document,
    preferred,
    writer_of,
)
from core_service.documents.streams import Download, OpenDownloads, TooManyStreams
from core_service.exports.filters import ActivityFilter
from core_service.exports.service import ActivityExport, CaseExport, Export, ExportService

ExportsDep = Annotated[ExportService, Depends(transacting(ExportService))]
OFFERED: Final = {media_type.split(";")[0]: each for each, media_type in MEDIA_TYPES.items()}
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file, as it is made",
        "content": {media_type: {"schema": {"type": "string"}} for media_type in OFFERED},
    }
}

router = APIRouter(prefix="/api/v1/exports", tags=["exports"], dependencies=[NEVER_STORED])


async def wanted_format(
    row_format: Annotated[
        RowFormat | None, Query(alias="format", description="goes before `Accept`; else csv")
    ] = None,
    accept: Annotated[str, Header(max_length=400, include_in_schema=False)] = "",
) -> RowFormat:
    return row_format or preferred(accept, OFFERED, RowFormat.CSV)


class Sending:
    """Sends an export as a file, in one of the places that there are."""

    def __init__(
        self,
        exports: ExportsDep,
        open_downloads: Annotated[OpenDownloads, Depends(lasting(OpenDownloads))],
        calendar: Annotated[CourtCalendar, Depends(lasting(CourtCalendar))],
        row_format: Annotated[RowFormat, Depends(wanted_format)],
    ) -> None:
        self._exports = exports
        self._open = open_downloads
        self._calendar = calendar
        self._format = row_format

    async def send(self, export: Export, by: CaseExporter) -> Response:
        """The answer, begun when there is a place for it. Raises TooManyStreams."""
        self._open.require_room(by.principal)
        await self._exports.begin(export, self._format, by)
        rows = self._exports.rows(export, by)
        name = f"{export.layout.name.lower()}-{self._calendar.today()}.{self._format.value}"
        return Download(
            document(writer_of(self._format, self._calendar.zone), export.layout, rows),
            name=name,
            media_type=MEDIA_TYPES[self._format],
            place=(self._open, by.principal),
            headers=VARY,
        )


SendingDep = Annotated[Sending, Depends()]


@router.get(
    "/cases",
    summary="Export cases",
    response_class=StreamingResponse,
    responses=FILE | problems(ALLOWED, TooManyStreams),
)
async def export_cases(
    by: CaseExporterDep,
    sending: SendingDep,
    wanted: Annotated[CaseFilter, Depends()],
    sort: CaseSort = CaseSort.FILED_ON,
) -> Response:
    """The cases of the courts where you may enter data, narrowed and sorted as their list is, as a
    file of any length: CSV or XLSX for spreadsheets, NDJSON for programs. All rows are of one
    moment. In CSV, texts that a spreadsheet would run as a formula begin with an apostrophe. A
    time is UTC, but that of the courts in XLSX, whose cells have no time zone. A service needs
    `registry:read`. Every export is in the audit.
    """
    return await sending.send(CaseExport(wanted, sort), by)


@router.get(
    "/activities",
    summary="Export activities",
    response_class=StreamingResponse,
    responses=FILE | problems(ALLOWED, TooManyStreams),
)
async def export_activities(
    by: CaseExporterDep, sending: SendingDep, wanted: Annotated[ActivityFilter, Depends()]
) -> Response:
    """What was recorded in the cases of the courts where you may enter data, by day, without what
    was corrected or voided: as a file, as cases are.
    """
    return await sending.send(ActivityExport(wanted), by)
