"""The sessions of the caller: /auth/sessions."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from auth_service.sessions.errors import ReauthenticationRequired
from auth_service.sessions.schemas import SessionRead, SessionUpdate
from auth_service.sessions.service import SessionService
from common.caching import NEVER_STORED
from common.caller import UserDep
from common.composition import working
from common.errors import ValidationFailed
from common.pages import Page, PageDep, PageRequest
from common.problem_responses import ONE, PAGED, SIGNED_IN, problems
from common.writes import Answer, write

SessionsDep = Annotated[SessionService, Depends(working(SessionService))]

router = APIRouter(prefix="/api/v1/auth/sessions", tags=["sessions"], dependencies=[NEVER_STORED])


async def session_page(
    sessions: SessionService, user_id: UUID, current: UUID | None, page: PageRequest
) -> Page[SessionRead]:
    """A user's live sessions, the newest first; `current` is that of the request."""
    found = await sessions.newest_live(user_id, page)
    items = [SessionRead.of(row, current) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get("", summary="List your sessions", responses=problems(SIGNED_IN, PAGED))
async def list_my_sessions(
    sessions: SessionsDep, principal: UserDep, page: PageDep
) -> Page[SessionRead]:
    """Your live sessions, the newest first."""
    user_id, current = principal.require_user(), principal.session_id
    return await session_page(sessions, user_id, current, page)


@router.patch(
    "/{session_id}",
    summary="Rename one of your sessions",
    response_model=SessionRead,
    responses=problems(SIGNED_IN, ONE, ValidationFailed),
)
@write
async def rename_my_session(
    session_id: UUID, body: SessionUpdate, sessions: SessionsDep, principal: UserDep
) -> Answer:
    """Name a session, such as that of a phone, so that you know it again in the list."""
    session = await sessions.rename(principal.require_user(), session_id, body.name)
    return Answer(SessionRead.of(session, principal.session_id), status=HTTPStatus.OK)


@router.delete(
    "",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End your sessions",
    responses=problems(SIGNED_IN, ValidationFailed, ReauthenticationRequired),
)
@write
async def end_my_sessions(
    sessions: SessionsDep,
    principal: UserDep,
    keep_current: Annotated[bool, Query(description="keep this session")] = False,
) -> None:
    """End all of your sessions, or all but the current one.

    Requires a recent sign-in (`AUTH_REAUTHENTICATION_SECONDS`); sign in again after a 403
    `reauthentication-required`.
    """
    user_id, current = principal.require_user(), principal.session_id
    await sessions.end_all_own(user_id, current, keep=keep_current)


@router.delete(
    "/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End one of your sessions",
    responses=problems(SIGNED_IN, ONE, ReauthenticationRequired),
)
@write
async def end_my_session(session_id: UUID, sessions: SessionsDep, principal: UserDep) -> None:
    """End one of your sessions; any but the current one requires a recent sign-in, as above."""
    await sessions.end_own(principal.require_user(), session_id, principal.session_id)
