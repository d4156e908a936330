"""Endpoints of hearings and of the lists made from them."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from common.caller import PrincipalDep
from common.composition import working
from common.dates import Day
from common.errors import BadRequest, ValidationFailed
from common.idempotency import Answer, IdempotencyDep
from common.pages import PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, VERSIONED, problems
from common.versions import ExpectedVersionDep, set_etag
from core_service.access.actors import Actor
from core_service.access.courts import require_court, writing
from core_service.cases.errors import CaseNotFound
from core_service.cases.service import CaseService
from core_service.cases.visibility import reading
from core_service.hearings.documents import CSV, ICALENDAR, PrintedList, as_csv, as_icalendar
from core_service.hearings.errors import (
    DiaryPeriodInvalid,
    HearingExists,
    HearingFromActivity,
    HearingInvalid,
    HearingNotFound,
)
from core_service.hearings.models import Hearing
from core_service.hearings.negotiation import VARY, ListFormat, ListFormatDep
from core_service.hearings.schemas import (
    CauseList,
    DiaryItem,
    DiaryLoad,
    HearingCreate,
    HearingList,
    HearingRead,
    HearingUpdate,
)
from core_service.hearings.service import HearingService

CasesDep = Annotated[CaseService, Depends(working(CaseService))]
HearingsDep = Annotated[HearingService, Depends(working(HearingService))]


router = APIRouter(prefix="/api/v1", tags=["hearings"])

CourtId = Annotated[UUID, Query(description="the court")]
OnDay = Annotated[Day, Query(alias="date", examples=["2026-03-02"])]
PRINTERS: Final = {ListFormat.CSV: (as_csv, CSV), ListFormat.ICS: (as_icalendar, ICALENDAR)}
DOCUMENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": CauseList,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "text/calendar": {"schema": {"type": "string"}},
        },
    }
}


@router.get(
    "/cases/{case_id}/hearings",
    summary="List a case's hearings",
    responses=problems(ALLOWED, PAGED, CaseNotFound),
)
async def list_case_hearings(
    principal: PrincipalDep, cases: CasesDep, hearings: HearingsDep, page: PageDep, case_id: UUID
) -> HearingList:
    """Every day the case was or is set down for, and what came of each."""
    case = await cases.get(case_id, reading(principal))
    found = await hearings.page(case, page)
    labels = await hearings.labels(found.rows)
    items = [HearingRead.of(each, labels) for each in found.rows]
    return HearingList(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "/hearings",
    summary="Set a case down for a day",
    status_code=status.HTTP_201_CREATED,
    response_model=HearingRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound, HearingInvalid, HearingExists),
)
async def create_hearing(
    principal: PrincipalDep,
    cases: CasesDep,
    hearings: HearingsDep,
    idempotency: IdempotencyDep,
    body: HearingCreate,
) -> Response:
    """Set a case down by hand. A next date that an activity gives needs no hearing of its own."""
    allowed = writing(principal)

    async def work() -> Answer:
        case = await cases.lock(body.case_id, reading(principal))
        require_court(allowed, case.court_id)
        hearing = await hearings.set_down(case, body.columns(), Actor.of(principal))
        location = f"/api/v1/hearings/{hearing.id}"
        shown = await _shown(hearings, hearing)
        return Answer(shown, version=hearing.version, location=location)

    return await idempotency.run(work)


@router.get(
    "/hearings/{hearing_id}", summary="Read a hearing", responses=problems(ALLOWED, HearingNotFound)
)
async def get_hearing(
    principal: PrincipalDep, hearings: HearingsDep, response: Response, hearing_id: UUID
) -> HearingRead:
    """A hearing as it is now; its version is the ETag."""
    hearing = await hearings.get(hearing_id, reading(principal))
    set_etag(response, hearing.version)
    return await _shown(hearings, hearing)


@router.patch(
    "/hearings/{hearing_id}",
    summary="Change a hearing",
    responses=problems(
        ALLOWED,
        VERSIONED,
        HearingNotFound,
        CaseNotFound,
        HearingFromActivity,
        ValidationFailed,
        HearingInvalid,
    ),
)
async def change_hearing(
    principal: PrincipalDep,
    hearings: HearingsDep,
    response: Response,
    hearing_id: UUID,
    expected: ExpectedVersionDep,
    body: HearingUpdate,
) -> HearingRead:
    """Change or vacate a hearing that was set down by hand. Needs `If-Match`."""
    allowed = writing(principal)
    case, hearing = await hearings.lock(hearing_id, reading(principal))
    require_court(allowed, case.court_id)
    by = Actor.of(principal)
    changed = await hearings.change(case, hearing, body.columns(), expected, by)
    set_etag(response, changed.version)
    return await _shown(hearings, changed)


@router.get(
    "/cause-lists",
    summary="Print a cause list",
    responses=DOCUMENTS | problems(ALLOWED, BadRequest),
    response_model=None,
)
async def get_cause_list(
    principal: PrincipalDep,
    hearings: HearingsDep,
    list_format: ListFormatDep,
    court: CourtId,
    on: OnDay,
    judge: UUID | None = None,
) -> Response | CauseList:
    """What is set down at a court on a day, by judge and number: JSON, CSV or iCalendar."""
    listed = await hearings.cause_list(reading(principal), court, on, judge)
    if list_format is ListFormat.JSON:
        return CauseList.of(court, on, listed)
    printed = PrintedList(await hearings.court_name(court), on, listed)
    write, media_type = PRINTERS[list_format]
    name = f'attachment; filename="cause-list-{on}.{list_format.value}"'
    headers = {"Content-Disposition": name, **VARY}
    document = await asyncio.to_thread(write, printed)
    return Response(document, media_type=media_type, headers=headers)


@router.get(
    "/missing-outcomes",
    summary="List hearings without an outcome",
    responses=problems(ALLOWED, BadRequest),
)
async def list_missing_outcomes(
    principal: PrincipalDep,
    hearings: HearingsDep,
    court: CourtId,
    on: OnDay,
) -> CauseList:
    """What of a day's list nothing has been recorded of, or nothing with an outcome."""
    listed = await hearings.missing_outcomes(reading(principal), court, on)
    return CauseList.of(court, on, listed)


@router.get(
    "/diary-load",
    summary="Read how full a court's diary is",
    responses=problems(ALLOWED, BadRequest, DiaryPeriodInvalid),
)
async def get_diary_load(
    principal: PrincipalDep,
    hearings: HearingsDep,
    court: CourtId,
    first: Annotated[Day, Query(alias="from")],
    last: Annotated[Day, Query(alias="to", description="included; at most 366 days")],
) -> DiaryLoad:
    """How many hearings each judge has on each day, by what became of them. Sealed cases
    that you may not see are left out: a judge's day would reveal a single case.
    """
    days = await hearings.diary(reading(principal), court, first, last)
    return DiaryLoad(court_id=court, items=[DiaryItem.of(day) for day in days])


async def _shown(hearings: HearingService, hearing: Hearing) -> HearingRead:
    return HearingRead.of(hearing, await hearings.labels([hearing]))
