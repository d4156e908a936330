"""People's own sessions: /auth/sessions."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from auth_service.cursors import CursorsDep, by_id
from auth_service.sessions.models import EndReason, Session
from auth_service.sessions.schemas import SessionRead
from auth_service.units import WorkDep
from common.caller import UserDep
from common.errors import ValidationFailed
from common.pages import Page, PageDep
from common.problem_responses import ONE, PAGED, SIGNED_IN, problems

router = APIRouter(prefix="/api/v1/auth/sessions", tags=["sessions"])


@router.get("", summary="List your sessions", responses=problems(SIGNED_IN, PAGED))
async def list_sessions(
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
    responses=problems(SIGNED_IN, ValidationFailed),
)
async def end_sessions(
    work: WorkDep,
    principal: UserDep,
    keep_current: Annotated[bool, Query(description="leave this session alone")] = False,
) -> None:
    """End all of one's own sessions, or all others."""
    keep = principal.session_id if keep_current else None
    await work.sessions.end_all(principal.require_user(), EndReason.USER, keep=keep)


@router.delete(
    "/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End one of your sessions",
    responses=problems(SIGNED_IN, ONE),
)
async def end_session(session_id: UUID, work: WorkDep, principal: UserDep) -> None:
    """End one of one's own sessions."""
    await work.sessions.end_own(principal.require_user(), session_id)


def _session_id(session: Session) -> UUID:
    return session.id
