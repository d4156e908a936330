"""The tables of activities, which the ledger is defined over, and of the events that follow."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from common.ids import uuid7
from core_service.cases.models import CaseStatus
from core_service.sources import SourceKind
from core_service.tables import UTC_TIME, Record, Table, text_enum

LEAD_POSITION: Final = 1


class VoidReason(StrEnum):
    CORRECTED = "corrected"
    VOIDED = "voided"
    REVERTED = "reverted"


class CaseActivity(Record, table=True):
    """One thing that happened to a case on one day.

    A row is never rewritten: a correction is a new row that `supersedes` this one, and this one is
    voided. Live rows, those that count, have no `voided_at`.
    """

    __tablename__ = "case_activities"
    __table_args__ = (
        Index(
            "uq_case_activities_live",
            "case_id",
            "activity_on",
            "activity_type_id",
            "seq",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index(
            "ix_case_activities_history",
            "case_id",
            "activity_on",
            "seq",
            "id",
            postgresql_include=["next_on", "custody_count", "voided_at"],
        ),
        Index("ix_case_activities_activity_on", "activity_on", postgresql_using="brin"),
        Index(
            "ix_case_activities_batch_id",
            "batch_id",
            "row_no",
            postgresql_where=text("batch_id IS NOT NULL"),
        ),
        Index(
            "uq_case_activities_supersedes_id",
            "supersedes_id",
            unique=True,
            postgresql_where=text("supersedes_id IS NOT NULL AND voided_at IS NULL"),
        ),
        Index(
            "uq_case_activities_counterpart_id",
            "counterpart_id",
            unique=True,
            postgresql_where=text("counterpart_id IS NOT NULL AND voided_at IS NULL"),
        ),
        CheckConstraint("seq > 0", "seq"),
        CheckConstraint("custody_count BETWEEN 0 AND 999", "custody_count"),
        CheckConstraint("applicant_witnesses BETWEEN 0 AND 999", "applicant_witnesses"),
        CheckConstraint("defendant_witnesses BETWEEN 0 AND 999", "defendant_witnesses"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", "void_reason"),
    )

    case_id: UUID = Field(foreign_key="cases.id")
    activity_on: date
    # The place among the activities of the case on that day; a correction keeps its place.
    seq: int
    activity_type_id: UUID = Field(foreign_key="activity_types.id")
    outcome_id: UUID | None = Field(default=None, foreign_key="outcomes.id")
    reason_id: UUID | None = Field(default=None, foreign_key="adjournment_reasons.id")
    next_on: date | None = None
    applicant_witnesses: int = 0
    defendant_witnesses: int = 0
    custody_count: int | None = None
    legal_representation: bool | None = None
    details: str | None = None
    # An act of the registry itself sets the status of its case: a transfer, an override.
    sets_status: CaseStatus | None = Field(default=None, sa_type=text_enum(CaseStatus))
    # The arrival of a transferred file names the departure that it answers, at the other court.
    counterpart_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
    source_kind: SourceKind = Field(sa_type=text_enum(SourceKind))
    batch_id: UUID | None = None
    filename: str | None = None
    row_no: int | None = None
    content_hash: bytes
    # The version that this activity gave its case.
    case_version: int | None = None
    supersedes_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
    voided_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    void_reason: VoidReason | None = Field(default=None, sa_type=text_enum(VoidReason))
    void_note: str | None = None


class ActivityJudge(Table, table=True):
    """One seat of the bench; position 1 leads."""

    __tablename__ = "activity_judges"
    __table_args__ = (
        Index("uq_activity_judges_judge", "activity_id", "judge_id", unique=True),
        Index("ix_activity_judges_judge_id", "judge_id"),
        CheckConstraint("position BETWEEN 1 AND 7", "position"),
    )

    activity_id: UUID = Field(foreign_key="case_activities.id", primary_key=True)
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    judge_id: UUID = Field(foreign_key="judges.id")


class EventKind(StrEnum):
    """The columns of the caseload matrix (NCSC/COSCA State Court Guide)."""

    FILED = "filed"
    REOPENED = "reopened"
    REACTIVATED = "reactivated"
    TRANSFER_IN = "transfer_in"
    DISPOSED = "disposed"
    REOPENED_DISPOSED = "reopened_disposed"
    INACTIVATED = "inactivated"
    TRANSFER_OUT = "transfer_out"


class CaseStatusEvent(Table, table=True):
    """One change of a case's status, effective on a day, known from `recorded_at` on.

    `court_id` and `case_type_id` are those of the case at that time: when one changes, the events
    are recorded again.

    Never changed or deleted: an event that later facts disprove gets `retracted_at`, so that what
    was known before stays known.
    """

    __tablename__ = "case_status_events"
    __table_args__ = (
        Index(
            "ix_case_status_events_court_id",
            "court_id",
            "effective_on",
            "kind",
            "case_id",
        ),
        Index("ix_case_status_events_case_id", "case_id", "effective_on"),
        Index("ix_case_status_events_effective_on", "effective_on"),
        Index(
            "ix_case_status_events_retracted_at",
            "retracted_at",
            postgresql_where=text("retracted_at IS NOT NULL"),
        ),
        Index("ix_case_status_events_recorded_at", "recorded_at", postgresql_using="brin"),
        CheckConstraint("retracted_at >= recorded_at", "retracted_at"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id")
    court_id: UUID = Field(foreign_key="courts.id")
    case_type_id: UUID = Field(foreign_key="case_types.id")
    kind: EventKind = Field(sa_type=text_enum(EventKind))
    effective_on: date
    recorded_at: datetime = Field(sa_type=UTC_TIME)
    retracted_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    activity_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
