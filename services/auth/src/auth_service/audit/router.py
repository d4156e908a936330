"""GET /auth/activity, /audit-events and /audit-events/export."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from auth_service.access import AdminDep
from auth_service.audit.models import AuditEvent
from auth_service.audit.reading import AuditExport
from auth_service.audit.repository import EventFilter
from auth_service.audit.schemas import AuditEventRead, EventQuery, MyActivityRead
from auth_service.cursors import CursorsDep, Listing
from auth_service.source import SourceDep
from auth_service.units import UnitsDep, WorkDep
from common.caching import NEVER_STORED, NO_STORE
from common.caller import UserDep
from common.errors import ValidationFailed
from common.pages import CursorSigner, Page, PageDep
from common.problem_responses import ALLOWED, PAGED, SIGNED_IN, Responses, problems

NDJSON: Final = "application/x-ndjson"
STREAM: Final[Responses] = {
    200: {
        "description": "One event a line, the oldest first, as `GET /audit-events` has them",
        "content": {
            NDJSON: {
                "schema": {"type": "string"},
                "example": '{"sequence": 1, "action": "login", "outcome": "success"}\n',
            }
        },
    }
}

router = APIRouter(prefix="/api/v1", tags=["audit"], dependencies=[NEVER_STORED])


async def event_filter(query: Annotated[EventQuery, Query()]) -> EventFilter:
    """Read the filter from the query."""
    return query.to_filter()


async def current_export(request: Request) -> AuditExport:
    """The app's export of the log."""
    export: AuditExport = request.app.state.audit_export
    return export


EventFilterDep = Annotated[EventFilter, Depends(event_filter)]
AuditExportDep = Annotated[AuditExport, Depends(current_export)]


@router.get(
    "/auth/activity", summary="Your own security events", responses=problems(SIGNED_IN, PAGED)
)
async def list_my_activity(
    work: WorkDep, principal: UserDep, page: PageDep, cursors: CursorsDep
) -> Page[MyActivityRead]:
    """What was done with your account, the newest first: sign-ins, failed ones too, changes."""
    user_id = principal.require_user()
    listing = _listing(cursors, f"activity:{user_id}")
    rows, total = await work.audit_reading.activity(user_id, page, listing.start(page))
    window = listing.window(rows, page)
    items = [MyActivityRead.of(event, user_id) for event in window.rows]
    return Page(items=items, next_cursor=window.next_cursor, total=total)


@router.get("/audit-events", summary="Search the audit log", responses=problems(ALLOWED, PAGED))
async def list_audit_events(
    work: WorkDep, _admin: AdminDep, wanted: EventFilterDep, page: PageDep, cursors: CursorsDep
) -> Page[AuditEventRead]:
    """Security events, the newest first; filters narrow together."""
    listing = _listing(cursors, f"audit-events:{sorted(wanted.asked().items())}")
    rows, total = await work.audit_reading.page(wanted, page, listing.start(page))
    window = listing.window(rows, page)
    items = [AuditEventRead.of(event) for event in window.rows]
    return Page(items=items, next_cursor=window.next_cursor, total=total)


@router.get(
    "/audit-events/export",
    summary="Export the audit log",
    response_class=StreamingResponse,
    responses=STREAM | problems(ALLOWED, ValidationFailed),
)
async def export_audit_events(
    units: UnitsDep,
    source: SourceDep,
    _admin: AdminDep,
    wanted: EventFilterDep,
    export: AuditExportDep,
) -> StreamingResponse:
    """A stream of all events up to now that match. The export is an event itself, its last one
    when the filter lets it through.
    """
    # Committed before the first line leaves: no export goes unnoticed.
    async with units.begin(source) as work:
        last = await work.audit_reading.begin_export(wanted)
    return StreamingResponse(
        _lines(export, wanted, last),
        media_type=NDJSON,
        headers={
            "Content-Disposition": 'attachment; filename="audit-events.ndjson"',
            "Cache-Control": NO_STORE,
        },
    )


async def _lines(export: AuditExport, wanted: EventFilter, last: int) -> AsyncIterator[str]:
    async for batch in export.batches(wanted, last):
        lines = (AuditEventRead.of(event).model_dump_json() for event in batch)
        yield "".join(f"{line}\n" for line in lines)


def _listing(cursors: CursorSigner, purpose: str) -> Listing[AuditEvent, int]:
    return Listing(cursors, purpose, lambda event: event.sequence or 0, int)
