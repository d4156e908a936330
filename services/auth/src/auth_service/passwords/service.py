"""New passwords, and changing your own."""

from dataclasses import dataclass
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.fields import email_hash
from auth_service.limits.counting import RateLimited
from auth_service.limits.lockout import Lockout
from auth_service.mail.outbox import Outbox
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.policy import PasswordPolicy
from auth_service.sessions.models import EndReason
from auth_service.sessions.service import SessionService
from auth_service.users.models import User
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService
from common.composition import Units
from common.errors import Conflict, FieldError, Unauthenticated, ValidationFailed


@dataclass(frozen=True, slots=True)
class NewPasswords:
    """Checks new passwords against the policy and hashes them, outside any transaction."""

    hasher: PasswordHasher
    policy: PasswordPolicy

    async def fault(self, password: str, *, email: str, name: str) -> FieldError | None:
        """Why a password is not acceptable; None when it is. Raises HashingBusy."""
        return await self.hasher.run(lambda: self.policy.fault(password, email=email, name=name))

    async def hash(self, password: str, *, email: str, name: str) -> str:
        """The hash of an acceptable password. Raises ValidationFailed with the reason."""
        fault = await self.fault(password, email=email, name=name)
        if fault is not None:
            raise ValidationFailed("The new password is not acceptable", errors=(fault,))
        return await self.hasher.hash(password)


@dataclass(frozen=True, slots=True)
class PasswordWork:
    """What one transaction about a password needs."""

    users: UserService
    sessions: SessionService
    tokens: PasswordTokens
    lockout: Lockout
    outbox: Outbox
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class CurrentPassword:
    """The caller's own password, required again within a session; strangers cannot stop it."""

    units: Units
    hasher: PasswordHasher

    async def check(
        self, user_id: UUID, session_id: UUID | None, password: str, action: Action
    ) -> User:
        """The user whose password this is. A wrong one is recorded as a failure of `action`.

        Raises ValidationFailed, Unauthenticated, or RateLimited after consecutive failures.
        """
        async with self.units.begin() as unit:
            work = unit.get(PasswordWork)
            seen = await work.users.get(user_id)
            status = await work.lockout.status(Lockout.change_counter(user_id))
        if seen is None or not seen.is_active:
            raise Unauthenticated
        if status.wait_seconds:
            raise RateLimited.backing_off(status.wait_seconds)
        verified = await self.hasher.verify(password, seen.password_hash)
        if verified.matches:
            return seen
        async with self.units.begin() as unit:
            work = unit.get(PasswordWork)
            await work.lockout.failed(Lockout.change_counter(user_id))
            work.audit.record(
                Event(
                    action,
                    EventOutcome.FAILURE,
                    reason="wrong-password",
                    subject_id=user_id,
                    session_id=session_id,
                )
            )
        fault = FieldError("current_password", "password-wrong", "is not the current password")
        raise ValidationFailed("The current password is wrong", errors=(fault,))


@dataclass(frozen=True, slots=True)
class PasswordService:
    """The change of the caller's own password; it is hashed between transactions."""

    units: Units
    passwords: NewPasswords
    current: CurrentPassword

    async def change(
        self, user_id: UUID, session_id: UUID | None, current_password: str, new_password: str
    ) -> None:
        """Set the new password and end every other session.

        Raises ValidationFailed, Conflict, or RateLimited after consecutive failures.
        """
        action = Action.PASSWORD_CHANGE
        seen = await self.current.check(user_id, session_id, current_password, action)
        new_hash = await self.passwords.hash(new_password, email=seen.email, name=seen.name)
        async with self.units.begin() as unit:
            await _store(unit.get(PasswordWork), seen, session_id, new_hash)


async def _store(work: PasswordWork, seen: User, session_id: UUID | None, new_hash: str) -> None:
    user = await work.users.lock(seen.id)
    if user is None or session_id is None or not await work.sessions.live(user.id, session_id):
        raise Unauthenticated("This session has ended")
    if user.password_changed_at != seen.password_changed_at:
        raise Conflict("The password has just been changed elsewhere")
    work.users.set_password_hash(user, new_hash)
    await work.tokens.discard(user.id)
    await work.lockout.clear(email_hash(user.email), Lockout.change_counter(user.id))
    await work.sessions.end_all(user.id, EndReason.PASSWORD, keep=session_id)
    # An attacker who uses the session must not change the password unnoticed.
    await work.outbox.password_changed(user.id)
