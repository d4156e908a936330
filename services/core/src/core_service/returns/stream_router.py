"""Endpoints of an import that answer with a stream: progress, and lists as CSV."""

from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response
from fastapi.responses import StreamingResponse

from common.caching import HEADER, NO_STORE
from common.caller import PrincipalDep
from common.composition import lasting, transacting
from common.identity import Principal
from common.problem_responses import ALLOWED, problems
from core_service.documents.streams import Download, OpenDownloads, TooManyStreams
from core_service.documents.text import CSV
from core_service.returns.downloads import Downloads
from core_service.returns.errors import ImportNotFound
from core_service.returns.events import ENDED, BatchEvents
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import RowResult

DownloadsDep = Annotated[Downloads, Depends(transacting(Downloads))]
EventsDep = Annotated[BatchEvents, Depends(transacting(BatchEvents))]
OpenDownloadsDep = Annotated[OpenDownloads, Depends(lasting(OpenDownloads))]
EVENT_STREAM: Final = "text/event-stream"


def _streamed(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": description, "content": {media_type: {"schema": {"type": "string"}}}}
    }


router = APIRouter(prefix="/api/v1/imports/{batch_id}", tags=["imports"])


@router.get(
    "/rows.csv",
    summary="Download the rows of an import",
    response_class=StreamingResponse,
    responses=_streamed("text/csv", "The rows, a line each")
    | problems(ALLOWED, ImportNotFound, TooManyStreams),
)
async def download_import_rows(
    principal: PrincipalDep,
    downloads: DownloadsDep,
    open_downloads: OpenDownloadsDep,
    batch_id: UUID,
    result: RowResult | None = None,
) -> Response:
    """The rows that you may see as CSV for a spreadsheet, with their results and issues. Cells that
    a spreadsheet would run as a formula begin with an apostrophe.
    """
    await downloads.require(batch_id, principal)
    rows = downloads.rows(batch_id, result, principal)
    return _file(f"rows-{batch_id}.csv", rows, (open_downloads, principal))


@router.get(
    "/issues.csv",
    summary="Download the issues of an import",
    response_class=StreamingResponse,
    responses=_streamed("text/csv", "The issues, a line each")
    | problems(ALLOWED, ImportNotFound, TooManyStreams),
)
async def download_import_issues(
    principal: PrincipalDep,
    downloads: DownloadsDep,
    open_downloads: OpenDownloadsDep,
    batch_id: UUID,
    code: IssueCode | None = None,
    severity: Severity | None = None,
) -> Response:
    """The issues that you may see as CSV for a spreadsheet."""
    await downloads.require(batch_id, principal)
    issues = downloads.issues(batch_id, code, severity, principal)
    return _file(f"issues-{batch_id}.csv", issues, (open_downloads, principal))


@router.get(
    "/events",
    summary="Follow an import",
    response_class=StreamingResponse,
    responses=_streamed(EVENT_STREAM, "Events as they occur, until the import has ended")
    | {204: {"description": "The import has ended, and its last event was received"}}
    | problems(ALLOWED, ImportNotFound, TooManyStreams),
)
async def follow_import(
    principal: PrincipalDep,
    events: EventsDep,
    batch_id: UUID,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Server-sent events: `progress` with the import whenever it changes, and `end` when it is
    validated, applied, failed or reverted. A stream lives for a minute; a client that comes back
    with `Last-Event-ID`, as browsers do, goes on from there.
    """
    seen = await events.seen(batch_id, principal)
    if seen.batch.state in ENDED and last_event_id == str(seen.batch.version):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    events.open.require_room(principal)
    stream = events.stream(seen, last_event_id, principal)
    # Proxies that buffer by default leave this alone.
    headers = {HEADER: NO_STORE, "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type=EVENT_STREAM, headers=headers)


def _file(
    name: str, content: AsyncGenerator[bytes, None], place: tuple[OpenDownloads, Principal]
) -> Response:
    return Download(content, name=name, media_type=CSV, place=place)
