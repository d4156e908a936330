"""Endpoints that read reference data, made alike for every kind."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.composition import working
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, problems
from common.writes import set_etag
from core_service.access.callers import shared_data_reader
from core_service.reference.errors import ReferenceNotFound
from core_service.reference.resources import RESOURCES, Resource
from core_service.reference.service import ReferenceQuery, ReferenceService

ReferenceDep = Annotated[ReferenceService, Depends(working(ReferenceService))]


def _router(resource: Resource) -> APIRouter:
    router = APIRouter(
        prefix=resource.url, tags=["reference data"], dependencies=[Depends(shared_data_reader)]
    )
    plural = resource.path.replace("-", " ")

    @router.get(
        "",
        name=f"list_{resource.path.replace('-', '_')}",
        summary=f"List {plural}",
        description=f"The {plural} in the order of their names; `q` finds a part of a name.",
        response_model=Page[resource.read],  # type: ignore[name-defined]  # a type known at run time
        responses=problems(ALLOWED, PAGED),
    )
    async def list_rows(
        service: ReferenceDep,
        page: PageDep,
        q: Annotated[str | None, Query(max_length=80)] = None,
        active: bool | None = None,
    ) -> Any:
        found = await service.page(resource, ReferenceQuery(q, active), page)
        items = [resource.read.model_validate(row) for row in found.rows]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    @router.get(
        "/{row_id}",
        name=f"get_{resource.name}",
        summary=f"Read {resource.one}",
        description=f"One of the {plural}; its version is the ETag.",
        response_model=resource.read,
        responses=problems(ALLOWED, ReferenceNotFound),
    )
    async def read_row(service: ReferenceDep, response: Response, row_id: UUID) -> Any:
        row = await service.get(resource, row_id)
        set_etag(response, row.version)
        return row

    return router


routers = tuple(_router(resource) for resource in RESOURCES)
