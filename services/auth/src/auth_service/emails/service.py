"""Changes of one account's address within one unit of work; the caller has locked the user."""

from dataclasses import dataclass
from typing import Any

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.factors.service import FactorService
from auth_service.fields import email_hash
from auth_service.limits.lockout import Lockout
from auth_service.mail.letters import LetterKind
from auth_service.mail.outbox import Outbox
from auth_service.sessions.models import EndReason
from auth_service.sessions.service import SessionService
from auth_service.token_text import TokenText
from auth_service.users.email_changes import EmailChanges
from auth_service.users.identities import Identities
from auth_service.users.models import EmailChange, User
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService


@dataclass(frozen=True, slots=True)
class EmailService:
    users: UserService
    changes: EmailChanges
    tokens: PasswordTokens
    sessions: SessionService
    factors: FactorService
    identities: Identities
    lockout: Lockout
    outbox: Outbox
    audit: AuditLog

    async def request(self, user: User, email: str) -> None:
        """Mail a link that confirms to the new address, and one that undoes to the present one."""
        change = await self.changes.request(user, email)
        self.audit.record(_event(Action.EMAIL_CHANGE_REQUEST, change))
        for kind in (LetterKind.EMAIL_REQUESTED, LetterKind.EMAIL_CONFIRM):
            await self.outbox.about_email(kind, user.id, change.id)

    async def confirm(self, user: User, text: TokenText) -> bool:
        """Make the change of a link; False when the link is no longer valid. Raises EmailTaken."""
        change = await self.changes.confirm(text)
        if change is None:
            return False
        event = _event(Action.EMAIL_CHANGE, change, actor_id=user.id)
        await self._move(user, change.new_email, event)
        await self.outbox.about_email(LetterKind.EMAIL_CHANGED, user.id, change.id)
        return True

    async def undo(self, user: User, text: TokenText, unknown_hash: str) -> bool:
        """Undo the change of a link and what followed it; False when the link is no longer valid.

        The user who asked for it knew the password or had a session: neither works any more. The
        new password is unknown to all, and ways in that were set up since the request are closed.
        Raises EmailTaken.
        """
        change = await self.changes.undo(text)
        if change is None:
            return False
        event = _event(Action.EMAIL_CHANGE_UNDO, change, actor_id=user.id)
        await self._move(user, change.old_email, event)
        if user.password_hash is not None:
            cause = {"cause": Action.EMAIL_CHANGE_UNDO.value}
            replaced = Event(Action.PASSWORD_CHANGE, subject_id=user.id, details=cause)
            self.users.set_password_hash(user, unknown_hash, replaced)
        await self.factors.remove_since(user, change.created_at)
        await self.identities.unlink_since(user, change.created_at)
        await self.sessions.end_all(user.id, EndReason.PASSWORD)
        await self.outbox.reset(user.id)
        return True

    async def assign(self, user: User, email: str) -> None:
        """Change the address at once, as an administrator does, and write to both addresses.

        Raises EmailTaken.
        """
        change = await self.changes.record(user, email)
        await self._move(user, email, _event(Action.EMAIL_CHANGE, change))
        await self.outbox.about_email(LetterKind.EMAIL_CHANGED, user.id, change.id)
        if user.password_hash is None:
            await self.outbox.invite(user.id)
        else:
            await self.outbox.email_adopted(user.id)

    async def _move(self, user: User, email: str, event: Event) -> None:
        """What was mailed to the present address ends; failed sign-ins with both are forgotten."""
        counters = (email_hash(user.email), email_hash(email))
        await self.users.set_email(user, email, event)
        await self.tokens.discard(user.id)
        await self.lockout.clear(*counters)


def _event(action: Action, change: EmailChange, **options: Any) -> Event:
    # No address: events outlive accounts that are anonymised.
    details = {"change_id": str(change.id)}
    return Event(action, subject_id=change.user_id, details=details, **options)
