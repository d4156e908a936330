"""Forgetting a password, and setting one by the link of a mail."""

from dataclasses import dataclass
from typing import NoReturn

from auth_service.audit.models import Action, EventOutcome
from auth_service.audit.service import Event
from auth_service.limits.errors import RateLimited
from auth_service.limits.service import Limits
from auth_service.passwords.hashing import HashingBusy
from auth_service.passwords.service import PasswordService
from auth_service.recovery.errors import ResetTokenInvalid
from auth_service.recovery.tokens import PasswordTokenText
from auth_service.sessions.models import EndReason
from auth_service.source import Source
from auth_service.units import Units
from auth_service.users.models import User


@dataclass(frozen=True, slots=True)
class Recovery:
    """Neither answer tells whether an account exists."""

    units: Units
    passwords: PasswordService
    limits: Limits

    async def forgot(self, email: str, source: Source) -> None:
        """Ask for a mail. Nothing is looked up here: the job does it. Raises RateLimited."""
        try:
            await self.limits.forgot(email, source.ip)
        except RateLimited:
            await self._record(Action.PASSWORD_FORGOT, EventOutcome.DENIED, "rate-limited", source)
            raise
        async with self.units.begin(source) as work:
            await work.outbox.forgot(email)

    async def reset(self, token: str, new_password: str, source: Source) -> None:
        """Set the password, end all sessions. Raises ResetTokenInvalid or ValidationFailed."""
        text = PasswordTokenText.parse(token)
        user = await self._attempt(text, source) if text is not None else None
        if text is None or user is None:
            # As much work as a good token causes: the time tells nothing either.
            await self.passwords.hasher.verify(new_password, None)
            await self._refuse(source)
        try:
            new_hash = await self.passwords.acceptable_hash(
                new_password, email=user.email, name=user.name
            )
        except HashingBusy:
            async with self.units.begin(source) as work:
                await work.password_tokens.give_back(text)
            raise
        if not await self._set(text, user, new_hash, source):
            await self._refuse(source)

    async def _attempt(self, text: PasswordTokenText, source: Source) -> User | None:
        async with self.units.begin(source) as work:
            user_id = await work.password_tokens.attempt(text)
            user = await work.users.get(user_id) if user_id is not None else None
        return user if user is not None and user.is_active else None

    async def _set(
        self, text: PasswordTokenText, seen: User, new_hash: str, source: Source
    ) -> bool:
        async with self.units.begin(source) as work:
            user = await work.users.lock(seen.id)
            if user is None or not user.is_active:
                return False
            purpose = await work.password_tokens.consume(text)
            if purpose is None:
                return False
            event = Event(
                Action.PASSWORD_RESET,
                actor_id=user.id,
                subject_id=user.id,
                details={"purpose": purpose.value},
            )
            work.users.set_password_hash(user, new_hash, event)
            await work.sessions.end_all(user.id, EndReason.PASSWORD)
            await work.lockout.clear(user.email)
            await work.outbox.password_changed(user.id)
            return True

    async def _refuse(self, source: Source) -> NoReturn:
        await self._record(Action.PASSWORD_RESET, EventOutcome.FAILURE, "token-invalid", source)
        raise ResetTokenInvalid

    async def _record(
        self, action: Action, outcome: EventOutcome, reason: str, source: Source
    ) -> None:
        async with self.units.begin(source) as work:
            work.audit.record(Event(action, outcome, reason=reason))
