"""Writes security events into the transaction that it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.models import Action, AuditEvent, EventOutcome
from auth_service.source import Source
from common import context
from common.clock import Clock


@dataclass(frozen=True, slots=True)
class Event:
    """What is worth remembering; `details` never hold a secret.

    The actor is the caller unless said otherwise: someone who signs in is nobody until then.
    """

    action: Action
    outcome: EventOutcome = EventOutcome.SUCCESS
    reason: str | None = None
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    session_id: UUID | None = None
    client_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The log as one unit of work sees it: `source` is the same for all its events."""

    session: AsyncSession
    clock: Clock
    source: Source

    def record(self, event: Event) -> AuditEvent:
        """Append an event; it becomes lasting with the transaction."""
        row = self.row(event)
        self.session.add(row)
        return row

    def row(self, event: Event) -> AuditEvent:
        """The event as a row, for a statement that appends it by itself."""
        return AuditEvent(
            occurred_at=self.clock.now(),
            action=event.action,
            outcome=event.outcome,
            reason=event.reason,
            actor_id=event.actor_id or self.source.actor_id,
            subject_id=event.subject_id,
            session_id=event.session_id,
            client_id=event.client_id or self.source.client_id,
            ip=self.source.ip,
            user_agent=self.source.user_agent,
            request_id=context.request_id.get(),
            details=dict(event.details),
        )
