"""Endpoints of links between cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from common.composition import working
from common.idempotency import write_once
from common.problem_responses import ALLOWED, CREATING, problems
from common.writes import Answer
from core_service.cases.errors import CaseNotFound
from core_service.cases.visibility import CaseReaderDep, CaseWriterDep
from core_service.links.errors import LinkExists, LinkNotFound, LinkToItself
from core_service.links.schemas import LinkBody, LinkList
from core_service.links.service import LinkService

LinksDep = Annotated[LinkService, Depends(working(LinkService))]


router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.post(
    "/{case_id}/link",
    summary="Link a case to another",
    status_code=status.HTTP_201_CREATED,
    response_model=LinkList,
    responses=problems(ALLOWED, CREATING, CaseNotFound, LinkExists, LinkToItself),
)
@write_once
async def link_case(
    by: CaseWriterDep,
    links: LinksDep,
    case_id: UUID,
    body: LinkBody,
) -> Answer:
    """Say that this case was consolidated into another, is related to it, or is an appeal of it.

    A link counts nothing and closes nothing: a file that ends with its consolidation is closed by
    a separate activity, with an outcome such as *Consolidated- Case Closed*.
    """
    return Answer(LinkList.of(await links.link(body.link(case_id), by)))


@router.post(
    "/{case_id}/unlink",
    summary="Remove a link",
    response_model=LinkList,
    responses=problems(ALLOWED, CREATING, CaseNotFound, LinkNotFound),
)
@write_once
async def unlink_case(
    by: CaseWriterDep,
    links: LinksDep,
    case_id: UUID,
    body: LinkBody,
) -> Answer:
    """Remove a link that was made by mistake; the case's versions keep that it was there. The other
    case must be one that you may read.
    """
    left = await links.unlink(body.link(case_id), by)
    return Answer(LinkList.of(left), status=status.HTTP_200_OK)


@router.get(
    "/{case_id}/links", summary="List a case's links", responses=problems(ALLOWED, CaseNotFound)
)
async def list_case_links(by: CaseReaderDep, links: LinksDep, case_id: UUID) -> LinkList:
    """The cases that belong with this one, as far as you may know of them."""
    return LinkList.of(await links.of_case(case_id, by))
