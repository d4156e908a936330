"""GET /auth/activity, /audit-events and /audit-events/export."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from auth_service.access import AdminDep
from auth_service.audit.reading import AuditExport, AuditReading
from auth_service.audit.repository import EventFilter
from auth_service.audit.schemas import AuditEventRead, EventQuery, MyActivityRead
from common.caching import NEVER_STORED, NO_STORE
from common.caller import UserDep
from common.composition import transacting, working
from common.errors import ValidationFailed
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, SIGNED_IN, Responses, problems

NDJSON: Final = "application/x-ndjson"
STREAM: Final[Responses] = {
    200: {
        "description": "One event per line, the oldest first, as in `GET /audit-events`",
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
    return query.to_filter()


EventFilterDep = Annotated[EventFilter, Depends(event_filter)]
ExportDep = Annotated[AuditExport, Depends(transacting(AuditExport))]
ReadingDep = Annotated[AuditReading, Depends(working(AuditReading))]


@router.get(
    "/auth/activity", summary="Your own security events", responses=problems(SIGNED_IN, PAGED)
)
async def list_my_activity(
    events: ReadingDep, principal: UserDep, page: PageDep
) -> Page[MyActivityRead]:
    """What was done with your account, the newest first: sign-ins, failed ones too, changes."""
    user_id = principal.require_user()
    found = await events.activity(user_id, page)
    items = [MyActivityRead.of(event, user_id) for event in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get("/audit-events", summary="Search the audit log", responses=problems(ALLOWED, PAGED))
async def list_audit_events(
    events: ReadingDep, _admin: AdminDep, wanted: EventFilterDep, page: PageDep
) -> Page[AuditEventRead]:
    """Security events, the newest first, that match all of the filters."""
    found = await events.page(wanted, page)
    items = [AuditEventRead.of(event) for event in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get(
    "/audit-events/export",
    summary="Export the audit log",
    response_class=StreamingResponse,
    responses=STREAM | problems(ALLOWED, ValidationFailed),
)
async def export_audit_events(
    export: ExportDep, _admin: AdminDep, wanted: EventFilterDep
) -> StreamingResponse:
    """A stream of all matching events up to now. The export is an event itself: the last one of
    the stream if it matches the filter.
    """
    # Committed before the first line leaves: no export goes unrecorded.
    last = await export.begin(wanted)
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
