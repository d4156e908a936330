"""Administration of users; `users.administrators` says who may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from auth_service.administration.errors import require_changeable
from auth_service.audit.actions import Action
from auth_service.emails.service import EmailService
from auth_service.factors.service import FactorService
from auth_service.fields import EmailRules
from auth_service.limits.lockout import Lockout
from auth_service.mail.outbox import Outbox
from auth_service.sessions.models import EndReason
from auth_service.sessions.service import SessionService
from auth_service.users.administrators import Administrators
from auth_service.users.grants import require_period
from auth_service.users.models import User, UserFilter, UserGrant
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import EmailTaken, NewUser, TimedGrant, UserService
from common.errors import Conflict, NotFound, PermissionDenied
from common.identity import Principal
from common.keyset import Slice
from common.pages import PageRequest, row_bytes
from common.writes import ExpectedVersion, check_version


class OwnAccount(PermissionDenied):
    """Administrators change their own address and password as everybody does."""

    code: ClassVar[str] = "own-account"
    title: ClassVar[str] = "Another administrator must do this to your account"


class UserInactive(Conflict):
    """A deactivated user gets no mail and no session."""

    code: ClassVar[str] = "user-inactive"
    title: ClassVar[str] = "This user is deactivated; activate the account first"


@dataclass(frozen=True, slots=True)
class Invitation:
    email: str
    name: str
    grants: tuple[TimedGrant, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What to change about a user; None means no change."""

    name: str | None = None
    is_active: bool | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Administration:
    """Changes by the administrator `by`."""

    users: UserService
    administrators: Administrators
    sessions: SessionService
    password_tokens: PasswordTokens
    outbox: Outbox
    emails: EmailService
    email_rules: EmailRules
    factors: FactorService
    lockout: Lockout

    async def invite(self, invitation: Invitation, by: UUID) -> User:
        """A new user without a password, and a mail to set one. Raises EmailTaken."""
        await self.administrators.require(by)
        email = self.email_rules.checked(invitation.email)
        if await self.users.by_email(email) is not None:
            raise EmailTaken
        for grant in invitation.grants:
            require_period(grant.begins_at, grant.expires_at, self.users.clock.now())
        user = await self.users.create(NewUser(email, invitation.name, None, invitation.grants))
        await self.outbox.invite(user.id)
        return user

    async def change(
        self, user_id: UUID, change: Change, expected: ExpectedVersion, admin: Principal
    ) -> User:
        """Rename, activate, deactivate, or give another address. Raises NotFound,
        PreconditionFailed, LastAdmin; for an address as `_assign_email`.
        """
        user = await self.lock_user(user_id, admin.require_user())
        check_version(expected, user.version)
        require_changeable(user)
        if change.name is not None and change.name != user.name:
            self.users.rename(user, change.name, expected_version=user.version)
        if change.is_active is not None and change.is_active != user.is_active:
            await self._set_active(user, active=change.is_active)
        if change.email is not None:
            if user.id == admin.user_id:
                raise OwnAccount
            await self.require_presence(admin)
            await self._assign_email(user, change.email)
        return user

    async def assign_email(self, email: str, new_email: str) -> None:
        """Give another address, for the command line. Raises NotFound, and as `_assign_email`."""
        await self._assign_email(await self.lock_by_email(email), new_email)

    async def end_session(self, user_id: UUID, session_id: UUID, by: UUID) -> None:
        """End one session of a user. Raises NotFound."""
        await self.lock_user(user_id, by)
        reason = EndReason.ADMINISTRATOR
        if not await self.sessions.end(user_id, session_id, reason, Action.SESSION_END):
            raise NotFound

    async def end_sessions(self, user_id: UUID, by: UUID) -> None:
        """End every session of a user. Raises NotFound."""
        await self.lock_user(user_id, by)
        await self.sessions.end_all(user_id, EndReason.ADMINISTRATOR)

    async def send_password_link(self, user_id: UUID, by: UUID) -> None:
        """Mail a link: an invitation before the first password. Raises NotFound, UserInactive."""
        user = await self.lock_user(user_id, by)
        if not user.is_active:
            raise UserInactive
        if user.password_hash is None:
            await self.outbox.invite(user.id)
        else:
            await self.outbox.reset(user.id)

    async def user(self, user_id: UUID) -> User:
        """A user. Raises NotFound."""
        user = await self.users.get(user_id)
        if user is None:
            raise NotFound
        return user

    async def page(
        self, wanted: UserFilter, page: PageRequest
    ) -> tuple[Slice[User], Mapping[UUID, Sequence[UserGrant]]]:
        """A page of users by address, with their grants."""
        grants: dict[UUID, list[UserGrant]] = {}

        async def weigh(users: Sequence[User]) -> Sequence[int]:
            grants.update(await self.grants_of(users))
            return [sum(map(row_bytes, [user, *grants[user.id]])) for user in users]

        found = await self.users.page(wanted, page, weigh, self.lockout.is_locked())
        return found, grants

    async def grants_of(self, users: Sequence[User]) -> dict[UUID, list[UserGrant]]:
        """The grants of these users, by user."""
        found: dict[UUID, list[UserGrant]] = {user.id: [] for user in users}
        for grant in await self.users.all_grants(list(found)):
            found[grant.user_id].append(grant)
        return found

    async def require_presence(self, admin: Principal) -> None:
        """A stolen session of an administrator must not be enough to take over an account.

        Raises StepUpRequired, or without a second factor ReauthenticationRequired.
        """
        by = admin.require_user()
        has_factor = bool(await self.factors.of(by))
        await self.sessions.require_recent(by, admin.session_id, with_factor=has_factor)

    async def lock_user(self, user_id: UUID, by: UUID) -> User:
        """The user, for a change by an administrator. Raises PermissionDenied, NotFound."""
        return await self.administrators.lock_user(user_id, by)

    async def lock_by_email(self, email: str) -> User:
        """The user with an address, for a command. Raises NotFound."""
        seen = await self.users.by_email(email)
        user = await self.users.lock(seen.id) if seen is not None else None
        if user is None:
            raise NotFound
        return user

    async def _assign_email(self, user: User, address: str) -> None:
        """Raises ValidationFailed, UserInactive, who gets no mail, or EmailTaken."""
        email = self.email_rules.checked(address)
        if email == user.email:
            return
        if not user.is_active:
            raise UserInactive
        await self.emails.assign(user, email)

    async def _set_active(self, user: User, *, active: bool) -> None:
        was_admin = await self.administrators.include(user)
        self.users.set_active(user, active=active)
        if active:
            return
        await self.sessions.end_all(user.id, EndReason.DEACTIVATION)
        await self.password_tokens.discard(user.id)
        if was_admin:
            await self.administrators.require_one_left()
