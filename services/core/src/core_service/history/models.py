"""The table of changes to cases that are no activities."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from common.ids import uuid7
from core_service.sources import SourceKind
from core_service.tables import UTC_TIME, Table, text_enum


class ChangeKind(StrEnum):
    """What was done to a case."""

    REGISTERED = "registered"
    RECORDED = "recorded"
    CORRECTED = "corrected"
    VOIDED = "voided"
    CHANGED = "changed"
    SEALED = "sealed"
    UNSEALED = "unsealed"
    DELETED = "deleted"
    RESTORED = "restored"
    TRANSFERRED = "transferred"
    RECEIVED = "received"
    STATUS_SET = "status_set"
    LINKED = "linked"
    UNLINKED = "unlinked"
    ASSIGNED = "assigned"
    ASSIGNMENT_ENDED = "assignment_ended"
    REBUILT = "rebuilt"


class CaseChange(Table, table=True):
    """One change; `changes` holds `{"field": {"from": …, "to": …}}`. Never changed or deleted.

    Activities tell of themselves, so they need no row here: that keeps returns fast.
    """

    __tablename__ = "case_changes"
    __table_args__ = (Index("ix_case_changes_case_id", "case_id", "case_version"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id")
    case_version: int
    kind: ChangeKind = Field(sa_type=text_enum(ChangeKind))
    changes: dict[str, Any] = Field(sa_type=JSONB)
    reason: str | None = None
    changed_at: datetime = Field(sa_type=UTC_TIME)
    changed_by: UUID | None = None
    source_kind: SourceKind = Field(sa_type=text_enum(SourceKind))
    batch_id: UUID | None = None
    filename: str | None = None
    row_no: int | None = None
