"""Bodies of the audit log."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.audit.repository import EventFilter
from common.dates import Moment
from common.schemas import ResponseModel

_SHARED: Final[dict[str, Any]] = {
    "occurred_at": "2026-01-05T08:00:00Z",
    "action": "login",
    "outcome": "failure",
    "reason": "wrong-password",
    "session_id": None,
    "ip": "203.0.113.7",
    "user_agent": "Mozilla/5.0",
}


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
        """The filter as the repository takes it."""
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
    """A security event of one's own account."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHARED | {"by_me": False}]})

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

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_SHARED,
                    "sequence": 4711,
                    "actor_id": None,
                    "subject_id": "0199f3a3-3333-7d2a-9d5b-3f6a1c2b4d5e",
                    "client_id": None,
                    "request_id": "0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e",
                    "details": {},
                    "position": 4711,
                    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                }
            ]
        }
    )

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
