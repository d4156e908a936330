"""GET and PATCH /auth/me."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from auth_service.sessions.schemas import SessionRead
from auth_service.sessions.service import SessionService
from auth_service.signin.schemas import MeRead, MeUpdate
from auth_service.users.grants import GrantRead, compact, permissions
from auth_service.users.models import User
from auth_service.users.service import UserService
from common.caller import UserDep
from common.composition import working
from common.errors import BadRequest, Unauthenticated, ValidationFailed
from common.identity import Principal
from common.problem_responses import SIGNED_IN, VERSIONED, problems
from common.writes import Answer, ExpectedVersion, ExpectedVersionDep, set_etag, write


@dataclass(frozen=True, slots=True)
class Profile:
    users: UserService
    sessions: SessionService

    async def read(self, principal: Principal) -> MeRead:
        """The user with this session. Raises Unauthenticated when it has ended."""
        return await self._body(await self.users.get(principal.require_user()), principal)

    async def rename(self, principal: Principal, name: str, expected: ExpectedVersion) -> MeRead:
        """Change the name. Raises Unauthenticated or PreconditionFailed."""
        user = await self.users.lock(principal.require_user())
        if user is not None:
            self.users.rename(user, name, expected_version=expected)
        return await self._body(user, principal)

    async def _body(self, user: User | None, principal: Principal) -> MeRead:
        session_id = principal.session_id
        session = await self.sessions.live(user.id, session_id) if user and session_id else None
        if user is None or session is None:
            raise Unauthenticated("This session has ended")
        grants = compact(await self.users.grants_in_force(user.id))
        return MeRead(
            **user.model_dump(
                include={
                    *("id", "email", "name", "factor_due_at"),
                    *("version", "created_at", "updated_at"),
                }
            ),
            grants=[GrantRead.of(grant) for grant in grants],
            permissions=permissions(grants),
            session=SessionRead.of(session, session_id),
        )


ProfileDep = Annotated[Profile, Depends(working(Profile))]

router = APIRouter(prefix="/api/v1/auth", tags=["me"])


@router.get("/me", summary="Who you are", responses=problems(SIGNED_IN))
async def get_me(profile: ProfileDep, principal: UserDep, response: Response) -> MeRead:
    """The signed-in user with grants in force, what they permit, and this session."""
    me = await profile.read(principal)
    set_etag(response, me.version)
    return me


@router.patch(
    "/me",
    summary="Change your name",
    response_model=MeRead,
    responses=problems(SIGNED_IN, VERSIONED, BadRequest, ValidationFailed),
)
@write
async def change_me(
    body: MeUpdate, profile: ProfileDep, principal: UserDep, expected: ExpectedVersionDep
) -> Answer:
    """Change your own name; `If-Match` holds the ETag that was read."""
    me = await profile.rename(principal, body.name, expected)
    return Answer.of(me, me)
