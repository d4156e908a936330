"""/users: accounts."""

import unicodedata
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from auth_service.access import AdminDep
from auth_service.administration.anonymising import Anonymising
from auth_service.administration.errors import UserActive, UserAnonymised
from auth_service.administration.schemas import (
    OneTimeCodeIssued,
    UserInvite,
    UserRead,
    UserUpdate,
)
from auth_service.administration.service import (
    Administration,
    OwnAccount,
    UserInactive,
)
from auth_service.administration.support import OwnFactors, Support
from auth_service.passwords.schemas import MailAnnounced
from auth_service.sessions.errors import ReauthenticationRequired, StepUpRequired
from auth_service.users.administrators import LastAdmin
from auth_service.users.models import User, UserFilter
from auth_service.users.service import EmailTaken
from common.composition import working
from common.errors import BadRequest, ValidationFailed
from common.idempotency import write_once
from common.identity import Role
from common.pages import Page, PageDep
from common.problem_responses import (
    ALLOWED,
    CREATING,
    ONE,
    PAGED,
    VERSIONED,
    Errors,
    problems,
)
from common.writes import Answer, ExpectedVersionDep, set_etag, write

PATH = "/api/v1/users"

UsersDep = Annotated[Administration, Depends(working(Administration))]
SupportDep = Annotated[Support, Depends(working(Support))]
PRESENT: Errors = (OwnAccount, UserInactive, ReauthenticationRequired, StepUpRequired)

AnonymisingDep = Annotated[Anonymising, Depends(working(Anonymising))]

router = APIRouter(prefix=PATH, tags=["users"])


async def user_filter(
    role: Annotated[Role | None, Query(description="has this role now")] = None,
    court: Annotated[UUID | None, Query(description="has a role at this court now")] = None,
    active: Annotated[bool | None, Query(description="may sign in")] = None,
    locked: Annotated[
        bool | None, Query(description="whose password failed sign-ins have locked")
    ] = None,
    q: Annotated[
        str | None, Query(max_length=100, description="part of the name or the address")
    ] = None,
) -> UserFilter:
    text = unicodedata.normalize("NFC", q.strip()) if q else None
    return UserFilter(role, court, active, locked, text)


UserFilterDep = Annotated[UserFilter, Depends(user_filter)]


@router.get("", summary="List users", responses=problems(ALLOWED, PAGED))
async def list_users(
    users: UsersDep,
    support: SupportDep,
    _admin: AdminDep,
    wanted: UserFilterDep,
    page: PageDep,
) -> Page[UserRead]:
    """Users in order of their address, with their grants. `role` and `court` together match one
    grant of this role at this court.
    """
    found, grants = await users.page(wanted, page)
    facts = await support.facts(found.rows)
    items = [UserRead.of(user, grants[user.id], facts[user.id]) for user in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=UserRead,
    summary="Invite a user",
    responses=problems(ALLOWED, CREATING, EmailTaken),
)
@write_once
async def invite_user(
    body: UserInvite, users: UsersDep, support: SupportDep, admin: AdminDep
) -> Answer:
    """Create an account without a password, and mail the user a link to set one. Where there is no
    mail, print a code for the user instead: `POST /users/{user_id}/one-time-code`.
    """
    user = await users.invite(body.to_invitation(), admin.require_user())
    read = await _read(support, user)
    return Answer(read, version=user.version, location=f"{PATH}/{user.id}")


@router.get("/{user_id}", summary="Read a user", responses=problems(ALLOWED, ONE))
async def get_user(
    user_id: UUID, support: SupportDep, _admin: AdminDep, response: Response
) -> UserRead:
    """A user with all grants, and what helps to support them: the last sign-in, failed ones since,
    whether the password is locked, what has become of letters. The version is the ETag.
    """
    user = await support.administration.user(user_id)
    set_etag(response, user.version)
    return await _read(support, user)


