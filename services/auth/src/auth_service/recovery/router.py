"""POST /auth/password/forgot and /auth/password/reset."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from auth_service.limits.errors import RateLimited
from auth_service.passwords.hashing import HashingBusy
from auth_service.recovery.errors import ResetTokenInvalid
from auth_service.recovery.schemas import MailAnnounced, PasswordForgot, PasswordReset
from auth_service.recovery.service import Recovery
from auth_service.source import SourceDep
from common.errors import ValidationFailed
from common.problem_responses import problems

router = APIRouter(prefix="/api/v1/auth/password", tags=["password"])


async def current_recovery(request: Request) -> Recovery:
    """The app's recovery service."""
    recovery: Recovery = request.app.state.recovery
    return recovery


RecoveryDep = Annotated[Recovery, Depends(current_recovery)]


@router.post(
    "/forgot",
    status_code=HTTPStatus.ACCEPTED,
    summary="Ask for a link to set a new password",
    responses=problems(ValidationFailed, RateLimited),
)
async def request_password_link(
    body: PasswordForgot, recovery: RecoveryDep, source: SourceDep
) -> MailAnnounced:
    """Always 202 with the same body, whether or not anyone signs in by the address.

    If somebody does, a mail with a link is on its way: good for 30 minutes, for one use, and only
    until the next one is asked for. `429` counts tries for the address, known or not.
    """
    await recovery.forgot(body.email, source)
    return MailAnnounced(detail="If this address belongs to an account, a mail is on its way")


@router.post(
    "/reset",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Set a new password by the link of a mail",
    responses=problems(ResetTokenInvalid, ValidationFailed, HashingBusy),
)
async def reset_password(body: PasswordReset, recovery: RecoveryDep, source: SourceDep) -> None:
    """Use up the token, set the password and end every session of the user.

    Used, expired, replaced and unknown tokens are the same 400 `reset-token-invalid`. A password
    that is not acceptable is 422 and may be tried again, five times for each token.
    """
    await recovery.reset(body.token, body.new_password, source)
