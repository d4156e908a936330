"""Endpoints of reference data, made alike for every kind."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from common.caller import PrincipalDep
from common.errors import ValidationFailed
from common.idempotency import Answer, IdempotencyDep
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, PAGED, VERSIONED, Errors, problems
from common.versions import ExpectedVersionDep, set_etag
from core_service.access.actors import Actor
from core_service.access.courts import reading, require_admin
from core_service.dependencies import ReferenceDep
from core_service.reference.errors import (
    CodeTaken,
    EditionOverlaps,
    NameTaken,
    PeriodInvalid,
    ReferenceNotFound,
    UnknownReference,
)
from core_service.reference.resources import RESOURCES, Resource
from core_service.reference.service import ReferenceQuery

PREFIX: Final = "/api/v1"
VOWELS: Final = "aeiou"

RULES: Final[Errors] = (CodeTaken, NameTaken, EditionOverlaps, PeriodInvalid, UnknownReference)


def reference_router(resource: Resource) -> APIRouter:
    """List, read, add and change rows of one kind."""
    router = APIRouter(prefix=f"{PREFIX}/{resource.path}", tags=["reference data"])
    _add_reading(router, resource)
    _add_creation(router, resource)
    _add_change(router, resource)
    return router


def _add_reading(router: APIRouter, resource: Resource) -> None:
    plural = resource.path.replace("-", " ")

    @router.get(
        "",
        summary=f"List {plural}",
        description=f"The {plural} in the order of their names; `q` finds a part of a name.",
        response_model=Page[resource.read],  # type: ignore[name-defined]  # a type known at run time
        responses=problems(ALLOWED, PAGED),
    )
    async def list_rows(
        principal: PrincipalDep,
        service: ReferenceDep,
        page: PageDep,
        q: Annotated[str | None, Query(max_length=80)] = None,
        active: bool | None = None,
    ) -> Any:
        reading(principal)
        found = await service.page(resource, ReferenceQuery(q, active), page)
        items = [resource.read.model_validate(row) for row in found.rows]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    @router.get(
        "/{row_id}",
        summary=f"Read {_one(resource.noun)}",
        description=f"One of the {plural}; its version is the ETag.",
        response_model=resource.read,
        responses=problems(ALLOWED, ReferenceNotFound),
    )
    async def read_row(
        principal: PrincipalDep, service: ReferenceDep, response: Response, row_id: UUID
    ) -> Any:
        reading(principal)
        row = await service.get(resource, row_id)
        set_etag(response, row.version)
        return row


def _add_creation(router: APIRouter, resource: Resource) -> None:
    @router.post(
        "",
        summary=f"Add {_one(resource.noun)}",
        description=f"Add {_one(resource.noun)} for returns and forms to name. For administrators.",
        status_code=status.HTTP_201_CREATED,
        response_model=resource.read,
        responses=problems(ALLOWED, CREATING, RULES),
    )
    async def create_row(
        principal: PrincipalDep,
        service: ReferenceDep,
        idempotency: IdempotencyDep,
        body: resource.create,  # type: ignore[name-defined]  # a type known at run time
    ) -> Response:
        require_admin(principal)

        async def work() -> Answer:
            row = await service.create(resource, body.model_dump(), Actor.of(principal))
            location = f"{PREFIX}/{resource.path}/{row.id}"
            shown = resource.read.model_validate(row)
            return Answer(shown, version=row.version, location=location)

        return await idempotency.run(work)


def _add_change(router: APIRouter, resource: Resource) -> None:
    @router.patch(
        "/{row_id}",
        summary=f"Change {_one(resource.noun)}",
        description="For administrators. Needs `If-Match`; what is left out stays as it is.",
        responses=problems(ALLOWED, VERSIONED, ReferenceNotFound, ValidationFailed, RULES),
        response_model=resource.read,
    )
    async def change_row(
        principal: PrincipalDep,
        service: ReferenceDep,
        response: Response,
        row_id: UUID,
        expected: ExpectedVersionDep,
        body: resource.update,  # type: ignore[name-defined]  # a type known at run time
    ) -> Any:
        require_admin(principal)
        changes = body.model_dump(exclude_unset=True)
        row = await service.change(resource, row_id, changes, expected, Actor.of(principal))
        set_etag(response, row.version)
        return row


def _one(noun: str) -> str:
    return f"{'an' if noun[0] in VOWELS else 'a'} {noun}"


routers = tuple(reference_router(resource) for resource in RESOURCES)
