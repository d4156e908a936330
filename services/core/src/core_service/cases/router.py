"""Endpoints of cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from common.caller import PrincipalDep
from common.idempotency import Answer, IdempotencyDep
from common.pages import Page, PageDep
from common.versions import ExpectedVersionDep, set_etag
from core_service.access.actors import Actor
from core_service.access.courts import reading, require_court, writing
from core_service.cases.filters import CaseFilterDep
from core_service.cases.listing import CaseSort
from core_service.cases.schemas import CaseCreate, CaseRead, CaseUpdate, LookupItem, LookupRead
from core_service.responses import VERSIONED
from core_service.sources import MANUAL
from core_service.wiring import CasesDep

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get("", summary="List cases")
async def list_cases(
    principal: PrincipalDep,
    cases: CasesDep,
    wanted: CaseFilterDep,
    page: PageDep,
    sort: CaseSort = CaseSort.FILED_ON_DESCENDING,
) -> Page[CaseRead]:
    """The cases of your courts, narrowed and sorted as asked, a page at a time."""
    found = await cases.page(wanted, sort, reading(principal), page)
    items = [CaseRead.of(case) for case in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post("", status_code=status.HTTP_201_CREATED, response_model=CaseRead)
async def register_case(
    principal: PrincipalDep, cases: CasesDep, idempotency: IdempotencyDep, body: CaseCreate
) -> Response:
    """Register a case. Without a number it gets the next free one of its register."""
    require_court(writing(principal), body.court_id)

    async def work() -> Answer:
        case = await cases.register(body.new_case(), MANUAL, Actor.of(principal))
        location = f"/api/v1/cases/{case.id}"
        return Answer(CaseRead.of(case), version=case.version, location=location)

    return await idempotency.run(work)


@router.get("/lookup", summary="Find cases by any spelling of a number")
async def look_up_case(
    principal: PrincipalDep,
    cases: CasesDep,
    number: Annotated[str, Query(min_length=1, max_length=80, examples=["hccc e14 of 2025"])],
) -> LookupRead:
    """The cases that the number may mean, the likeliest first, each with why it matched."""
    matches = await cases.lookup(number, reading(principal))
    return LookupRead(items=[LookupItem.of(match) for match in matches])


@router.get("/{case_id}", summary="Read a case")
async def read_case(
    principal: PrincipalDep, cases: CasesDep, response: Response, case_id: UUID
) -> CaseRead:
    """A case as it stands; its version is the ETag."""
    case = await cases.get(case_id, reading(principal))
    set_etag(response, case.version)
    return CaseRead.of(case)


@router.patch("/{case_id}", summary="Change facts of a case", responses=VERSIONED)
async def change_case(
    principal: PrincipalDep,
    cases: CasesDep,
    response: Response,
    case_id: UUID,
    expected: ExpectedVersionDep,
    body: CaseUpdate,
) -> CaseRead:
    """Change the filing date, case type, parties or original case. Needs `If-Match`."""
    allowed = writing(principal)
    case = await cases.lock(case_id, reading(principal))
    require_court(allowed, case.court_id)
    changed = await cases.change(case, body.columns(), expected, Actor.of(principal))
    set_etag(response, changed.version)
    return CaseRead.of(changed)
