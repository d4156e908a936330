"""Changing one's own address: requested in a session, confirmed and undone by mailed links.

Nothing about the new address is looked up before its owner has confirmed it, so that no answer
reveals whether an account has it.
"""

import secrets
from dataclasses import dataclass
from typing import Final, NoReturn
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.emails.errors import EmailLinkInvalid
from auth_service.emails.service import EmailService
from auth_service.factors.service import FactorService
from auth_service.fields import EmailRules
from auth_service.limits.lockout import Lockout
from auth_service.limits.service import Limits
from auth_service.passwords.service import CurrentPassword
from auth_service.token_text import TokenText
from auth_service.users.models import EmailPurpose, User
from auth_service.users.service import EmailTaken
from common.composition import Container, Units
from common.errors import Conflict, FieldError, Unauthenticated, ValidationFailed
from common.identity import Principal

ACTIONS: Final = {
    EmailPurpose.CONFIRM: Action.EMAIL_CHANGE,
    EmailPurpose.UNDO: Action.EMAIL_CHANGE_UNDO,
}


@dataclass(frozen=True, slots=True)
class OwnEmail:
    units: Units
    current: CurrentPassword
    emails: EmailRules
    limits: Limits

    async def request(
        self, principal: Principal, new_email: str, current_password: str | None
    ) -> None:
        """Ask for the change. Raises ValidationFailed, RateLimited, Conflict; StepUpRequired of a
        user with a second factor, else without the password ReauthenticationRequired.
        """
        user_id, session_id = principal.require_user(), principal.session_id
        email = self.emails.checked(new_email)
        await self.limits.email_change(user_id)
        seen = None
        if current_password is not None:
            action = Action.EMAIL_CHANGE_REQUEST
            seen = await self.current.check(user_id, session_id, current_password, action)
        async with self.units.begin() as unit:
            user = await _require_present(unit, principal, seen)
            if email == user.email:
                fault = FieldError("email", "email-same", "is the address of your account")
                raise ValidationFailed(errors=(fault,))
            await unit.get(Lockout).clear(Lockout.change_counter(user.id))
            await unit.get(EmailService).request(user, email)

    async def confirm(self, token: str) -> None:
        """Give the account the address that the link was mailed to.

        Raises EmailLinkInvalid, or EmailTaken: the owner of an address may know that it is.
        """
        text, user_id = await self._attempt(token, EmailPurpose.CONFIRM)
        try:
            async with self.units.begin() as unit:
                user = await _lock_active(unit, user_id)
                changed = user and await unit.get(EmailService).confirm(user, text)
        except EmailTaken:
            await self._record(EmailPurpose.CONFIRM, "email-taken", user_id)
            raise
        if not changed:
            await self._refuse(EmailPurpose.CONFIRM)

    async def undo(self, token: str) -> None:
        """Give the account back the address that the link was mailed to.

        Raises EmailLinkInvalid, or EmailTaken when another account has the address by now.
        """
        text, user_id = await self._attempt(token, EmailPurpose.UNDO)
        unknown_hash = await self.current.hasher.hash(secrets.token_urlsafe())
        async with self.units.begin() as unit:
            user = await _lock_active(unit, user_id)
            undone = user and await unit.get(EmailService).undo(user, text, unknown_hash)
        if not undone:
            await self._refuse(EmailPurpose.UNDO)

    async def _attempt(self, token: str, purpose: EmailPurpose) -> tuple[TokenText, UUID]:
        """Whose change a link is about; a wrong one is counted. Raises EmailLinkInvalid."""
        text, user_id = TokenText.parse(token), None
        if text is not None:
            async with self.units.begin() as unit:
                user_id = await unit.get(EmailService).changes.attempt(text, purpose)
        if text is None or user_id is None:
            await self._refuse(purpose)
        return text, user_id

    async def _refuse(self, purpose: EmailPurpose) -> NoReturn:
        await self._record(purpose, "token-invalid")
        raise EmailLinkInvalid

    async def _record(
        self, purpose: EmailPurpose, reason: str, user_id: UUID | None = None
    ) -> None:
        outcome = EventOutcome.FAILURE
        async with self.units.begin() as unit:
            event = Event(ACTIONS[purpose], outcome, reason=reason, subject_id=user_id)
            unit.get(AuditLog).record(event)


async def _lock_active(unit: Container, user_id: UUID) -> User | None:
    user = await unit.get(EmailService).users.lock(user_id)
    return user if user is not None and user.is_active else None


async def _require_present(unit: Container, principal: Principal, seen: User | None) -> User:
    """The locked caller, who has just shown who they are; `seen` when the password was right."""
    sessions, session_id = unit.get(EmailService).sessions, principal.session_id
    user = await _lock_active(unit, principal.require_user())
    if user is None or session_id is None:
        raise Unauthenticated
    if seen is not None and seen.password_changed_at != user.password_changed_at:
        raise Conflict("The password has just been changed elsewhere")
    has_factor = bool(await unit.get(FactorService).of(user.id))
    if has_factor or seen is None:
        await sessions.require_recent(user.id, session_id, with_factor=has_factor)
    elif not await sessions.live(user.id, session_id):
        raise Unauthenticated("This session has ended")
    return user
