"""POST /auth/password/change."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from auth_service.limits.errors import RateLimited
from auth_service.passwords.hashing import HashingBusy
from auth_service.passwords.schemas import PasswordChange
from auth_service.passwords.service import Change, PasswordService
from auth_service.source import SourceDep
from common.caller import UserDep
from common.errors import Conflict, ValidationFailed
from common.problem_responses import SIGNED_IN, problems

router = APIRouter(prefix="/api/v1/auth/password", tags=["password"])


async def current_passwords(request: Request) -> PasswordService:
    """The app's password service."""
    passwords: PasswordService = request.app.state.passwords
    return passwords


PasswordsDep = Annotated[PasswordService, Depends(current_passwords)]


@router.post(
    "/change",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Change your password",
    responses=problems(SIGNED_IN, ValidationFailed, Conflict, RateLimited, HashingBusy),
)
async def change_password(
    body: PasswordChange, passwords: PasswordsDep, principal: UserDep, source: SourceDep
) -> None:
    """Set a new password; every other session ends.

    A wrong current password and an unacceptable new one are 422, naming the field: the caller is
    signed in, so a 401 would only make clients refresh.
    """
    change = Change(body.current_password, body.new_password)
    await passwords.change(principal.require_user(), principal.session_id, change, source)
