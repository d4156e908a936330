"""/users/{id}/sessions: the sessions of a user."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from auth_service.access import AdminDep
from auth_service.administration.router import UsersDep
from auth_service.sessions.router import session_page
from auth_service.sessions.schemas import SessionRead
from common.caching import NEVER_STORED
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, ONE, PAGED, problems
from common.writes import write

router = APIRouter(
    prefix="/api/v1/users/{user_id}/sessions", tags=["users"], dependencies=[NEVER_STORED]
)


@router.get("", summary="List a user's sessions", responses=problems(ALLOWED, ONE, PAGED))
async def list_user_sessions(
    user_id: UUID, users: UsersDep, admin: AdminDep, page: PageDep
) -> Page[SessionRead]:
    """A user's live sessions, the newest first."""
    user = await users.user(user_id)
    return await session_page(users.sessions, user.id, admin.session_id, page)


@router.delete(
    "",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End every session of a user",
    responses=problems(ALLOWED, ONE),
)
@write
async def end_user_sessions(user_id: UUID, users: UsersDep, admin: AdminDep) -> None:
    """Sign a user out everywhere; issued tokens are refused at once."""
    await users.end_sessions(user_id, admin.require_user())


@router.delete(
    "/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End one session of a user",
    responses=problems(ALLOWED, ONE),
)
@write
async def end_user_session(
    user_id: UUID, session_id: UUID, users: UsersDep, admin: AdminDep
) -> None:
    """Sign a user out of one session; its tokens are refused at once."""
    await users.end_session(user_id, session_id, admin.require_user())
