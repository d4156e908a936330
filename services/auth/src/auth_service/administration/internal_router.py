"""For other services: the names of users, and what callers may do."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from auth_service.administration.schemas import (
    ClientPrincipal,
    Principals,
    UserName,
    UserNames,
    UserPrincipal,
)
from auth_service.clients.service import ClientService
from auth_service.users.grants import GrantRead
from auth_service.users.service import UserService
from common.caching import NEVER_STORED
from common.caller import PrincipalDep
from common.composition import working
from common.errors import FieldError, ValidationFailed
from common.problem_responses import ALLOWED, problems

MAX_IDS: Final = 200

UsersDep = Annotated[UserService, Depends(working(UserService))]
ClientsDep = Annotated[ClientService, Depends(working(ClientService))]

router = APIRouter(
    prefix="/internal/v1",
    tags=["internal"],
    include_in_schema=False,
    dependencies=[NEVER_STORED],
)


@router.get("/users", summary="Names of users", responses=problems(ALLOWED, ValidationFailed))
async def read_names(
    users: UsersDep,
    principal: PrincipalDep,
    ids: Annotated[str, Query(max_length=MAX_IDS * 37)],
) -> UserNames:
    """Names of users, for a service with the scope `users:read`; unknown IDs are left out."""
    principal.require_scope("users:read")
    found = await users.named(_parse_ids("ids", ids))
    return UserNames(items=[UserName(id=user.id, name=user.name) for user in found])


@router.get(
    "/principals",
    summary="What users and service clients may do now",
    responses=problems(ALLOWED, ValidationFailed),
)
async def read_principals(
    users: UsersDep,
    clients: ClientsDep,
    principal: PrincipalDep,
    user_ids: Annotated[str, Query(max_length=MAX_IDS * 37)] = "",
    client_ids: Annotated[str, Query(max_length=MAX_IDS * 101)] = "",
) -> Principals:
    """The current grants and scopes, for a service with the scope `grants:read` that works on
    behalf of a caller later. Inactive users and clients, and those without grants, are left out.
    """
    principal.require_scope("grants:read")
    ids = _parse_ids("user_ids", user_ids) if user_ids else set()
    grants = await users.grants_of_active(ids)
    active = await clients.active({name for name in client_ids.split(",") if name})
    return Principals(
        users=[
            UserPrincipal(id=user_id, grants=[GrantRead.of(grant) for grant in held])
            for user_id, held in grants.items()
        ],
        clients=[ClientPrincipal.model_validate(client) for client in active],
    )


def _parse_ids(parameter: str, text: str) -> set[UUID]:
    try:
        ids = {UUID(part) for part in text.split(",") if part}
    except ValueError:
        ids = set()
    if not 0 < len(ids) <= MAX_IDS:
        fault = FieldError(parameter, "ids-invalid", f"give 1 to {MAX_IDS} UUIDs, comma-separated")
        raise ValidationFailed(errors=(fault,))
    return ids
