"""People's own sessions: /auth/sessions."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from auth_service.cursors import CursorsDep, by_id
from auth_service.sessions.errors import ReauthenticationRequired
from auth_service.sessions.models import Session
from auth_service.sessions.schemas import SessionRead
from auth_service.units import WorkDep
from common.caching import NEVER_STORED
from common.caller import UserDep
from common.errors import ValidationFailed
from common.pages import Page, PageDep
from common.problem_responses import ONE, PAGED, SIGNED_IN, problems

router = APIRouter(prefix="/api/v1/auth/sessions", tags=["sessions"], dependencies=[NEVER_STORED])


@router.get("", summary="List your sessions", responses=problems(SIGNED_IN, PAGED))
async def list_my_sessions(
    work: WorkDep, principal: UserDep, page: PageDep, cursors: CursorsDep
) -> Page[SessionRead]:
    """One's own live sessions, the newest first."""
    user_id = principal.require_user()
    listing = by_id(cursors, f"sessions:{user_id}", _session_id)
    rows, total = await work.sessions.newest_live(user_id, page, listing.start(page))
    window = listing.window(rows, page)
    items = [SessionRead.of(row, principal.session_id) for row in window.rows]
    return Page(items=items, next_cursor=window.next_cursor, total=total)


@router.delete(
    "",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End your sessions",
    responses=problems(SIGNED_IN, ValidationFailed, ReauthenticationRequired),
)
async def end_my_sessions(
    work: WorkDep,
    principal: UserDep,
    keep_current: Annotated[bool, Query(description="leave this session alone")] = False,
) -> None:
    """End all of one's own sessions, or all others.

    Takes a sign-in of the last minutes (`AUTH_REAUTHENTICATION_SECONDS`); sign in again after a 403
    `reauthentication-required`.
    """
    user_id, current = principal.require_user(), principal.session_id
    await work.sessions.end_all_own(user_id, current, keep=keep_current)


@router.delete(
    "/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End one of your sessions",
    responses=problems(SIGNED_IN, ONE, ReauthenticationRequired),
)
async def end_my_session(session_id: UUID, work: WorkDep, principal: UserDep) -> None:
    """End one of one's own sessions; any but the current one takes a recent sign-in, as above."""
    await work.sessions.end_own(principal.require_user(), session_id, principal.session_id)


def _session_id(session: Session) -> UUID:
    return session.id
