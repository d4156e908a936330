"""Writes and sends one letter. Runs as a job, so it may run again after a failure."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.mail.letters import Cause, LetterKind, Order
from auth_service.mail.mailers import Mailer
from auth_service.mail.rendering import Renderer, lifetime_text
from auth_service.units import RequestOrigin
from auth_service.users.models import TokenPurpose, User
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService
from common import context
from common.clock import Clock
from common.composition import Units

PURPOSES = {
    LetterKind.INVITATION: (TokenPurpose.INVITATION, Action.INVITATION),
    LetterKind.RESET: (TokenPurpose.RESET, Action.PASSWORD_FORGOT),
}


@dataclass(frozen=True, slots=True)
class Links:
    """Set-password links, from the configuration alone: never from the Host of a request."""

    pattern: str
    public_url: str

    def to_set_password(self, token: str) -> str:
        base = self.public_url.rstrip("/")
        return self.pattern.replace("{public_url}", base).replace("{token}", token)


@dataclass(frozen=True, slots=True)
class DeliveryWork:
    """What the transaction of a delivery needs."""

    users: UserService
    tokens: PasswordTokens
    audit: AuditLog


@dataclass(frozen=True, slots=True)
class Delivery:
    """Writes letters. The token of a link is made here, and only the mail has it."""

    units: Units
    renderer: Renderer
    mailer: Mailer
    links: Links
    clock: Clock

    async def deliver(self, order: Order) -> None:
        """Send the letter, or nothing when the user is unknown or inactive."""
        marker = context.request_id.set(order.cause.request_id)  # for the audit log
        try:
            origin = {RequestOrigin: _origin(order.cause)}
            async with self.units.begin(origin) as unit:
                message = await self._compose(unit.get(DeliveryWork), order)
        finally:
            context.request_id.reset(marker)
        if message is not None:
            await self.mailer.send(message)

    async def _compose(self, work: DeliveryWork, order: Order) -> EmailMessage | None:
        user = await _addressee(work, order)
        purpose = PURPOSES.get(order.kind)
        if user is None or not user.is_active:
            if purpose is not None:
                reason = "unknown-account" if user is None else "inactive"
                subject = user.id if user is not None else None
                work.audit.record(
                    Event(purpose[1], EventOutcome.FAILURE, reason=reason, subject_id=subject)
                )
            return None
        values = _facts(user, order)
        if purpose is not None:
            token = await work.tokens.issue(user, purpose[0])
            lifetime = work.tokens.lifetimes.of(purpose[0])
            values |= {
                "link": self.links.to_set_password(token.text),
                "lifetime": lifetime_text(int(lifetime.total_seconds())),
            }
            work.audit.record(Event(purpose[1], subject_id=user.id))
        return self.renderer.message(order.kind, user.email, self.clock.now(), values)


async def _addressee(work: DeliveryWork, order: Order) -> User | None:
    if order.user_id is not None:
        return await work.users.lock(order.user_id)
    seen = await work.users.by_email(order.email or "")
    return await work.users.lock(seen.id) if seen is not None else None


def _facts(user: User, order: Order) -> dict[str, Any]:
    cause = order.cause
    return {
        "name": user.name,
        "email": user.email,
        "at": cause.moment.strftime("%d %B %Y, %H:%M UTC"),
        "ip": cause.ip,
        "user_agent": cause.user_agent,
        "device": order.device_name,
    }


def _origin(cause: Cause) -> RequestOrigin:
    actor_id = UUID(cause.actor_id) if cause.actor_id is not None else None
    return RequestOrigin(cause.ip, cause.user_agent, actor_id)