@router.patch(
    "/{user_id}",
    summary="Change a user's name or address, activate or deactivate a user",
    response_model=UserRead,
    responses=problems(
        ALLOWED, ONE, VERSIONED, BadRequest, LastAdmin, EmailTaken, UserAnonymised, PRESENT
    ),
)
@write
async def change_user(
    user_id: UUID,
    body: UserUpdate,
    support: SupportDep,
    admin: AdminDep,
    expected: ExpectedVersionDep,
) -> Answer:
    """Requires `If-Match`. Deactivation ends every session at once; activation restores none.

    An address is changed at once: make sure of who asks for it. The user is notified at both
    addresses, and the old one gets a link that undoes the change for 72 hours. This requires that
    you have just shown your second factor (`POST /auth/step-up`), or without one a recent sign-in.
    """
    user = await support.administration.change(user_id, body.to_change(), expected, admin)
    return Answer.of(user, await _read(support, user))


@router.post(
    "/{user_id}/password-reset",
    status_code=HTTPStatus.ACCEPTED,
    summary="Mail a user a set-password link",
    responses=problems(ALLOWED, ONE, UserInactive, ValidationFailed),
)
async def send_password_link(user_id: UUID, users: UsersDep, admin: AdminDep) -> MailAnnounced:
    """A reset link, or the invitation again if no password was ever set."""
    await users.send_password_link(user_id, admin.require_user())
    return MailAnnounced(detail="A mail with a link is on its way")


@router.post(
    "/{user_id}/unlock",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Unlock a user's password",
    responses=problems(ALLOWED, ONE),
)
@write
async def unlock_user(user_id: UUID, support: SupportDep, admin: AdminDep) -> None:
    """Forget failed sign-ins, which lock a password when there are too many in a row."""
    await support.unlock(user_id, admin.require_user())


@router.post(
    "/{user_id}/one-time-code",
    summary="Print a one-time code for a user",
    responses=problems(ALLOWED, ONE, PRESENT),
)
async def issue_user_code(user_id: UUID, support: SupportDep, admin: AdminDep) -> OneTimeCodeIssued:
    """For a user whom no mail reaches. Hand it over on paper: it is shown this once, works for 72
    hours, and replaces an earlier one. Given as the password at `POST /auth/login` it opens no
    session, but lets the user set a password (401 `password-change-required`). A second factor is
    still required. Five wrong codes use it up.

    Requires that you have just shown your second factor (`POST /auth/step-up`), or without one a
    recent sign-in. Failed sign-ins are forgotten, as by unlocking.
    """
    issued = await support.issue_code(user_id, admin)
    return OneTimeCodeIssued(code=issued.text, expires_at=issued.expires_at)


@router.delete(
    "/{user_id}/factors",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Reset a user's second factors",
    responses=problems(ALLOWED, ONE, OwnFactors, ReauthenticationRequired, StepUpRequired),
)
@write
async def reset_user_factors(user_id: UUID, support: SupportDep, admin: AdminDep) -> None:
    """For a user who has lost them: removes every factor and recovery code, and ends every session.
    The user is notified by mail. Make sure of who asks for it: afterwards the password alone is
    enough to sign in, or to set up the next factor.

    Requires that you have just shown your second factor (`POST /auth/step-up`), or without one a
    recent sign-in.
    """
    await support.reset_factors(user_id, admin)


@router.post(
    "/{user_id}/anonymise",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Anonymise a user",
    responses=problems(ALLOWED, ONE, UserActive),
)
@write
async def anonymise_user(user_id: UUID, anonymising: AnonymisingDep, admin: AdminDep) -> None:
    """For ever: forget who a deactivated user was, with grants, factors and devices. The ID stays,
    and with it what the audit log and the registry have recorded.
    """
    await anonymising.anonymise(user_id, admin.require_user())


async def _read(support: Support, user: User) -> UserRead:
    grants = await support.administration.grants_of([user])
    return UserRead.of(user, grants[user.id], (await support.facts([user]))[user.id])
