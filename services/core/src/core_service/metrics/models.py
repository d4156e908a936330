"""What figures read besides the ledger. Triggers write these tables (migrations 0020 and 0030)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from core_service.ledger.models import EventKind
from core_service.tables import UTC_TIME, Table, text_enum


class Superseded(Table, table=True):
    """What a row was before it changed: of reference data all of it, of a case, an activity or a
    hearing the columns that figures read, of a bench its judges by position.

    It was so from `recorded_at` until `retracted_at`; later rows or the table itself say what came.
    """

    __tablename__ = "superseded_rows"
    __table_args__ = (
        Index("ix_superseded_rows_row_id", "row_id", "retracted_at"),
        Index("ix_superseded_rows_retracted_at", "table_name", "retracted_at"),
        CheckConstraint("retracted_at >= recorded_at", "retracted_at"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    table_name: str
    row_id: UUID
    was: dict[str, Any] = Field(sa_type=JSONB)
    recorded_at: datetime = Field(sa_type=UTC_TIME)
    retracted_at: datetime = Field(sa_type=UTC_TIME)


class Level(StrEnum):
    """How long the days are that a total adds up."""

    MONTH = "month"
    HALF = "half"  # both calendar and fiscal years are two of them
    EVER = "ever"


class CaseloadTotal(Table, table=True):
    """How many live events of a kind took effect in the days from `starts_on`."""

    __tablename__ = "caseload_totals"

    level: Level = Field(primary_key=True, sa_type=text_enum(Level))
    starts_on: date = Field(primary_key=True)
    court_id: UUID = Field(primary_key=True)
    case_type_id: UUID = Field(primary_key=True)
    kind: EventKind = Field(primary_key=True, sa_type=text_enum(EventKind))
    count: int = Field(sa_type=BigInteger)


class CaseloadState(Table, table=True):
    """What a case was at a court after a day on which events took effect, until the next such day.

    All live events up to then are added up. A deleted case has none.
    """

    __tablename__ = "caseload_states"
    # Each index has all that its figures read, so that these read no table.
    __table_args__ = (
        Index(
            "ix_caseload_states_open",
            "court_id",
            "until_on",
            postgresql_include=[
                *("from_on", "case_type_id", "began_on", "active", "inactive", "inactive_offset"),
                "case_id",
            ],
            postgresql_where=text("active > 0 OR inactive > 0"),
        ),
        Index(
            "ix_caseload_states_from_on",
            "court_id",
            "from_on",
            postgresql_include=[
                *("case_type_id", "began_on", "inactive", "inactive_offset"),
                *("filed", "disposed", "disposed_again"),
            ],
        ),
    )

    case_id: UUID = Field(primary_key=True)
    court_id: UUID = Field(primary_key=True)
    case_type_id: UUID = Field(primary_key=True)
    from_on: date = Field(primary_key=True)
    until_on: date  # the first day that it is not so; far in the future where it still is
    began_on: date  # the day of the first event
    active: int = Field(sa_type=SmallInteger)
    inactive: int = Field(sa_type=SmallInteger)
    # The days from 1900 to each day that it became inactive, less those to each that it came back.
    inactive_offset: int
    # How many of these events took effect on the first day.
    filed: int = Field(sa_type=SmallInteger)
    disposed: int = Field(sa_type=SmallInteger)
    disposed_again: int = Field(sa_type=SmallInteger)


class ReservedDecision(Table, table=True):
    """A decision that an activity of a case reserved, and what ended it; of deleted cases as well.

    What is limited to other categories than the case's reserves and ends nothing.
    """

    __tablename__ = "reserved_decisions"
    __table_args__ = (
        Index("ix_reserved_decisions_case_id", "case_id"),
        Index("ix_reserved_decisions_ended_on", "court_id", "ended_on"),
    )

    activity_id: UUID = Field(primary_key=True)  # the first that reserved it
    case_id: UUID
    court_id: UUID
    case_type_id: UUID
    reserved_on: date
    ended_on: date | None = None
    outcome_id: UUID | None = None  # of the activity that ended it


# Read before 0030: to be dropped a release later, since processes that are not replaced yet fold.
CURRENT_XID: Final[dict[str, Any]] = {"server_default": text("pg_current_xact_id()::text::bigint")}


class CaseloadDelta(Table, table=True):
    """What a transaction has added to the totals, or taken from them, and is not folded in yet."""

    __tablename__ = "caseload_deltas"
    __table_args__ = (Index("ix_caseload_deltas_xid", "xid"),)

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    xid: int = Field(sa_type=BigInteger, sa_column_kwargs=CURRENT_XID)
    effective_on: date
    court_id: UUID
    case_type_id: UUID
    kind: EventKind = Field(sa_type=text_enum(EventKind))
    count: int = Field(sa_type=BigInteger)


class CaseloadFolded(Table, table=True):
    """The same after it was folded in, read before 0030: to be dropped a release later."""

    __tablename__ = "caseload_folded"
    __table_args__ = (
        Index("ix_caseload_folded_xid", "xid"),
        Index("ix_caseload_folded_folded_at", "folded_at"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    xid: int = Field(sa_type=BigInteger, sa_column_kwargs=CURRENT_XID)
    effective_on: date
    court_id: UUID
    case_type_id: UUID
    kind: EventKind = Field(sa_type=text_enum(EventKind))
    count: int = Field(sa_type=BigInteger)
    folded_at: datetime = Field(
        sa_type=UTC_TIME, sa_column_kwargs={"server_default": text("clock_timestamp()")}
    )


# Marks that are of no single court.
EVERY_COURT: Final = UUID(int=0)


class FigureChange(Table, table=True):
    """A transaction that has changed what figures count, and a court where it has.

    `is_dated` where what was known earlier stays as it was.
    """

    __tablename__ = "figure_changes"

    xid: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    court_id: UUID = Field(primary_key=True)
    is_dated: bool = Field(primary_key=True)
    is_recorded: bool = Field(sa_column_kwargs={"server_default": false()})  # read before 0030
    changed_at: datetime = Field(sa_type=UTC_TIME)
