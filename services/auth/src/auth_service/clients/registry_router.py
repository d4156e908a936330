"""/service-clients: which services may ask for tokens."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from auth_service.access import AdminDep
from auth_service.clients.models import ServiceClient
from auth_service.clients.registry import ClientIdTaken, ClientRegistry, Secret
from auth_service.clients.registry_schemas import (
    ServiceClientCreate,
    ServiceClientRead,
    ServiceClientSecret,
)
from common.composition import working
from common.errors import BadRequest
from common.idempotency import REPLAYED, IdempotencyDep
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, ONE, PAGED, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep, set_etag, write

PATH = "/api/v1/service-clients"

RegistryDep = Annotated[ClientRegistry, Depends(working(ClientRegistry))]

router = APIRouter(prefix=PATH, tags=["service clients"])


@router.get("", summary="List service clients", responses=problems(ALLOWED, PAGED))
async def list_service_clients(
    registry: RegistryDep, _admin: AdminDep, page: PageDep
) -> Page[ServiceClientRead]:
    """Service clients by name, without their secrets."""
    found = await registry.page(page)
    items = [ServiceClientRead.model_validate(row) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=ServiceClientSecret,
    summary="Register a service client",
    responses=problems(ALLOWED, CREATING, ClientIdTaken),
)
async def create_service_client(
    body: ServiceClientCreate, registry: RegistryDep, _admin: AdminDep, idempotency: IdempotencyDep
) -> Response:
    """The secret is only in this answer; its hash is what is stored."""
    made: list[Secret] = []

    async def register() -> Answer:
        made.append(await registry.register(body.to_client()))
        client = made[0].client
        # What is stored for a repeated request has no secret.
        return Answer(_body(client, None), version=client.version, location=f"{PATH}/{client.id}")

    response = await idempotency.run(register)
    if REPLAYED not in response.headers:
        shown = _body(made[0].client, made[0].secret).model_dump(mode="json")
        headers = {name: response.headers[name] for name in ("Location", "ETag")}
        response = JSONResponse(shown, status_code=HTTPStatus.CREATED, headers=headers)
    return response


@router.get("/{client_key}", summary="Read a service client", responses=problems(ALLOWED, ONE))
async def get_service_client(
    client_key: UUID,
    registry: RegistryDep,
    _admin: AdminDep,
    response: Response,
) -> ServiceClientRead:
    """A service client without its secret; the version is the ETag."""
    client = await registry.get(client_key)
    set_etag(response, client.version)
    return ServiceClientRead.model_validate(client)


@router.post(
    "/{client_key}/rotate-secret",
    summary="Give a service client a new secret",
    response_model=ServiceClientSecret,
    responses=problems(ALLOWED, ONE),
)
@write
async def rotate_service_client_secret(
    client_key: UUID, registry: RegistryDep, _admin: AdminDep
) -> Answer:
    """The old secret and every token issued for it stop working at once.

    With AUTH_CLIENT_SECRET_OVERLAP_SECONDS the old secret works that much longer, and tokens remain
    valid until they expire.
    """
    made = await registry.rotate_secret(client_key)
    return Answer.of(made.client, _body(made.client, made.secret))


@router.delete(
    "/{client_key}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Remove a service client",
    responses=problems(ALLOWED, ONE, VERSIONED, BadRequest),
)
@write
async def delete_service_client(
    client_key: UUID, registry: RegistryDep, _admin: AdminDep, expected: ExpectedVersionDep
) -> None:
    """Requires `If-Match`. The client gets no more tokens; issued ones are refused at once."""
    await registry.remove(client_key, expected_version=expected)


def _body(client: ServiceClient, secret: str | None) -> ServiceClientSecret:
    return ServiceClientSecret.model_validate(client.model_dump() | {"client_secret": secret})
