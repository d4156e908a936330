"""Endpoints of cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from common.caller import PrincipalDep
from common.composition import working
from common.errors import ValidationFailed
from common.idempotency import write_once
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep, set_etag, write
from core_service.cases.errors import (
    CaseDeleted,
    CaseNotFound,
    CaseNumberTaken,
    CaseNumberUnreadable,
)
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.schemas import (
    CaseCreate,
    CaseRead,
    CaseRegistered,
    CaseUpdate,
    CaseWarning,
    LookupItem,
    LookupRead,
    SealBody,
)
from core_service.cases.search.listing import CaseFilter, CaseSort
from core_service.cases.search.service import CaseSearch
from core_service.cases.service import CaseService
from core_service.cases.visibility import (
    CaseReaderDep,
    CaseWriterDep,
    DeciderDep,
    reading,
    reading_deleted,
)
from core_service.reference.errors import UnknownReference

CasesDep = Annotated[CaseService, Depends(working(CaseService))]
LifecycleDep = Annotated[CaseLifecycle, Depends(working(CaseLifecycle))]
SearchDep = Annotated[CaseSearch, Depends(working(CaseSearch))]

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get("", summary="List cases", responses=problems(ALLOWED, PAGED))
async def list_cases(
    principal: PrincipalDep,
    search: SearchDep,
    wanted: Annotated[CaseFilter, Depends()],
    page: PageDep,
    sort: CaseSort = CaseSort.FILED_ON_DESCENDING,
) -> Page[CaseRead]:
    """The cases of your courts, narrowed and sorted as asked, a page at a time."""
    visibility = reading_deleted(principal) if wanted.deleted else reading(principal)
    found = await search.page(wanted, sort, visibility, page)
    items = [CaseRead.of(case) for case in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "",
    summary="Register a case",
    status_code=status.HTTP_201_CREATED,
    response_model=CaseRegistered,
    responses=problems(
        ALLOWED, CREATING, CaseNotFound, CaseNumberTaken, CaseDeleted, UnknownReference
    ),
)
@write_once
async def create_case(by: CaseWriterDep, cases: CasesDep, body: CaseCreate) -> Answer:
    """Register a case. Without a number it gets the next free one of its register. A number that
    may be a slip for that of a case which you may see, in the year of filing, by a letter O for a
    zero or without its E, is registered with the warning `POSSIBLE_DUPLICATE`.
    """
    case = await cases.register(body.new_case(), by)
    similar = await cases.may_be(case, by.visibility) if body.number is not None else []
    warnings = CaseWarning.of(similar)
    answer = CaseRegistered.of(case, warnings=warnings) if warnings else CaseRead.of(case)
    return Answer(answer, version=case.version, location=f"/api/v1/cases/{case.id}")


@router.get(
    "/lookup",
    summary="Find cases by any spelling of a number",
    responses=problems(ALLOWED, ValidationFailed, CaseNumberUnreadable),
)
async def lookup_case(
    by: CaseReaderDep,
    search: SearchDep,
    number: Annotated[str, Query(min_length=1, max_length=80, examples=["hccc e14 of 2025"])],
) -> LookupRead:
    """The cases that the number may mean, the likeliest first, each with why it matched."""
    matches = await search.lookup(number, by.visibility)
    return LookupRead(items=[LookupItem.of(match) for match in matches])


@router.get("/{case_id}", summary="Read a case", responses=problems(ALLOWED, CaseNotFound))
async def get_case(
    by: CaseReaderDep, cases: CasesDep, response: Response, case_id: UUID
) -> CaseRead:
    """A case as it is now; its version is the ETag."""
    case = await cases.get(case_id, by.visibility)
    set_etag(response, case.version)
    return CaseRead.of(case)


@router.patch(
    "/{case_id}",
    summary="Change facts of a case",
    response_model=CaseRead,
    responses=problems(
        ALLOWED, VERSIONED, CaseNotFound, ValidationFailed, CaseNumberTaken, UnknownReference
    ),
)
@write
async def change_case(
    by: CaseWriterDep,
    cases: CasesDep,
    case_id: UUID,
    expected: ExpectedVersionDep,
    body: CaseUpdate,
) -> Answer:
    """Change the filing date, case type, parties or original case. Needs `If-Match`."""
    case = await cases.change(case_id, body.columns(), expected, by)
    return Answer.of(case, CaseRead.of(case))


@router.delete(
    "/{case_id}",
    summary="Delete a case",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ALLOWED, VERSIONED, CaseNotFound),
)
@write
async def delete_case(
    by: DeciderDep,
    lifecycle: LifecycleDep,
    case_id: UUID,
    expected: ExpectedVersionDep,
    reason: Annotated[str | None, Query(min_length=1, max_length=500)] = None,
) -> None:
    """Take a case that should never have been registered out of lists and figures. It keeps its
    number and can be restored; a row of a return with that number is refused until then.
    """
    await lifecycle.delete(case_id, expected, reason, by)


@router.post(
    "/{case_id}/seal",
    summary="Seal a case",
    response_model=CaseRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound),
)
@write_once
async def seal_case(
    by: DeciderDep, lifecycle: LifecycleDep, case_id: UUID, body: SealBody
) -> Answer:
    """Hide a case from all but the court's own registry and administrators; totals count it."""
    case = await lifecycle.seal(case_id, body.reason, by, sealed=True)
    return Answer.of(case, CaseRead.of(case))


@router.post(
    "/{case_id}/unseal",
    summary="Lift a seal",
    response_model=CaseRead,
    responses=problems(ALLOWED, CREATING, CaseNotFound),
)
@write_once
async def unseal_case(
    by: DeciderDep, lifecycle: LifecycleDep, case_id: UUID, body: SealBody
) -> Answer:
    """Let everybody who may read the court's cases see this one again."""
    case = await lifecycle.seal(case_id, body.reason, by, sealed=False)
    return Answer.of(case, CaseRead.of(case))
