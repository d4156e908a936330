"""The table of spellings: one decision settles every past and future row with that spelling."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core_service.tables import UTC_TIME, Record, text_enum


class AliasKind(StrEnum):
    """Which reference table a spelling points into."""

    COURT = "court"
    JUDGE = "judge"
    CASE_TYPE = "case_type"
    OUTCOME = "outcome"
    ACTIVITY_TYPE = "activity_type"
    REASON = "reason"


class AliasState(StrEnum):
    """Whether somebody has decided what the spelling means."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Alias(Record, table=True):
    """One spelling of one kind; `spelling` is normalised, `raw` is how it was first seen."""

    __tablename__ = "aliases"
    __table_args__ = (
        Index("uq_aliases_spelling", "kind", "spelling", unique=True),
        Index("ix_aliases_kind_state", "kind", "state", "id"),
        CheckConstraint("(state = 'accepted') = (target_id IS NOT NULL)", "target"),
    )

    kind: AliasKind = Field(sa_type=text_enum(AliasKind))
    spelling: str
    raw: str
    state: AliasState = Field(default=AliasState.PENDING, sa_type=text_enum(AliasState))
    # Points into the table that `kind` names, so no foreign key can guard it; the service does.
    target_id: UUID | None = None
    first_seen_batch_id: UUID | None = None
    first_seen_row_no: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    decided_by: UUID | None = None
