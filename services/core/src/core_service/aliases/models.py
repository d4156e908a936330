"""The tables of spellings and of what single courts decided about them: one decision settles every
past and future row with that spelling, of all courts or of the one court.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, col

from core_service.judge_columns import JudgeColumn
from core_service.tables import UTC_TIME, Record, text_enum


class AliasKind(StrEnum):
    """Which reference table a spelling points into."""

    COURT = "court"
    JUDGE = "judge"
    CASE_TYPE = "case_type"
    OUTCOME = "outcome"
    ACTIVITY_TYPE = "activity_type"
    REASON = "reason"


# The unique key of an alias: its kind and its normalised spelling.
Key = tuple[AliasKind, str]


class AliasState(StrEnum):
    """Whether it is decided what the spelling means."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Alias(Record, table=True):
    """One spelling of one kind; `spelling` is normalised, `raw` is how it was first seen.

    `state` and `target_id` are for all courts; a `CourtAlias` goes before them at its court.
    """

    __tablename__ = "aliases"
    __table_args__ = (
        Index("uq_aliases_spelling", "kind", "spelling", unique=True),
        Index("ix_aliases_kind_state", "kind", "state", "id"),
        Index(
            "ix_aliases_pending_first_seen",
            "first_seen_batch_id",
            postgresql_where=text("state = 'pending'"),
        ),
        CheckConstraint("(state = 'accepted') = (target_id IS NOT NULL)", "target"),
    )

    kind: AliasKind = Field(sa_type=text_enum(AliasKind))
    spelling: str
    raw: str
    state: AliasState = Field(default=AliasState.PENDING, sa_type=text_enum(AliasState))
    # In the table of `kind`, so the service checks it: a foreign key cannot.
    target_id: UUID | None = None
    first_seen_batch_id: UUID | None = None
    first_seen_row_no: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    decided_by: UUID | None = None


class CourtAlias(Record, table=True):
    """What a spelling means at one court; `updated_by` and `updated_at` are of the decision.

    A separate table, so that code which does not know it yet still finds one row for a spelling.
    """

    __tablename__ = "court_aliases"
    __table_args__ = (
        Index("uq_court_aliases_alias_id_court_id", "alias_id", "court_id", unique=True),
        Index("ix_court_aliases_target_id", "target_id"),
        CheckConstraint("state <> 'pending'", "state"),
        CheckConstraint("(state = 'accepted') = (target_id IS NOT NULL)", "target"),
    )

    alias_id: UUID = Field(foreign_key="aliases.id")
    court_id: UUID = Field(foreign_key="courts.id")
    state: AliasState = Field(sa_type=text_enum(AliasState))
    target_id: UUID | None = None


JUDGE_COLUMNS: Final = (
    JudgeColumn("alias", Alias, "target_id", col(Alias.kind) == AliasKind.JUDGE),
    # IDs are unique across tables: only aliases of judges name the ID of one.
    JudgeColumn("court_alias", CourtAlias, "target_id", court_id=col(CourtAlias.court_id)),
)
