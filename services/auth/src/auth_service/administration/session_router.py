"""/users/{id}/sessions: where somebody is signed in, and ending that."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from auth_service.access import AdminDep
from auth_service.cursors import CursorsDep, by_id
from auth_service.sessions.models import Session
from auth_service.sessions.schemas import SessionRead
from auth_service.units import WorkDep
from common.caching import NEVER_STORED
from common.pages import Page, PageDep
from common.problem_responses import ALLOWED, ONE, PAGED, problems

router = APIRouter(
    prefix="/api/v1/users/{user_id}/sessions", tags=["users"], dependencies=[NEVER_STORED]
)


@router.get("", summary="List a user's sessions", responses=problems(ALLOWED, ONE, PAGED))
async def list_user_sessions(
    user_id: UUID, work: WorkDep, admin: AdminDep, page: PageDep, cursors: CursorsDep
) -> Page[SessionRead]:
    """A user's live sessions, the newest first."""
    user = await work.administration.user(user_id)
    listing = by_id(cursors, f"user-sessions:{user_id}", _session_id)
    rows, total = await work.sessions.newest_live(user.id, page, listing.start(page))
    window = listing.window(rows, page)
    items = [SessionRead.of(row, admin.session_id) for row in window.rows]
    return Page(items=items, next_cursor=window.next_cursor, total=total)


@router.delete(
    "",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End every session of a user",
    responses=problems(ALLOWED, ONE),
)
async def end_user_sessions(user_id: UUID, work: WorkDep, admin: AdminDep) -> None:
    """Sign a user out everywhere; tokens already out are refused at once."""
    await work.administration.end_sessions(user_id, admin.require_user())


@router.delete(
    "/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="End one session of a user",
    responses=problems(ALLOWED, ONE),
)
async def end_user_session(user_id: UUID, session_id: UUID, work: WorkDep, admin: AdminDep) -> None:
    """Sign a user out in one place; tokens of that session are refused at once."""
    await work.administration.end_session(user_id, session_id, admin.require_user())


def _session_id(session: Session) -> UUID:
    return session.id
