"""The table of core's audit."""

from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from common.audit.events import ChainedEvent, chain_indexes
from common.audit.tables import ChainTables
from core_service.tables import Table, text_enum


class AuditAction(StrEnum):
    """What was done to a row; `read` is noted of sealed cases only.

    `export` means that rows were downloaded: which ones, the filters in `changes` say.
    """

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    READ = "read"
    EXPORT = "export"


class AuditEvent(ChainedEvent, Table, table=True):
    """One row that was changed, one sealed case that was read, or one export."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_entity", "entity_id", "sequence"),
        *chain_indexes("audit_events", "actor_id", "court_id"),
    )

    action: AuditAction = Field(sa_type=text_enum(AuditAction))
    entity: str
    entity_id: UUID | None = None
    court_id: UUID | None = None
    operation: str
    version_before: int | None = None
    version_after: int | None = None
    # Column by column: what it was and what it became.
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


AUDIT_CHAIN: Final = ChainTables.of(AuditEvent, "core", lock=4_061_520_005)
