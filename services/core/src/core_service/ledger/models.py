"""The ledger's table. Rows are added and retracted, never changed or deleted."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from common.ids import uuid7
from core_service.tables import UTC_TIME, Table, text_enum


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
    """One change of a case's standing, effective on a day, known from `recorded_at` on.

    An event that later facts disprove gets `retracted_at`; what was known before stays known.
    """

    __tablename__ = "case_status_events"
    __table_args__ = (
        Index(
            "ix_case_status_events_live",
            "court_id",
            "effective_on",
            "kind",
            "case_id",
            postgresql_where=text("retracted_at IS NULL"),
        ),
        Index("ix_case_status_events_case_id", "case_id", "effective_on"),
        Index("ix_case_status_events_recorded_at", "recorded_at", postgresql_using="brin"),
        CheckConstraint("retracted_at >= recorded_at", "retracted_at"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id")
    court_id: UUID = Field(foreign_key="courts.id")
    kind: EventKind = Field(sa_type=text_enum(EventKind))
    effective_on: date
    recorded_at: datetime = Field(sa_type=UTC_TIME)
    retracted_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    activity_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
