"""Writes and sends one letter. Runs as a job, so it may run again after a failure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.fields import deliverable_email
from auth_service.mail.letters import Cause, LetterKind, Order
from auth_service.mail.mailers import Mailer, MailRefused
from auth_service.mail.programs import program_name
from auth_service.mail.rendering import Renderer, lifetime_texts
from auth_service.units import RequestOrigin
from auth_service.users.email_changes import LIFETIMES, EmailChanges
from auth_service.users.models import EmailPurpose, MailState, TokenPurpose, User
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService, note_mail
from common import context
from common.clock import Clock
from common.composition import Units, Values

PURPOSES: Final = {
    LetterKind.INVITATION: TokenPurpose.INVITATION,
    LetterKind.RESET: TokenPurpose.RESET,
}
ACTIONS: Final = {
    LetterKind.INVITATION: Action.INVITATION,
    LetterKind.RESET: Action.PASSWORD_FORGOT,
    LetterKind.LOCKED: Action.ACCOUNT_LOCK,
}


@dataclass(frozen=True, slots=True)
class Links:
    """Links of letters, from the configuration alone: never from the Host of a request."""

    pattern: str
    public_url: str
    email_pattern: str = "{public_url}/{purpose}-email#token={token}"

    def to_set_password(self, token: str) -> str:
        return self._filled(self.pattern, token)

    def to_email(self, purpose: EmailPurpose, token: str) -> str:
        """To the page that confirms or undoes a change of an address."""
        return self._filled(self.email_pattern.replace("{purpose}", purpose.value), token)

    def _filled(self, pattern: str, token: str) -> str:
        base = self.public_url.rstrip("/")
        return pattern.replace("{public_url}", base).replace("{token}", token)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is written, and to whom; `confirms` is the change whose mail it is."""

    kind: LetterKind
    user_id: UUID
    message: EmailMessage
    confirms: UUID | None = None


