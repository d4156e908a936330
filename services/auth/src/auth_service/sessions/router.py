"""People's own sessions: /auth/sessions."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from auth_service.sessions.models import EndReason
from auth_service.sessions.schemas import SessionRead
from auth_service.units import WorkDep
from common.caller import UserDep
from common.pages import CursorInvalid, CursorSigner, Page, PageDep

router = APIRouter(prefix="/api/v1/auth/sessions", tags=["sessions"])


def current_cursors(request: Request) -> CursorSigner:
    """The app's signer of cursors."""
    cursors: CursorSigner = request.app.state.cursors
    return cursors


CursorsDep = Annotated[CursorSigner, Depends(current_cursors)]


@router.get("")
async def list_sessions(
    work: WorkDep, principal: UserDep, page: PageDep, cursors: CursorsDep
) -> Page[SessionRead]:
    """One's own live sessions, the newest first."""
    user_id = principal.require_user()
    purpose = f"sessions:{user_id}"
    before = _read_id(cursors, purpose, page.cursor)
    rows, total = await work.sessions.newest_live(user_id, page, before)
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return Page(
        items=[SessionRead.of(row, principal.session_id) for row in shown],
        next_cursor=cursors.sign(purpose, [shown[-1].id]) if more else None,
        total=total,
    )


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def end_sessions(
    work: WorkDep,
    principal: UserDep,
    keep_current: Annotated[bool, Query(description="leave this session alone")] = False,
) -> None:
    """End all of one's own sessions, or all others."""
    keep = principal.session_id if keep_current else None
    await work.sessions.end_all(principal.require_user(), EndReason.USER, keep=keep)


@router.delete("/{session_id}", status_code=HTTPStatus.NO_CONTENT)
async def end_session(session_id: UUID, work: WorkDep, principal: UserDep) -> None:
    """End one of one's own sessions."""
    await work.sessions.end_own(principal.require_user(), session_id)


def _read_id(cursors: CursorSigner, purpose: str, cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    values = cursors.read(purpose, cursor)
    try:
        return UUID(values[0])
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        raise CursorInvalid from error
