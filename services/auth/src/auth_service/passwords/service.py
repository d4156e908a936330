"""Changing one's own password."""

from dataclasses import dataclass
from uuid import UUID

from auth_service.audit.models import Action, EventOutcome
from auth_service.audit.service import Event
from auth_service.limits.errors import RateLimited
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.policy import PasswordPolicy
from auth_service.sessions.models import EndReason
from auth_service.source import Source
from auth_service.units import Units
from auth_service.users.models import User
from common.errors import Conflict, FieldError, Unauthenticated, ValidationFailed


@dataclass(frozen=True, slots=True)
class Change:
    """The password as it is and as it shall be."""

    current_password: str
    new_password: str


@dataclass(frozen=True, slots=True)
class PasswordService:
    """Checks and hashes outside any transaction."""

    units: Units
    hasher: PasswordHasher
    policy: PasswordPolicy

    async def acceptable_hash(self, password: str, *, email: str, name: str) -> str:
        """The hash of a new password. Raises ValidationFailed with the reason against it."""
        fault = await self.hasher.run(lambda: self.policy.fault(password, email=email, name=name))
        if fault is not None:
            raise ValidationFailed("The new password is not acceptable", errors=(fault,))
        return await self.hasher.hash(password)

    async def change(
        self, user_id: UUID, session_id: UUID | None, change: Change, source: Source
    ) -> None:
        """Set the new password and end every other session.

        Raises ValidationFailed, Conflict, or RateLimited after failures in a row.
        """
        async with self.units.begin(source) as work:
            seen = await work.users.get(user_id)
            standing = await work.lockout.standing(seen.email if seen is not None else "")
        if seen is None or not seen.is_active:
            raise Unauthenticated
        if standing.wait_seconds:
            raise RateLimited.backing_off(standing.wait_seconds)
        await self._check_current(seen, session_id, change.current_password, source)
        new_hash = await self.acceptable_hash(change.new_password, email=seen.email, name=seen.name)
        async with self.units.begin(source) as work:
            user = await work.users.lock(user_id)
            if (
                user is None
                or session_id is None
                or not await work.sessions.live(user_id, session_id)
            ):
                raise Unauthenticated("This session is over")
            if user.password_hash != seen.password_hash:
                raise Conflict("The password has just been changed elsewhere")
            work.users.set_password_hash(user, new_hash)
            await work.password_tokens.discard(user_id)
            await work.lockout.clear(user.email)
            await work.sessions.end_all(user_id, EndReason.PASSWORD, keep=session_id)
            # Whoever takes the session over must not change it unseen.
            await work.outbox.password_changed(user_id)

    async def _check_current(
        self, user: User, session_id: UUID | None, password: str, source: Source
    ) -> None:
        verified = await self.hasher.verify(password, user.password_hash)
        if verified.matches:
            return
        async with self.units.begin(source) as work:
            await work.lockout.failed(user.email)
            work.audit.record(
                Event(
                    Action.PASSWORD_CHANGE,
                    EventOutcome.FAILURE,
                    reason="wrong-password",
                    subject_id=user.id,
                    session_id=session_id,
                )
            )
        fault = FieldError("current_password", "password-wrong", "is not the current password")
        raise ValidationFailed("The current password is wrong", errors=(fault,))