@dataclass(slots=True)
class Draft:
    """What a letter says, and to which address it goes."""

    kind: LetterKind
    to: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeliveryWork:
    """What the transaction of a delivery needs."""

    users: UserService
    tokens: PasswordTokens
    changes: EmailChanges
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class Delivery:
    """Writes letters. The token of a link is made here, and only the mail has it."""

    units: Units
    renderer: Renderer
    mailer: Mailer
    links: Links
    clock: Clock

    async def deliver(self, order: Order, *, is_last: bool = False) -> None:
        """Send the letter, or nothing when the user is unknown or inactive.

        Raises when a later attempt may succeed, and after the last attempt too.
        """
        marker = context.request_id.set(order.cause.request_id)  # for the audit log
        origin = {RequestOrigin: _origin(order.cause)}
        try:
            async with self.units.begin(origin) as unit:
                letter = await self._compose(unit.get(DeliveryWork), order)
            if letter is not None:
                await self._send(letter, origin, is_last=is_last)
        finally:
            context.request_id.reset(marker)

    async def _send(self, letter: Letter, origin: Values, *, is_last: bool) -> None:
        """Send, and note on the user and in the audit log what has become of the letter."""
        try:
            await self.mailer.send(letter.message)
        except MailRefused as refused:
            await self._note(letter, origin, MailState.REFUSED, str(refused))
        except Exception as error:
            reason, state = _plain_reason(error), MailState.QUEUED
            if is_last:
                reason, state = f"given up: {reason}", MailState.REFUSED
            await self._note(letter, origin, state, reason)
            raise
        else:
            await self._note(letter, origin, MailState.SENT)

    async def _note(
        self, letter: Letter, origin: Values, state: MailState, reason: str | None = None
    ) -> None:
        async with self.units.begin(origin) as unit:
            work = unit.get(DeliveryWork)
            user = await work.users.lock(letter.user_id)
            if user is None:
                return
            change = await work.changes.find(letter.confirms) if letter.confirms else None
            note_mail(user if letter.confirms is None else change, state, self.clock.now(), reason)
            if state is not MailState.QUEUED:
                sent = state is MailState.SENT
                details = {"letter": letter.kind.value} | ({} if sent else {"reason": reason})
                outcome = EventOutcome.SUCCESS if sent else EventOutcome.FAILURE
                work.audit.record(
                    Event(
                        Action.MAIL,
                        outcome,
                        reason=None if sent else "refused",
                        subject_id=user.id,
                        details=details,
                    )
                )

    async def _compose(self, work: DeliveryWork, order: Order) -> Letter | None:
        user = await _addressee(work, order)
        if user is None or not user.is_active:
            if action := ACTIONS.get(order.kind):
                reason = "unknown-account" if user is None else "inactive"
                subject = user.id if user is not None else None
                work.audit.record(
                    Event(action, EventOutcome.FAILURE, reason=reason, subject_id=subject)
                )
            return None
        draft = Draft(_kind_for(user, order), user.email, _facts(user, order))
        if order.change_id is not None:
            if not await self._about_change(work, draft, order.change_id):
                return None
        elif purpose := PURPOSES.get(draft.kind):
            await self._with_password_link(work, draft, user, purpose)
        if action := ACTIONS.get(draft.kind):
            work.audit.record(Event(action, subject_id=user.id))
        confirms = order.change_id if draft.kind is LetterKind.EMAIL_CONFIRM else None
        if confirms is None:
            note_mail(user, MailState.QUEUED, self.clock.now())
        to = deliverable_email(draft.to)
        message = self.renderer.message(draft.kind, to, self.clock.now(), draft.values)
        return Letter(draft.kind, user.id, message, confirms)

    async def _with_password_link(
        self, work: DeliveryWork, draft: Draft, user: User, purpose: TokenPurpose
    ) -> None:
        token = await work.tokens.issue(user, purpose)
        lifetime = work.tokens.lifetimes.of(purpose)
        draft.values |= lifetime_texts(int(lifetime.total_seconds()))
        draft.values["link"] = self.links.to_set_password(token.text)

    async def _about_change(self, work: DeliveryWork, draft: Draft, change_id: UUID) -> bool:
        """Address the letter, with a link; False when the change was undone or replaced."""
        change = await work.changes.find(change_id)
        if change is None:
            return False
        confirms = draft.kind is LetterKind.EMAIL_CONFIRM
        if confirms and not await work.changes.is_waiting(change):
            return False
        purpose = EmailPurpose.CONFIRM if confirms else EmailPurpose.UNDO
        token = await work.changes.issue(change, purpose)
        draft.to = change.new_email if confirms else change.old_email
        draft.values |= {
            "old_email": change.old_email,
            "new_email": change.new_email,
            "link": self.links.to_email(purpose, token.text),
            "hours": LIFETIMES[purpose] // timedelta(hours=1),
        }
        return True


async def _addressee(work: DeliveryWork, order: Order) -> User | None:
    if order.user_id is not None:
        return await work.users.lock(order.user_id)
    seen = await work.users.by_email(order.email or "")
    return await work.users.lock(seen.id) if seen is not None else None


def _kind_for(user: User, order: Order) -> LetterKind:
    """An invited user who forgot the password has none yet: the invitation is sent again."""
    invited = order.kind is LetterKind.RESET and user.password_hash is None
    return LetterKind.INVITATION if invited else order.kind


def _plain_reason(error: Exception) -> str:
    """Why the mail server did not take a letter, as an administrator reads it."""
    name = type(error).__name__
    if isinstance(error, TimeoutError):  # before the next: it is also an OSError
        return f"the mail server is too slow ({name})"
    if isinstance(error, OSError):
        return f"the mail server cannot be reached ({name})"
    return name


def _facts(user: User, order: Order) -> dict[str, Any]:
    cause = order.cause
    return {
        "name": user.name,
        "email": user.email,
        "at": cause.moment.strftime("%d %B %Y, %H:%M UTC"),
        "ip": cause.ip,
        "program": program_name(cause.user_agent),
        "directory": order.directory,
        "due": _due(order.due_at),
    }


def _due(moment: str | None) -> str | None:
    """A time as both languages write it; a day alone would end earlier in some time zones."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%d/%m/%Y, %H:%M UTC")


def _origin(cause: Cause) -> RequestOrigin:
    actor_id = UUID(cause.actor_id) if cause.actor_id is not None else None
    return RequestOrigin(cause.ip, cause.user_agent, actor_id)
