"""What is shown of accounts to those who help their users, and what they can do for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from auth_service.administration.service import Administration, OwnAccount, UserInactive
from auth_service.audit.actions import Action
from auth_service.audit.service import Event
from auth_service.audit.sign_ins import SignInHistory
from auth_service.factors.service import FactorService
from auth_service.fields import email_hash
from auth_service.limits.lockout import Lockout
from auth_service.sessions.models import EndReason
from auth_service.users.models import EmailChange, OneTimeCode, PasswordToken, User
from auth_service.users.obligation import FactorRules
from auth_service.users.one_time_codes import IssuedCode, OneTimeCodes
from common.errors import PermissionDenied
from common.identity import Principal


class OwnFactors(PermissionDenied):
    """Administrators remove their own factors as everybody does, by showing one."""

    code: ClassVar[str] = "own-factors"
    title: ClassVar[str] = "Another administrator must reset your second factors"


class InvitationState(StrEnum):
    """`open`: a mailed link can be used; `none`: not yet or no more, `mail` says why."""

    OPEN = "open"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is shown of an account next to its own row; `invitation` while it has no password."""

    is_locked: bool
    has_factor: bool
    failed_sign_ins: int
    invitation: tuple[InvitationState, datetime | None] | None
    code: OneTimeCode | None
    email_change: EmailChange | None


@dataclass(frozen=True, slots=True)
class Support:
    administration: Administration
    factors: FactorService
    factor_rules: FactorRules
    codes: OneTimeCodes
    lockout: Lockout
    history: SignInHistory

    async def facts(self, users: Sequence[User]) -> Mapping[UUID, Facts]:
        """For each of these users, by a fixed number of queries."""
        ids = [user.id for user in users]
        locked = await self.lockout.locked([user.email for user in users])
        owners = await self.factors.owners(ids)
        failures = await self.history.failures(ids)
        invited = [user.id for user in users if user.password_hash is None]
        invitations = await self.administration.password_tokens.newest_invitations(invited)
        codes = await self.codes.of(ids)
        changes = await self.administration.emails.changes.waiting(ids)
        return {
            user.id: Facts(
                is_locked=user.email in locked,
                has_factor=user.id in owners,
                failed_sign_ins=failures[user.id],
                invitation=self._invitation(user, invitations.get(user.id)),
                code=codes.get(user.id),
                email_change=changes.get(user.id),
            )
            for user in users
        }

    async def unlock(self, user_id: UUID, by: UUID) -> None:
        """Let a password work again that was locked by failed sign-ins. Raises NotFound."""
        user = await self.administration.lock_user(user_id, by)
        await self._unlock(user)
        self._record(Action.ACCOUNT_UNLOCK, user)

    async def issue_code(self, user_id: UUID, admin: Principal) -> IssuedCode:
        """A printed code for another user. Raises NotFound, OwnAccount, UserInactive, and as
        `Administration.require_presence`.
        """
        user = await self.administration.lock_user(user_id, admin.require_user())
        if user.id == admin.user_id:
            raise OwnAccount
        await self.administration.require_presence(admin)
        return await self._issue_code(user)

    async def issue_code_for(self, email: str) -> IssuedCode:
        """The same for the command line. Raises NotFound, UserInactive."""
        return await self._issue_code(await self.administration.lock_by_email(email))

    async def reset_factors(self, user_id: UUID, admin: Principal) -> None:
        """Remove the second factors of a user who has lost them. Raises NotFound, OwnFactors, and
        as `Administration.require_presence`.
        """
        user = await self.administration.lock_user(user_id, admin.require_user())
        if user.id == admin.user_id:
            raise OwnFactors
        await self.administration.require_presence(admin)
        await self._forget_factors(user)

    async def forget_factors_of(self, email: str) -> None:
        """The same for the command line. Raises NotFound."""
        await self._forget_factors(await self.administration.lock_by_email(email))

    async def _forget_factors(self, user: User) -> None:
        """A user who must have a factor sets up the next one at the next sign-in."""
        users, sessions = self.administration.users, self.administration.sessions
        await self.factors.reset(user)
        if self.factor_rules.oblige(await users.grants_in_force(user.id)):
            user.factor_due_at = users.clock.now()
        await sessions.end_all(user.id, EndReason.ADMINISTRATOR)

    async def _issue_code(self, user: User) -> IssuedCode:
        """The password that the user has goes on working until the code has replaced it."""
        if not user.is_active:
            raise UserInactive
        await self._unlock(user)
        self._record(Action.CODE_ISSUE, user)
        if user.password_hash is not None:
            await self.administration.outbox.code_issued(user.id)
        return await self.codes.issue(user)

    async def _unlock(self, user: User) -> None:
        await self.lockout.clear(email_hash(user.email), Lockout.change_counter(user.id))

    def _record(self, action: Action, user: User) -> None:
        self.administration.users.audit.record(Event(action, subject_id=user.id))

    def _invitation(
        self, user: User, newest: PasswordToken | None
    ) -> tuple[InvitationState, datetime | None] | None:
        if user.password_hash is not None:
            return None
        if newest is None or newest.expires_at <= self.codes.clock.now():
            return InvitationState.NONE, None
        return InvitationState.OPEN, newest.expires_at
