"""Endpoints of links between cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from common.caller import PrincipalDep
from common.composition import working
from common.idempotency import Answer, IdempotencyDep
from common.problem_responses import ALLOWED, CREATING, problems
from core_service.access.actors import Actor
from core_service.access.courts import require_court, writing
from core_service.cases.errors import CaseNotFound
from core_service.cases.service import CaseService
from core_service.cases.visibility import reading
from core_service.links.errors import LinkExists, LinkNotFound, LinkToItself
from core_service.links.schemas import LinkBody, LinkList, LinkRead
from core_service.links.service import LinkService

CasesDep = Annotated[CaseService, Depends(working(CaseService))]
LinksDep = Annotated[LinkService, Depends(working(LinkService))]


router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.post(
    "/{case_id}/link",
    summary="Link a case to another",
    status_code=status.HTTP_201_CREATED,
    response_model=LinkList,
    responses=problems(ALLOWED, CREATING, CaseNotFound, LinkExists, LinkToItself),
)
async def link_case(
    principal: PrincipalDep,
    cases: CasesDep,
    links: LinksDep,
    idempotency: IdempotencyDep,
    case_id: UUID,
    body: LinkBody,
) -> Response:
    """Say that this case was consolidated into another, is related to it, or is an appeal of it.

    A link counts nothing and closes nothing: a file that ends with its consolidation is closed by
    an activity of its own, with an outcome such as *Consolidated- Case Closed*.
    """
    allowed = writing(principal)

    async def work() -> Answer:
        case = await cases.lock(case_id, reading(principal))
        require_court(allowed, case.court_id)
        await cases.get(body.other_id, reading(principal))
        await links.link(case, body.link(case_id), Actor.of(principal))
        found = await links.of_case(case_id, reading(principal))
        return Answer(LinkList(items=[LinkRead.of(linked) for linked in found]))

    return await idempotency.run(work)


@router.post(
    "/{case_id}/unlink",
    summary="Remove a link",
    response_model=LinkList,
    responses=problems(ALLOWED, CREATING, CaseNotFound, LinkNotFound),
)
async def unlink_case(
    principal: PrincipalDep,
    cases: CasesDep,
    links: LinksDep,
    idempotency: IdempotencyDep,
    case_id: UUID,
    body: LinkBody,
) -> Response:
    """Remove a link that was made by mistake; the case's versions keep that it was there. The other
    case must be one that you may read.
    """
    allowed = writing(principal)

    async def work() -> Answer:
        case = await cases.lock(case_id, reading(principal))
        require_court(allowed, case.court_id)
        await cases.get(body.other_id, reading(principal))
        await links.unlink(case, body.link(case_id), Actor.of(principal))
        found = await links.of_case(case_id, reading(principal))
        items = [LinkRead.of(linked) for linked in found]
        return Answer(LinkList(items=items), status=status.HTTP_200_OK)

    return await idempotency.run(work)


@router.get(
    "/{case_id}/links", summary="List a case's links", responses=problems(ALLOWED, CaseNotFound)
)
async def list_case_links(
    principal: PrincipalDep, cases: CasesDep, links: LinksDep, case_id: UUID
) -> LinkList:
    """The cases that belong with this one, as far as you may know of them."""
    case = await cases.get(case_id, reading(principal))
    found = await links.of_case(case.id, reading(principal))
    return LinkList(items=[LinkRead.of(linked) for linked in found])
