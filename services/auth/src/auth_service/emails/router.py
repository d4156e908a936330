"""POST /auth/email/change, /auth/email/confirm and /auth/email/undo."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from auth_service.emails.errors import EmailLinkInvalid
from auth_service.emails.own import OwnEmail
from auth_service.emails.schemas import EmailChangeRequest, EmailLinkToken
from auth_service.limits.counting import RateLimited
from auth_service.passwords.hashing import HashingBusy
from auth_service.passwords.schemas import MailAnnounced
from auth_service.sessions.errors import ReauthenticationRequired, StepUpRequired
from auth_service.users.service import EmailTaken
from common.caller import UserDep
from common.composition import transacting
from common.errors import Conflict, ValidationFailed
from common.problem_responses import SIGNED_IN, problems

OwnEmailDep = Annotated[OwnEmail, Depends(transacting(OwnEmail))]

router = APIRouter(prefix="/api/v1/auth/email", tags=["me"])


@router.post(
    "/change",
    status_code=HTTPStatus.ACCEPTED,
    summary="Change your e-mail address",
    responses=problems(
        *(SIGNED_IN, ReauthenticationRequired, StepUpRequired),
        *(ValidationFailed, Conflict, RateLimited, HashingBusy),
    ),
)
async def request_email_change(
    body: EmailChangeRequest, email: OwnEmailDep, principal: UserDep
) -> MailAnnounced:
    """Mails a link to the new address: the change is made once the link was used, within 24 hours.
    Your present address gets a link that undoes it for 72 hours. The answer is the same whether or
    not another account has the address.

    With a second factor you must have just shown it (`POST /auth/step-up`). Without one give
    `current_password`, unless you have signed in a short time ago.
    """
    await email.request(principal, body.email, body.current_password)
    return MailAnnounced(detail="A mail with a link is on its way to the new address")


@router.post(
    "/confirm",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Confirm your new e-mail address",
    responses=problems(EmailLinkInvalid, EmailTaken, ValidationFailed),
)
async def apply_email_change(body: EmailLinkToken, email: OwnEmailDep) -> None:
    """Use up the link that was mailed to the new address, with which the account's user signs in
    from now on. Links that were mailed to the old address to set a password end.

    Used, expired, replaced and unknown links are the same 400 `email-link-invalid`; five wrong
    tokens for one link use it up. `409 email-taken`: another account has the address.
    """
    await email.confirm(body.token)


@router.post(
    "/undo",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Undo a change of your e-mail address",
    responses=problems(EmailLinkInvalid, EmailTaken, ValidationFailed, HashingBusy),
)
async def revert_email_change(body: EmailLinkToken, email: OwnEmailDep) -> None:
    """Use up the link that was mailed to the old address: the account has it again, and every later
    change is undone as well. Every session ends and the password no longer works, for both may be
    in the hands of the user who asked for the change; a link for a new one is mailed.
    """
    await email.undo(body.token)
