"""The table of published months."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from core_service.tables import UTC_TIME, Record


class MetricSnapshot(Record, table=True):
    """A month that a court has published. Its figures are not stored: as known at `known_on`, the
    ledger gives them again. It is never changed; what is published again is another row.
    """

    __tablename__ = "metric_snapshots"
    __table_args__ = (
        Index("ix_metric_snapshots_court_id", "court_id", "month", "known_on"),
        CheckConstraint("EXTRACT(DAY FROM month) = 1", "month"),
    )

    court_id: UUID = Field(foreign_key="courts.id")
    month: date
    known_on: datetime = Field(sa_type=UTC_TIME)
    # The edition of each figure's definition.
    definitions: dict[str, str] = Field(sa_type=JSONB)
