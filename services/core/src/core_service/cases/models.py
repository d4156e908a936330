"""The tables of cases, and of changes to them that are no activities."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, col

from common.ids import uuid7
from core_service.judge_columns import JudgeColumn
from core_service.reference.models import CaseType, Court, Judge
from core_service.sources import SourceKind
from core_service.tables import UTC_TIME, Record, Table, text_enum

PARTY_COLUMNS = (
    "male_applicant",
    "female_applicant",
    "organization_applicant",
    "male_defendant",
    "female_defendant",
    "organization_defendant",
)

# The order of `last_activity_on` without its NULLs: a case without activities counts as last seen
# on its filing date.
LAST_SEEN_ON = text("coalesce(last_activity_on, filed_on)")
# A case that only a reverted import had registered stays for the record, and its number is free.
HOLDS_ITS_NUMBER = text("reverted IS false")


class CaseStatus(StrEnum):
    """The status of a case, derived by the ledger."""

    PENDING = "pending"
    INACTIVE = "inactive"
    DISPOSED = "disposed"
    TRANSFERRED = "transferred"


class Case(Record, table=True):
    """One case. Status, dates and counters are the ledger's result and written by it alone.

    Numbers restart every year, so the filing year is part of what makes a case unique.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_number",
            "court_id",
            "caseid_type",
            "number_norm",
            "filed_year",
            unique=True,
            postgresql_where=HOLDS_ITS_NUMBER,
        ),
        Index("ix_cases_number_norm", "number_norm", "filed_year"),
        Index(
            "ix_cases_original_norm",
            "original_norm",
            postgresql_where=text("original_norm IS NOT NULL"),
        ),
        Index(
            "ix_cases_received_from_id",
            "received_from_id",
            postgresql_where=text("received_from_id IS NOT NULL"),
        ),
        Index("ix_cases_filed_on", "filed_on", "id"),
        Index("ix_cases_court_filed_on", "court_id", "filed_on", "id"),
        Index("ix_cases_last_seen_on", LAST_SEEN_ON, "id"),
        Index("ix_cases_court_last_seen_on", "court_id", LAST_SEEN_ON, "id"),
        Index("ix_cases_number_order", "caseid_type", "filed_year", "number_serial", "id"),
        Index(
            "ix_cases_disposed_on", "disposed_on", postgresql_where=text("disposed_on IS NOT NULL")
        ),
        Index(
            "ix_cases_next_hearing_on",
            "court_id",
            "next_hearing_on",
            postgresql_where=text("next_hearing_on IS NOT NULL"),
        ),
        Index("ix_cases_in_custody", "filed_on", "id", postgresql_where=text("custody_count > 0")),
        Index("ix_cases_deleted_at", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        Index("ix_cases_sealed", "filed_on", "id", postgresql_where=text("sealed IS true")),
        Index(
            "ix_cases_court_number_order",
            "court_id",
            "caseid_type",
            "filed_year",
            "number_serial",
            "id",
        ),
        Index("ix_cases_status", "status", "filed_on", "id"),
        Index("ix_cases_case_type_id", "case_type_id", "filed_on", "id"),
        Index("ix_cases_lead_judge_id", "lead_judge_id", "filed_on", "id"),
        *(
            CheckConstraint(f"{column} BETWEEN 0 AND 999", column)
            for column in (*PARTY_COLUMNS, "custody_count")
        ),
        CheckConstraint("filed_year = EXTRACT(YEAR FROM filed_on)", "filed_year"),
        CheckConstraint("deleted_at IS NOT NULL OR NOT reverted", "reverted"),
        CheckConstraint("(status = 'disposed') = (disposed_on IS NOT NULL)", "disposed_on"),
    )

    court_id: UUID = Field(foreign_key="courts.id")
    caseid_type: str
    number_raw: str
    number_norm: str
    number_serial: int = Field(sa_type=BigInteger)
    filed_year: int
    filed_on: date
    case_type_id: UUID = Field(foreign_key="case_types.id")
    status: CaseStatus = Field(default=CaseStatus.PENDING, sa_type=text_enum(CaseStatus))
    status_since: date
    disposed_on: date | None = None
    next_hearing_on: date | None = None
    last_activity_on: date | None = None
    activity_count: int = 0
    adjournment_count: int = 0
    lead_judge_id: UUID | None = Field(default=None, foreign_key="judges.id")
    original_court: str | None = None
    original_code: str | None = None
    original_number: str | None = None
    original_year: int | None = None
    # The normal form of the number that the file had at the court it comes from.
    original_norm: str | None = None
    male_applicant: int = 0
    female_applicant: int = 0
    organization_applicant: int = 0
    male_defendant: int = 0
    female_defendant: int = 0
    organization_defendant: int = 0
    custody_count: int = 0
    legal_representation: bool | None = None
    sealed: bool = False  # the audit notes which administrator reads a sealed case
    source_kind: SourceKind = Field(sa_type=text_enum(SourceKind))
    batch_id: UUID | None = None
    filename: str | None = None
    row_no: int | None = None
    deleted_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    # Deleted by the revert of the import that registered it, and not to be restored.
    reverted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    # A case that a transfer brought into being was filed at another court, and is not filed here.
    received_from_id: UUID | None = Field(default=None, foreign_key="cases.id")
    # By what both courts report in returns, and not by a transfer order: the ledger decides it.
    received_by_return: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

    # "raise": a list that forgot to load them fails in its first test instead of asking per row.
    court: Court = Relationship(sa_relationship_kwargs={"lazy": "raise", "viewonly": True})
    case_type: CaseType = Relationship(sa_relationship_kwargs={"lazy": "raise", "viewonly": True})
    lead_judge: Judge | None = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "viewonly": True}
    )


class ChangeKind(StrEnum):
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
    REVERTED = "reverted"


class CaseChange(Table, table=True):
    """One change; `changes` holds `{"field": {"from": …, "to": …}}`. Never changed or deleted.

    Activities have their own table and need no row here, which makes returns faster.
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


JUDGE_COLUMNS: Final = (
    JudgeColumn("case", Case, "lead_judge_id", court_id=col(Case.court_id), case_id=col(Case.id)),
)
