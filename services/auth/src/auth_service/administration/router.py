"""/users: accounts."""

import unicodedata
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from auth_service.access import AdminDep
from auth_service.administration.anonymising import Anonymising
from auth_service.administration.errors import UserActive, UserAnonymised
from auth_service.administration.schemas import (
    Marks,
    UserInvite,
    UserRead,
    UserUpdate,
)
from auth_service.administration.service import (
    Administration,
    OwnFactors,
    UserInactive,
)
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
from common.problem_responses import ALLOWED, CREATING, ONE, PAGED, VERSIONED, problems
from common.writes import Answer, ExpectedVersionDep, set_etag, write

PATH = "/api/v1/users"

UsersDep = Annotated[Administration, Depends(working(Administration))]

AnonymisingDep = Annotated[Anonymising, Depends(working(Anonymising))]

router = APIRouter(prefix=PATH, tags=["users"])


async def user_filter(
    role: Annotated[Role | None, Query(description="has this role now")] = None,
    court: Annotated[UUID | None, Query(description="has a role at this court now")] = None,
    active: Annotated[bool | None, Query(description="may sign in")] = None,
    q: Annotated[
        str | None, Query(max_length=100, description="part of the name or the address")
    ] = None,
) -> UserFilter:
    return UserFilter(role, court, active, unicodedata.normalize("NFC", q.strip()) if q else None)


UserFilterDep = Annotated[UserFilter, Depends(user_filter)]


@router.get("", summary="List users", responses=problems(ALLOWED, PAGED))
async def list_users(
    users: UsersDep,
    _admin: AdminDep,
    wanted: UserFilterDep,
    page: PageDep,
) -> Page[UserRead]:
    """Users in order of their address, with their grants. `role` and `court` together match one
    grant of this role at this court.
    """
    found, grants = await users.page(wanted, page)
    marks = await _marks(users, found.rows)
    items = [UserRead.of(user, grants[user.id], marks) for user in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=UserRead,
    summary="Invite a user",
    responses=problems(ALLOWED, CREATING, EmailTaken),
)
@write_once
async def invite_user(body: UserInvite, users: UsersDep, admin: AdminDep) -> Answer:
    """Create an account without a password, and mail the user a link to set one."""
    user = await users.invite(body.to_invitation(), admin.require_user())
    read = await _read(users, user)
    return Answer(read, version=user.version, location=f"{PATH}/{user.id}")


@router.get("/{user_id}", summary="Read a user", responses=problems(ALLOWED, ONE))
async def get_user(
    user_id: UUID, users: UsersDep, _admin: AdminDep, response: Response
) -> UserRead:
    """A user with all grants; the version is the ETag."""
    user = await users.user(user_id)
    set_etag(response, user.version)
    return await _read(users, user)


@router.patch(
    "/{user_id}",
    summary="Rename, activate or deactivate a user",
    response_model=UserRead,
    responses=problems(ALLOWED, ONE, VERSIONED, BadRequest, LastAdmin, UserAnonymised),
)
@write
async def change_user(
    user_id: UUID,
    body: UserUpdate,
    users: UsersDep,
    admin: AdminDep,
    expected: ExpectedVersionDep,
) -> Answer:
    """Requires `If-Match`. Deactivation ends every session at once; activation restores none."""
    by = admin.require_user()
    user = await users.change(user_id, body.to_change(), expected, by)
    return Answer.of(user, await _read(users, user))


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
async def unlock_user(user_id: UUID, users: UsersDep, admin: AdminDep) -> None:
    """Forget failed sign-ins, which lock a password when there are too many in a row."""
    await users.unlock(user_id, admin.require_user())


@router.delete(
    "/{user_id}/factors",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Reset a user's second factors",
    responses=problems(ALLOWED, ONE, OwnFactors, ReauthenticationRequired, StepUpRequired),
)
@write
async def reset_user_factors(user_id: UUID, users: UsersDep, admin: AdminDep) -> None:
    """For a user who has lost them: removes every factor and recovery code, and ends every session.
    The user is notified by mail. Make sure of who asks for it: afterwards the password alone is
    enough to sign in, or to set up the next factor.

    Requires that you have just shown your second factor (`POST /auth/step-up`), or without one a
    recent sign-in.
    """
    await users.reset_factors(user_id, admin)


@router.post(
    "/{user_id}/anonymise",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Anonymise a user",
    responses=problems(ALLOWED, ONE, UserActive),
)
@write
async def anonymise_user(user_id: UUID, anonymising: AnonymisingDep, admin: AdminDep) -> None:
    """For ever: of a deactivated account, forget the name, the address, the password, the second
    factors, the grants and the devices. The ID stays, and with it what the audit log and the
    registry have recorded.
    """
    await anonymising.anonymise(user_id, admin.require_user())


async def _marks(users: Administration, found: Sequence[User]) -> Marks:
    return Marks(await users.locked(found), await users.with_factor(found))


async def _read(users: Administration, user: User) -> UserRead:
    grants = await users.grants_of([user])
    return UserRead.of(user, grants[user.id], await _marks(users, [user]))
