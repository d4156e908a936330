"""Writes security events into the transaction that it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from prometheus_client import Counter
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.units import AfterCommit, RequestOrigin
from common import context
from common.clock import Clock

EVENTS: Final = Counter(
    "auth_events_total", "Committed events of the audit log", ["action", "outcome", "reason"]
)
# What alerts read is there from the start: of a new series' first increase a rate sees nothing.
EVENTS.labels(Action.REFRESH_REUSE, EventOutcome.DENIED, "reuse")
EVENTS.labels(Action.MAIL, EventOutcome.FAILURE, "refused")


@dataclass(frozen=True, slots=True)
class Event:
    """A security event; `details` never hold a secret.

    The actor is the caller unless given: a user who signs in is anonymous until then.
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
    """Appends events to the log in one unit of work."""

    session: AsyncSession
    clock: Clock
    origin: RequestOrigin
    after_commit: AfterCommit

    def record(self, event: Event) -> AuditEvent:
        row = self.row(event)
        self.session.add(row)
        return row

    def row(self, event: Event) -> AuditEvent:
        """The event as a row, for a statement that inserts it together with other rows."""
        counter = EVENTS.labels(event.action, event.outcome, event.reason or "")
        self.after_commit.calls.append(counter.inc)
        return AuditEvent(
            occurred_at=self.clock.now(),
            action=event.action,
            outcome=event.outcome,
            reason=event.reason,
            actor_id=event.actor_id or self.origin.actor_id,
            subject_id=event.subject_id,
            session_id=event.session_id,
            client_id=event.client_id or self.origin.client_id,
            ip=self.origin.ip,
            user_agent=self.origin.user_agent,
            request_id=context.request_id.get(),
            details=dict(event.details),
        )
