"""/users/{id}/grants: the roles of a user."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from auth_service.access import AdminDep
from auth_service.administration.errors import GrantOver, UserAnonymised
from auth_service.administration.granting import EndChange, Granting
from auth_service.administration.schemas import GrantCreate, GrantUpdate, UserGrantRead
from auth_service.users.administrators import LastAdmin, SelfElevation
from common.composition import working
from common.errors import BadRequest
from common.idempotency import write_once
from common.pages import Page
from common.problem_responses import ALLOWED, CREATING, ONE, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep, set_etag, write

PATH = "/api/v1/users/{user_id}/grants"

GrantingDep = Annotated[Granting, Depends(working(Granting))]

router = APIRouter(prefix=PATH, tags=["users"])


@router.get("", summary="List a user's grants", responses=problems(ALLOWED, ONE))
async def list_user_grants(
    user_id: UUID, granting: GrantingDep, _admin: AdminDep
) -> Page[UserGrantRead]:
    """Every grant, those that are over or have not begun too, on one page."""
    grants = await granting.grants(user_id)
    return Page(items=[UserGrantRead.of(grant) for grant in grants])


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=UserGrantRead,
    summary="Grant a role",
    responses=problems(ALLOWED, SelfElevation, ONE, CREATING, UserAnonymised),
)
@write_once
async def add_user_grant(
    user_id: UUID, body: GrantCreate, granting: GrantingDep, admin: AdminDep
) -> Answer:
    """Give a role at some courts, at those of a group, or at all, at once or from a date on. Issued
    access tokens are refused as `token-stale`.
    """
    grant = await granting.add(user_id, body.to_grant(), admin.require_user())
    location = f"{PATH.format(user_id=user_id)}/{grant.id}"
    return Answer(UserGrantRead.of(grant), version=grant.version, location=location)


@router.get("/{grant_id}", summary="Read a grant of a user", responses=problems(ALLOWED, ONE))
async def get_user_grant(
    user_id: UUID, grant_id: UUID, granting: GrantingDep, _admin: AdminDep, response: Response
) -> UserGrantRead:
    """A grant; the version is the ETag."""
    grant = await granting.grant(user_id, grant_id)
    set_etag(response, grant.version)
    return UserGrantRead.of(grant)


@router.patch(
    "/{grant_id}",
    summary="Change until when a user has a role",
    response_model=UserGrantRead,
    responses=problems(ALLOWED, SelfElevation, ONE, VERSIONED, BadRequest, LastAdmin, GrantOver),
)
@write
async def change_user_grant(
    user_id: UUID,
    grant_id: UUID,
    body: GrantUpdate,
    granting: GrantingDep,
    admin: AdminDep,
    expected: ExpectedVersionDep,
) -> Answer:
    """Requires `If-Match`. Issued access tokens are refused as `token-stale`. A grant that has
    ended cannot be changed, nor can you lengthen one that you hold.
    """
    change = EndChange(body.expires_at, expected)
    grant = await granting.change(user_id, grant_id, change, admin.require_user())
    return Answer.of(grant, UserGrantRead.of(grant))


@router.delete(
    "/{grant_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Remove a role",
    responses=problems(ALLOWED, ONE, LastAdmin),
)
@write
async def remove_user_grant(
    user_id: UUID, grant_id: UUID, granting: GrantingDep, admin: AdminDep
) -> None:
    """Issued access tokens are refused as `token-stale`; refreshing gives one without the role."""
    await granting.remove(user_id, grant_id, admin.require_user())
