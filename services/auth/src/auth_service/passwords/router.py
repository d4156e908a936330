"""POST /auth/password/change, /auth/password/forgot and /auth/password/reset."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from auth_service.limits.counting import RateLimited
from auth_service.limits.device_cookie import DeviceCookieDep
from auth_service.passwords import schemas
from auth_service.passwords.hashing import HashingBusy
from auth_service.passwords.recovery import Recovery, ResetTokenInvalid
from auth_service.passwords.service import PasswordService
from common.caller import UserDep
from common.composition import transacting
from common.errors import Conflict, ValidationFailed
from common.problem_responses import SIGNED_IN, problems

PasswordsDep = Annotated[PasswordService, Depends(transacting(PasswordService))]
RecoveryDep = Annotated[Recovery, Depends(transacting(Recovery))]

router = APIRouter(prefix="/api/v1/auth/password", tags=["password"])


@router.post(
    "/change",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Change your password",
    responses=problems(SIGNED_IN, ValidationFailed, Conflict, RateLimited, HashingBusy),
)
async def change_password(
    body: schemas.PasswordChange, passwords: PasswordsDep, principal: UserDep
) -> None:
    """Set a new password; every other session ends.

    A wrong current password and an unacceptable new one are 422, naming the field: the caller is
    signed in, so a 401 would only make clients refresh.
    """
    user_id, session_id = principal.require_user(), principal.session_id
    await passwords.change(user_id, session_id, body.current_password, body.new_password)


@router.post(
    "/forgot",
    status_code=HTTPStatus.ACCEPTED,
    summary="Request a link to set a new password",
    responses=problems(ValidationFailed, RateLimited),
)
async def request_password_link(
    request: Request,
    body: schemas.PasswordForgot,
    recovery: RecoveryDep,
    device_cookie: DeviceCookieDep,
) -> schemas.MailAnnounced:
    """Always 202 with the same body, whether or not a user has the address.

    A user is sent a mail with a link: valid for 30 minutes, for one use, and only until the next
    one is requested. `429` counts requests for the address, known or not; those of a device that
    has signed in before (`device_token`) are counted apart.
    """
    devices = device_cookie.tokens(request, body.device_token)
    await recovery.forgot(body.email, devices)
    return schemas.MailAnnounced(
        detail="If this address belongs to an account, a mail is on its way"
    )


@router.post(
    "/check",
    summary="Whether a password would be accepted",
    responses=problems(ValidationFailed, RateLimited, HashingBusy),
)
async def check_password(
    body: schemas.PasswordCheck, recovery: RecoveryDep
) -> schemas.PasswordVerdict:
    """Whether the policy accepts a password, and why not. Nothing is stored, no account is needed.

    With the user's `email` and `name` the verdict is the one that setting the password would give.
    """
    fault = await recovery.check(body.password, email=body.email, name=body.name)
    return schemas.PasswordVerdict.of(fault)


@router.post(
    "/reset",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Set a new password by the link of a mail",
    responses=problems(ResetTokenInvalid, ValidationFailed, HashingBusy),
)
async def reset_password(body: schemas.PasswordReset, recovery: RecoveryDep) -> None:
    """Use up the token, set the password and end every session of the user.

    Used, expired, replaced and unknown tokens are the same 400 `reset-token-invalid`. If the
    password is not acceptable, the answer is 422 and the token stays valid (`POST
    /auth/password/check` gives the reason beforehand); five wrong tokens for one link use it up.
    """
    await recovery.reset(body.token, body.new_password)
