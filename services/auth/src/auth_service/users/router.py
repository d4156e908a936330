"""GET and PATCH /auth/me; for other services the names of users, and what callers may do."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from auth_service.sessions.schemas import SessionRead
from auth_service.units import Work, WorkDep
from auth_service.users.compaction import compact
from auth_service.users.models import User
from auth_service.users.permissions import permissions
from auth_service.users.schemas import (
    ClientPrincipal,
    GrantRead,
    MeRead,
    MeUpdate,
    Principals,
    UserName,
    UserNames,
    UserPrincipal,
)
from common.caching import NEVER_STORED
from common.caller import PrincipalDep, UserDep
from common.errors import BadRequest, FieldError, Unauthenticated, ValidationFailed
from common.identity import Principal
from common.problem_responses import ALLOWED, SIGNED_IN, VERSIONED, problems
from common.versions import ExpectedVersionDep, set_etag

MAX_IDS = 200

router = APIRouter(tags=["me"])
internal_router = APIRouter(
    prefix="/internal/v1",
    tags=["internal"],
    include_in_schema=False,
    dependencies=[NEVER_STORED],
)


@router.get("/api/v1/auth/me", summary="Who you are", responses=problems(SIGNED_IN))
async def get_me(work: WorkDep, principal: UserDep, response: Response) -> MeRead:
    """The signed-in user with grants in force, what they permit, and this session."""
    user = await work.users.get(principal.require_user())
    return await _me(work, user, principal, response)


@router.patch(
    "/api/v1/auth/me",
    summary="Change your name",
    responses=problems(SIGNED_IN, VERSIONED, BadRequest, ValidationFailed),
)
async def change_me(
    body: MeUpdate,
    work: WorkDep,
    principal: UserDep,
    expected_version: ExpectedVersionDep,
    response: Response,
) -> MeRead:
    """Change one's own name; `If-Match` holds the ETag that was read."""
    user = await work.users.lock(principal.require_user())
    if user is not None:
        work.users.rename(user, body.name, expected_version=expected_version)
    return await _me(work, user, principal, response)


@internal_router.get(
    "/users", summary="Names of users", responses=problems(ALLOWED, ValidationFailed)
)
async def read_names(
    work: WorkDep,
    principal: PrincipalDep,
    ids: Annotated[str, Query(max_length=MAX_IDS * 37)],
) -> UserNames:
    """Names of users, for a service with the scope `users:read`; unknown IDs are left out."""
    principal.require_scope("users:read")
    users = await work.users.named(_parse_ids("ids", ids))
    return UserNames(items=[UserName(id=user.id, name=user.name) for user in users])


@internal_router.get(
    "/principals",
    summary="What users and service clients may do now",
    responses=problems(ALLOWED, ValidationFailed),
)
async def read_principals(
    work: WorkDep,
    principal: PrincipalDep,
    user_ids: Annotated[str, Query(max_length=MAX_IDS * 37)] = "",
    client_ids: Annotated[str, Query(max_length=MAX_IDS * 101)] = "",
) -> Principals:
    """The grants and scopes in force at this moment, for a service with the scope `grants:read`:
    for work that is done later on behalf of a caller. Deactivated users and removed
    clients are left out, as are those that hold nothing.
    """
    principal.require_scope("grants:read")
    users = _parse_ids("user_ids", user_ids) if user_ids else set()
    grants = await work.users.grants_of_active(users)
    clients = await work.clients.active({name for name in client_ids.split(",") if name})
    return Principals(
        users=[
            UserPrincipal(id=user_id, grants=[GrantRead.of(grant) for grant in held])
            for user_id, held in grants.items()
        ],
        clients=[ClientPrincipal.model_validate(client) for client in clients],
    )


async def _me(work: Work, user: User | None, principal: Principal, response: Response) -> MeRead:
    session_id = principal.session_id
    session = await work.sessions.live(user.id, session_id) if user and session_id else None
    if user is None or session is None:
        raise Unauthenticated("This session is over")
    grants = compact(await work.users.grants_in_force(user.id))
    set_etag(response, user.version)
    return MeRead(
        id=user.id,
        email=user.email,
        name=user.name,
        grants=[GrantRead.of(grant) for grant in grants],
        permissions=permissions(grants),
        session=SessionRead.of(session, session_id),
        version=user.version,
        created_at=user.created_at,
        updated_at=user.updated_at,
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
