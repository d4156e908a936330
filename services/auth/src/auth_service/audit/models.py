"""The table of security events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from auth_service.audit.actions import Action, EventOutcome
from auth_service.tables import UTC_TIME, Table, text_enum


class AuditEvent(Table, table=True):
    """One event. The database refuses to change a row, except to set its position in the chain.

    The sealer does that within seconds: position, previous hash and hash are null until then.
    There are no foreign keys: the log outlives the rows that it refers to.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject_id", "subject_id", "sequence"),
        Index("ix_audit_events_actor_id", "actor_id", "sequence"),
        Index("ix_audit_events_action", "action", "sequence"),
        Index("ix_audit_events_ip", "ip", "sequence"),
        Index("ix_audit_events_request_id", "request_id"),
        Index("ix_audit_events_unsealed", "sequence", postgresql_where=text("position IS NULL")),
    )

    sequence: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[Identity(always=True)],
    )
    occurred_at: datetime = Field(sa_type=UTC_TIME, index=True)
    action: Action = Field(sa_type=text_enum(Action))
    outcome: EventOutcome = Field(sa_type=text_enum(EventOutcome))
    reason: str | None = Field(default=None, max_length=64)
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    session_id: UUID | None = None
    client_id: str | None = Field(default=None, max_length=128)
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=512)
    request_id: str | None = Field(default=None, max_length=128)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    position: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    previous_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    hash: bytes | None = Field(default=None, sa_type=LargeBinary)
