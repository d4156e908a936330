"""The table of core's audit."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from core_service.tables import UTC_TIME, Table, text_enum


class AuditAction(StrEnum):
    """What was done to a row; `read` is noted of sealed cases only."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    READ = "read"


class AuditEvent(Table, table=True):
    """One row that was changed, or one sealed case that was read.

    The database refuses changes of it but for its place in the chain, which the sealer adds within
    seconds. There are no foreign keys: events outlive the rows that they are about.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_entity", "entity_id", "sequence"),
        Index("ix_audit_events_actor_id", "actor_id", "sequence"),
        Index("ix_audit_events_court_id", "court_id", "sequence"),
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
    action: AuditAction = Field(sa_type=text_enum(AuditAction))
    entity: str
    entity_id: UUID | None = None
    court_id: UUID | None = None
    operation: str
    actor_id: UUID | None = None
    client_id: str | None = None
    ip: str | None = None
    request_id: str | None = None
    version_before: int | None = None
    version_after: int | None = None
    # Column by column: what it was and what it became.
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    position: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    previous_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    hash: bytes | None = Field(default=None, sa_type=LargeBinary)
