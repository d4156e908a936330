"""Bodies of the audit log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.audit.repository import EventFilter
from common.dates import Moment
from common.schemas import ResponseModel


class EventQuery(BaseModel):
    """The filter in the query."""

    actor: UUID | None = Field(default=None, description="who did it")
    subject: UUID | None = Field(default=None, description="whose account it is about")
    action: Action | None = None
    outcome: EventOutcome | None = None
    ip: str | None = Field(default=None, max_length=64)
    request_id: str | None = Field(default=None, max_length=128)
    since: Moment | None = Field(default=None, description="this moment or later")
    until: Moment | None = Field(default=None, description="before this moment")

    def to_filter(self) -> EventFilter:
        return EventFilter(
            actor_id=self.actor,
            subject_id=self.subject,
            action=self.action,
            outcome=self.outcome,
            ip=self.ip,
            request_id=self.request_id,
            since=self.since,
            until=self.until,
        )


class MyActivityRead(ResponseModel):
    """A security event of the caller's account."""

    occurred_at: datetime
    action: Action
    outcome: EventOutcome
    reason: str | None
    session_id: UUID | None
    ip: str | None = Field(description="null when another user acted, such as an administrator")
    user_agent: str | None
    by_me: bool = Field(description="false: an administrator, the system, or an unknown caller")

    @classmethod
    def of(cls, event: AuditEvent, user_id: UUID) -> "MyActivityRead":
        """The body for an event, as the user sees it."""
        values = event.model_dump() | {"by_me": event.actor_id == user_id}
        if event.actor_id not in (None, user_id):
            # Users must not learn the addresses of administrators.
            values |= {"ip": None, "user_agent": None}
        return cls.model_validate(values)


class AuditEventRead(ResponseModel):
    """A security event with all fields."""

    sequence: int
    occurred_at: datetime
    action: Action
    outcome: EventOutcome
    reason: str | None
    actor_id: UUID | None = Field(description="who did it; null: unknown, or the system")
    subject_id: UUID | None = Field(description="whose account it is about")
    session_id: UUID | None
    client_id: str | None
    ip: str | None
    user_agent: str | None
    request_id: str | None
    details: dict[str, Any]
    position: int | None = Field(description="position in the sealed chain; null for some seconds")
    hash: str | None = Field(description="SHA-256 of the chain up to this event, in hex")

    @classmethod
    def of(cls, event: AuditEvent) -> "AuditEventRead":
        """The body for an event."""
        sealed = event.hash.hex() if event.hash is not None else None
        return cls.model_validate(event.model_dump() | {"hash": sealed})
