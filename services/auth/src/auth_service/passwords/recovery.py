"""Setting a forgotten or first password by the link of a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NoReturn

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.fields import email_hash
from auth_service.limits.counting import RateLimited
from auth_service.limits.devices import Devices
from auth_service.limits.even_refusals import refusing_evenly
from auth_service.limits.lockout import Lockout
from auth_service.limits.service import Limits
from auth_service.mail.outbox import Outbox
from auth_service.passwords.service import NewPasswords, PasswordWork
from auth_service.sessions.models import EndReason
from auth_service.token_text import TokenText
from auth_service.units import RequestOrigin
from auth_service.users.models import User
from common.composition import Units
from common.errors import DomainError, FieldError


class ResetTokenInvalid(DomainError):
    """Used, expired, replaced by a newer one, tried too often or unknown: the same answer."""

    code: ClassVar[str] = "reset-token-invalid"
    title: ClassVar[str] = "This link is no longer valid; request a new one"


@dataclass(frozen=True, slots=True)
class Recovery:
    """No answer reveals whether an account exists."""

    units: Units
    passwords: NewPasswords
    limits: Limits
    devices: Devices
    origin: RequestOrigin

    async def forgot(self, email: str, devices: Sequence[str] = ()) -> None:
        """Request a mail. Nothing is looked up here: the job does it. Raises RateLimited."""
        try:
            known = self.devices.find(devices, email)
            await self.limits.forgot(email, self.origin.ip, known)
        except RateLimited:
            await self._record(Action.PASSWORD_FORGOT, EventOutcome.DENIED, "rate-limited")
            raise
        async with self.units.begin() as unit:
            await unit.get(Outbox).forgot(email)

    async def check(self, password: str, *, email: str, name: str) -> FieldError | None:
        """Why the policy refuses a password. Raises RateLimited or HashingBusy."""
        await self.limits.password_check(self.origin.ip)
        return await self.passwords.fault(password, email=email, name=name)

    async def reset(self, token: str, new_password: str) -> None:
        """Set the password, end all sessions. Raises ResetTokenInvalid or ValidationFailed."""
        async with refusing_evenly(ResetTokenInvalid):
            await self._reset(token, new_password)

    async def _reset(self, token: str, new_password: str) -> None:
        text = TokenText.parse(token)
        user = await self._attempt(text) if text is not None else None
        if text is None or user is None:
            # As much work as a valid token causes, so that the time reveals nothing.
            await self.passwords.hasher.hash(new_password)
            await self._refuse(text)
        new_hash = await self.passwords.hash(new_password, email=user.email, name=user.name)
        async with self.units.begin() as unit:
            is_set = await _set(unit.get(PasswordWork), text, user, new_hash)
        if not is_set:
            await self._refuse(text)

    async def _attempt(self, text: TokenText) -> User | None:
        async with self.units.begin() as unit:
            work = unit.get(PasswordWork)
            user_id = await work.tokens.holder(text)
            user = await work.users.get(user_id) if user_id is not None else None
        return user if user is not None and user.is_active else None

    async def _refuse(self, text: TokenText | None) -> NoReturn:
        """Refuse, and count it for the token in one transaction with the event: as many commits
        whether or not there is such a token.
        """
        event = Event(Action.PASSWORD_RESET, EventOutcome.FAILURE, reason="token-invalid")
        async with self.units.begin() as unit:
            work = unit.get(PasswordWork)
            if text is not None:
                await work.tokens.count_refusal(text)
            work.audit.record(event)
        raise ResetTokenInvalid

    async def _record(self, action: Action, outcome: EventOutcome, reason: str) -> None:
        async with self.units.begin() as unit:
            unit.get(AuditLog).record(Event(action, outcome, reason=reason))


async def _set(work: PasswordWork, text: TokenText, seen: User, new_hash: str) -> bool:
    user = await work.users.lock(seen.id)
    if user is None or not user.is_active:
        return False
    purpose = await work.tokens.consume(text)
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
    await work.lockout.clear(email_hash(user.email), Lockout.change_counter(user.id))
    await work.outbox.password_changed(user.id)
    return True
