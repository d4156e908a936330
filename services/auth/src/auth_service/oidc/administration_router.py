"""/group-mappings and /users/{id}/identities: what administrators decide about directories."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from auth_service.access import AdminDep
from auth_service.oidc.errors import MappingExists
from auth_service.oidc.mappings import DirectoryAdministration
from auth_service.oidc.models import GroupMapping
from auth_service.oidc.schemas import GroupMappingCreate, GroupMappingRead, IdentityRead
from common.composition import working
from common.idempotency import write_once
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, CREATING, ONE, PAGED, problems
from common.writes import Answer, write

PATH = "/api/v1/group-mappings"

DirectoriesDep = Annotated[DirectoryAdministration, Depends(working(DirectoryAdministration))]

mappings_router = APIRouter(prefix=PATH, tags=["directory groups"])
identities_router = APIRouter(prefix="/api/v1/users/{user_id}/identities", tags=["users"])


@mappings_router.get("", summary="List group roles", responses=problems(ALLOWED, PAGED))
async def list_group_mappings(
    directories: DirectoriesDep, _admin: AdminDep, page: PageDep
) -> Page[GroupMappingRead]:
    """Groups and the roles of their members."""
    found = await directories.page(page)
    items = [_read(directories, row) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@mappings_router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=GroupMappingRead,
    summary="Give a group a role",
    responses=problems(ALLOWED, CREATING, MappingExists),
)
@write_once
async def add_group_mapping(
    body: GroupMappingCreate, directories: DirectoriesDep, admin: AdminDep
) -> Answer:
    """Members have the role from their next sign-in on, and lose it at the first one without the
    group. You yourself get nothing by a mapping of yours.
    """
    mapping = await directories.add(body.to_mapping(), admin.require_user())
    return Answer(_read(directories, mapping), location=f"{PATH}/{mapping.id}")


@mappings_router.get(
    "/{mapping_id}", summary="Read what a group gives", responses=problems(ALLOWED, ONE)
)
async def get_group_mapping(
    mapping_id: UUID, directories: DirectoriesDep, _admin: AdminDep
) -> GroupMappingRead:
    """The role that the group gives."""
    return _read(directories, await directories.mapping(mapping_id))


@mappings_router.delete(
    "/{mapping_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Take a role from a group",
    responses=problems(ALLOWED, ONE),
)
@write
async def remove_group_mapping(
    mapping_id: UUID, directories: DirectoriesDep, admin: AdminDep
) -> None:
    """Every grant that follows from it ends at once; issued access tokens are `token-stale`."""
    await directories.remove(mapping_id, admin.require_user())


@identities_router.get(
    "", summary="List a user's directory accounts", responses=problems(ALLOWED, ONE)
)
async def list_user_identities(
    user_id: UUID, directories: DirectoriesDep, _admin: AdminDep
) -> Page[IdentityRead]:
    """At most one of a directory."""
    found = await directories.identities_of(user_id)
    return Page(
        items=[IdentityRead.of(each, directories.provider_of(each.issuer)) for each in found]
    )


@identities_router.delete(
    "/{identity_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Unlink a user's directory account",
    responses=problems(ALLOWED, ONE),
)
@write
async def remove_user_identity(
    user_id: UUID, identity_id: UUID, directories: DirectoriesDep, admin: AdminDep
) -> None:
    """The next sign-in with the user's verified address links its account. Ends every session, and
    what the directory's groups gave.
    """
    await directories.unlink(user_id, identity_id, admin.require_user())


def _read(directories: DirectoryAdministration, mapping: GroupMapping) -> GroupMappingRead:
    return GroupMappingRead.of(mapping, directories.provider_of(mapping.issuer))
