"""The table of requests."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from core_service.tables import UTC_TIME, Record, text_enum


class RequestKind(StrEnum):
    """What is asked for."""

    VOID = "void"
    RESTORE = "restore"
    TRANSFER = "transfer"
    STATUS = "status"


class RequestState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ChangeRequest(Record, table=True):
    """One request; `terms` are what the change is told, as it came.

    A transfer is decided at the receiving court, everything else where the case is.
    """

    __tablename__ = "change_requests"
    __table_args__ = (
        Index(
            "uq_change_requests_pending",
            "case_id",
            "kind",
            text("coalesce(activity_id, case_id)"),
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_change_requests_state", "state", "id"),
    )

    kind: RequestKind = Field(sa_type=text_enum(RequestKind))
    state: RequestState = Field(default=RequestState.PENDING, sa_type=text_enum(RequestState))
    case_id: UUID = Field(foreign_key="cases.id")
    activity_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
    court_id: UUID = Field(foreign_key="courts.id")
    deciding_court_id: UUID = Field(foreign_key="courts.id")
    reason: str
    terms: dict[str, Any] = Field(sa_type=JSONB)
    decided_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    decided_by: UUID | None = None
    decision_note: str | None = None
