"""Endpoints of reference data, made alike for every kind."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from common.caller import PrincipalDep
from common.composition import working
from common.idempotency import Answer
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, PAGED, VERSIONED, problems
from common.versions import ExpectedVersionDep, set_etag
from core_service.access.courts import require_reader
from core_service.change_requests.deeds import Wish
from core_service.change_requests.desk import ASK, ASKED, DeskDep
from core_service.change_requests.models import RequestKind
from core_service.reference.errors import RULES, ReferenceNotFound
from core_service.reference.resources import RESOURCES, Resource
from core_service.reference.service import ReferenceQuery, ReferenceService
from core_service.tables import Record

ReferenceDep = Annotated[ReferenceService, Depends(working(ReferenceService))]


PREFIX: Final = "/api/v1"
VOWELS: Final = "aeiou"


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
        name=f"list_{_snake(resource.path)}",
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
        require_reader(principal)
        found = await service.page(resource, ReferenceQuery(q, active), page)
        items = [resource.read.model_validate(row) for row in found.rows]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    @router.get(
        "/{row_id}",
        name=f"get_{_snake(resource.noun)}",
        summary=f"Read {_one(resource.noun)}",
        description=f"One of the {plural}; its version is the ETag.",
        response_model=resource.read,
        responses=problems(ALLOWED, ReferenceNotFound),
    )
    async def read_row(
        principal: PrincipalDep, service: ReferenceDep, response: Response, row_id: UUID
    ) -> Any:
        require_reader(principal)
        row = await service.get(resource, row_id)
        set_etag(response, row.version)
        return row


def _add_creation(router: APIRouter, resource: Resource) -> None:
    @router.post(
        "",
        name=f"create_{_snake(resource.noun)}",
        summary=f"Add {_one(resource.noun)}",
        description=f"Add {_one(resource.noun)} for returns and forms to name.",
        status_code=status.HTTP_201_CREATED,
        response_model=resource.read,
        responses=ASKED | problems(ASK, RULES),
    )
    async def create_row(
        desk: DeskDep,
        body: resource.create,  # type: ignore[name-defined]  # a type known at run time
    ) -> Response:
        terms = body.model_dump(mode="json")
        wish = Wish(RequestKind.REFERENCE_ADD, entity=resource.table, terms=terms)

        def show(row: Record) -> Answer:
            location = f"{PREFIX}/{resource.path}/{row.id}"
            return Answer(resource.read.model_validate(row), version=row.version, location=location)

        return await desk.hand_in(wish, show)


def _add_change(router: APIRouter, resource: Resource) -> None:
    @router.patch(
        "/{row_id}",
        name=f"change_{_snake(resource.noun)}",
        summary=f"Change {_one(resource.noun)}",
        description="Needs `If-Match`; what is left out stays as it is.",
        responses=ASKED | problems(ASK, VERSIONED, ReferenceNotFound, RULES),
        response_model=resource.read,
    )
    async def change_row(
        desk: DeskDep,
        row_id: UUID,
        expected: ExpectedVersionDep,
        body: resource.update,  # type: ignore[name-defined]  # a type known at run time
    ) -> Response:
        wish = Wish(
            kind=RequestKind.REFERENCE_CHANGE,
            entity=resource.table,
            entity_id=row_id,
            entity_version=expected,
            terms=body.model_dump(mode="json", exclude_unset=True),
        )

        def show(row: Record) -> Answer:
            return Answer(resource.read.model_validate(row), status.HTTP_200_OK, row.version)

        return await desk.hand_in(wish, show)


def _snake(words: str) -> str:
    """As a name; every function here serves all kinds."""
    return words.replace("-", "_").replace(" ", "_")


def _one(noun: str) -> str:
    return f"{'an' if noun[0] in VOWELS else 'a'} {noun}"


routers = tuple(reference_router(resource) for resource in RESOURCES)
