"""Writes and sends one ordered letter. Runs as a job, so it may run again after a failure."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from auth_service.audit.models import Action, EventOutcome
from auth_service.audit.service import Event
from auth_service.mail.letters import Cause, LetterKind, Order
from auth_service.mail.mailers import Mailer
from auth_service.mail.rendering import Renderer, lifetime_text
from auth_service.recovery.models import TokenPurpose
from auth_service.source import Source
from auth_service.units import Units, Work
from auth_service.users.models import User
from common import context
from common.clock import Clock

PURPOSES = {
    LetterKind.INVITATION: (TokenPurpose.INVITATION, Action.INVITATION),
    LetterKind.RESET: (TokenPurpose.RESET, Action.PASSWORD_FORGOT),
}


@dataclass(frozen=True, slots=True)
class Links:
    """Set-password links: from the configuration alone, whatever Host a request named."""

    pattern: str
    public_url: str

    def to_set_password(self, token: str) -> str:
        """The link that a token goes out in."""
        base = self.public_url.rstrip("/")
        return self.pattern.replace("{public_url}", base).replace("{token}", token)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Writes letters; the token of a link is made here and leaves in the mail alone."""

    units: Units
    renderer: Renderer
    mailer: Mailer
    links: Links
    clock: Clock

    async def deliver(self, order: Order) -> None:
        """Send the letter, or nothing when there is nobody to get it."""
        marker = context.request_id.set(order.cause.request_id)  # for what the audit log notes
        try:
            async with self.units.begin(_source(order.cause)) as work:
                message = await self._compose(work, order)
        finally:
            context.request_id.reset(marker)
        if message is not None:
            await self.mailer.send(message)

    async def _compose(self, work: Work, order: Order) -> EmailMessage | None:
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
            token = await work.password_tokens.issue(user, purpose[0])
            lifetime = work.password_tokens.lifetimes.of(purpose[0])
            values |= {
                "link": self.links.to_set_password(token.text),
                "lifetime": lifetime_text(int(lifetime.total_seconds())),
            }
            work.audit.record(Event(purpose[1], subject_id=user.id))
        return self.renderer.message(order.kind, user.email, self.clock.now(), values)


async def _addressee(work: Work, order: Order) -> User | None:
    """The user, whose row is held."""
    if order.user_id is not None:
        return await work.users.lock(order.user_id)
    seen = await work.users.by_email(order.email or "")
    return await work.users.lock(seen.id) if seen is not None else None


def _facts(user: User, order: Order) -> dict[str, Any]:
    cause = order.cause
    return {
        "name": user.name,
        "email": user.email,
        "at": _readable(cause.moment),
        "ip": cause.ip,
        "user_agent": cause.user_agent,
        "device": order.device_name,
    }


def _readable(moment: datetime) -> str:
    return moment.strftime("%d %B %Y, %H:%M UTC")


def _source(cause: Cause) -> Source:
    actor_id = UUID(cause.actor_id) if cause.actor_id is not None else None
    return Source(cause.ip, cause.user_agent, actor_id)
