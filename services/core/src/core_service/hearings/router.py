"""Endpoints of hearings and of the lists made from them."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from common.composition import working
from common.errors import BadRequest, ValidationFailed
from common.idempotency import write_once
from common.pages import PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep, set_etag, write
from core_service.cases.errors import CaseNotFound
from core_service.cases.visibility import CaseReaderDep, CaseWriterDep
from core_service.documents.formats import VARY
from core_service.documents.text import CSV
from core_service.hearings.documents import (
    ICALENDAR,
    ListFormat,
    ListFormatDep,
    PrintedList,
    as_csv,
    as_icalendar,
)
from core_service.hearings.models import Hearing
from core_service.hearings.parameters import DayQuery, DiaryQuery, ListQuery
from core_service.hearings.schemas import (
    CauseList,
    DiaryItem,
    DiaryLoad,
    HearingCreate,
    HearingList,
    HearingRead,
    HearingUpdate,
)
from core_service.hearings.service import (
    DiaryPeriodInvalid,
    HearingExists,
    HearingFromActivity,
    HearingInvalid,
    HearingNotFound,
    HearingService,
)

HearingsDep = Annotated[HearingService, Depends(working(HearingService))]

router = APIRouter(prefix="/api/v1", tags=["hearings"])

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
    by: CaseReaderDep, hearings: HearingsDep, page: PageDep, case_id: UUID
) -> HearingList:
    """Every day that the case was or is scheduled for, and what came of each."""
    found = await hearings.page(case_id, page, by)
    labels = await hearings.labels(found.rows)
    items = [HearingRead.of(each, labels) for each in found.rows]
    return HearingList(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "/hearings",
    summary="Schedule a hearing",
    status_code=status.HTTP_201_CREATED,
    response_model=HearingRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound, HearingInvalid, HearingExists),
)
@write_once
async def create_hearing(by: CaseWriterDep, hearings: HearingsDep, body: HearingCreate) -> Answer:
    """Schedule a hearing by hand; the next date of an activity schedules one by itself."""
    hearing = await hearings.schedule(body.case_id, body.columns(), by)
    location = f"/api/v1/hearings/{hearing.id}"
    shown = await _shown(hearings, hearing)
    return Answer(shown, version=hearing.version, location=location)


@router.get(
    "/hearings/{hearing_id}", summary="Read a hearing", responses=problems(ALLOWED, HearingNotFound)
)
async def get_hearing(
    by: CaseReaderDep, hearings: HearingsDep, response: Response, hearing_id: UUID
) -> HearingRead:
    """A hearing as it is now; its version is the ETag."""
    hearing = await hearings.get(hearing_id, by.visibility)
    set_etag(response, hearing.version)
    return await _shown(hearings, hearing)


@router.patch(
    "/hearings/{hearing_id}",
    summary="Change a hearing",
    response_model=HearingRead,
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
@write
async def change_hearing(
    by: CaseWriterDep,
    hearings: HearingsDep,
    hearing_id: UUID,
    expected: ExpectedVersionDep,
    body: HearingUpdate,
) -> Answer:
    """Change or vacate a hearing that was scheduled by hand. Needs `If-Match`."""
    changed = await hearings.change(hearing_id, body.columns(), expected, by)
    return Answer.of(changed, await _shown(hearings, changed))


@router.get(
    "/cause-lists",
    summary="Print a cause list",
    responses=DOCUMENTS | problems(ALLOWED, BadRequest),
    response_model=None,
)
async def get_cause_list(
    by: CaseReaderDep,
    hearings: HearingsDep,
    list_format: ListFormatDep,
    wanted: Annotated[ListQuery, Depends()],
) -> Response | CauseList:
    """The hearings at a court on a day, by judge and number: JSON, CSV or iCalendar. In
    iCalendar those that were vacated or moved are there too, as cancelled.
    """
    vacated = list_format is ListFormat.ICS
    listed = await hearings.cause_list(by.visibility, wanted, vacated=vacated)
    if list_format is ListFormat.JSON:
        return CauseList.of(wanted.court, wanted.on, listed)
    printed = PrintedList(await hearings.court_name(wanted.court), wanted.on, listed)
    write, media_type = PRINTERS[list_format]
    name = f'attachment; filename="cause-list-{wanted.on}.{list_format.value}"'
    headers = {"Content-Disposition": name, **VARY}
    document = await asyncio.to_thread(write, printed)
    return Response(document, media_type=media_type, headers=headers)


@router.get(
    "/missing-outcomes",
    summary="List hearings without an outcome",
    responses=problems(ALLOWED, BadRequest),
)
async def list_missing_outcomes(
    by: CaseReaderDep, hearings: HearingsDep, wanted: Annotated[DayQuery, Depends()]
) -> CauseList:
    """What of a day's list nothing has been recorded of, or nothing with an outcome. Of a day to
    come, nothing is missing.
    """
    listed = await hearings.missing_outcomes(by.visibility, wanted)
    return CauseList.of(wanted.court, wanted.on, listed)


@router.get(
    "/diary-load",
    summary="Read how full a court's diary is",
    responses=problems(ALLOWED, BadRequest, DiaryPeriodInvalid),
)
async def get_diary_load(
    by: CaseReaderDep, hearings: HearingsDep, wanted: Annotated[DiaryQuery, Depends()]
) -> DiaryLoad:
    """How many hearings each judge has on each day, by what became of them. Sealed cases
    that you may not see are left out: a judge's day would reveal a single case.
    """
    days = await hearings.diary(by.visibility, wanted)
    return DiaryLoad(court_id=wanted.court, items=[DiaryItem.of(day) for day in days])


async def _shown(hearings: HearingService, hearing: Hearing) -> HearingRead:
    return HearingRead.of(hearing, await hearings.labels([hearing]))
