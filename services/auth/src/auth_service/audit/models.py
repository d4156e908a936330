"""The table of security events."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from auth_service.audit.actions import Action, EventOutcome
from auth_service.tables import Table, text_enum
from common.audit.events import ChainedEvent, chain_indexes
from common.audit.tables import ChainTables

# For the last sign-in of a user, among all the refreshes.
SIGN_INS: Final = "ix_audit_events_sign_ins"


class AuditEvent(ChainedEvent, Table, table=True):
    """One security event."""

    __tablename__ = "audit_events"
    __table_args__ = (
        *chain_indexes("audit_events", "subject_id", "actor_id", "action", "ip"),
        Index(SIGN_INS, "subject_id", "sequence", postgresql_where=text("action = 'login'")),
    )

    action: Action = Field(sa_type=text_enum(Action))
    outcome: EventOutcome = Field(sa_type=text_enum(EventOutcome))
    reason: str | None = Field(default=None, max_length=64)
    subject_id: UUID | None = None
    session_id: UUID | None = None
    client_id: str | None = Field(default=None, max_length=128)
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str | None = Field(default=None, max_length=512)
    request_id: str | None = Field(default=None, max_length=128)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


AUDIT_CHAIN: Final = ChainTables.of(AuditEvent, "auth", lock=4_061_520_004)
