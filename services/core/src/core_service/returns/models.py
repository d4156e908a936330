"""Tables of imports: the batch, its file, its rows and their issues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from core_service.access.actors import Actor
from core_service.returns.files.limits import MIB
from core_service.returns.issues import IssueCode, Severity
from core_service.tables import UTC_TIME, Record, Table, text_enum

CHUNK_BYTES = MIB


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """How much one sender may store, what one file may add, and how long files are stored."""

    max_unread: int = 50
    max_stored_bytes: int = 8192 * MIB
    max_new_spellings: int = 500
    file_days: int = 90


class ImportMode(StrEnum):
    """Whether a batch is applied once it is validated."""

    VALIDATE = "validate"
    APPLY = "apply"


class BatchState(StrEnum):
    """The state of a batch. Applied, partial, failed and reverted ones have ended, but a partial
    one may still be completed, and what is applied be reverted.
    """

    UPLOADED = "uploaded"
    VALIDATING = "validating"
    VALIDATED = "validated"
    APPLYING = "applying"
    APPLIED = "applied"
    PARTIAL = "partial"
    FAILED = "failed"
    REVERTING = "reverting"
    REVERTED = "reverted"


class RowResult(StrEnum):
    """The result of a row; each row has exactly one."""

    NEW = "NEW"
    UNCHANGED = "UNCHANGED"
    DUPLICATE = "DUPLICATE"
    CORRECTION = "CORRECTION"
    HELD = "HELD"
    REJECTED = "REJECTED"
    EMPTY = "EMPTY"


class ImportBatch(Record, table=True):
    """One upload. Counts and progress are written in the transactions that they count."""

    __tablename__ = "import_batches"
    __table_args__ = (
        # A failed or reverted file may be sent again; any other only once.
        Index(
            "uq_import_batches_sha256",
            "sha256",
            unique=True,
            postgresql_where=text("state NOT IN ('failed', 'reverted')"),
        ),
        Index("ix_import_batches_created_by", "created_by", "id"),
    )

    state: BatchState = Field(default=BatchState.UPLOADED, sa_type=text_enum(BatchState))
    mode: ImportMode = Field(sa_type=text_enum(ImportMode))
    filename: str
    sha256: str
    size: int = Field(sa_type=BigInteger)
    court_id: UUID | None = Field(default=None, foreign_key="courts.id")
    # The service that sent the file; a user who did is `created_by`.
    client_id: str | None = None
    # No longer read or written: each step asks for the grants in force. To be dropped by a later
    # migration, when no code that needs the column runs any more.
    grants: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    # The courts that the rows name; those who may write at one of them see the batch.
    court_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    # The last row that validation, and after it application, has dealt with.
    validated_rows: int = 0
    applied_rows: int = 0
    # The last group of rows that validation has compared with the registry.
    compared_group: int | None = Field(default=None, sa_type=BigInteger)
    # Workers that have died while they processed it and got no further than those before them.
    deaths: int = 0
    furthest: float = 0
    total_rows: int = 0
    new_rows: int = 0
    unchanged_rows: int = 0
    duplicate_rows: int = 0
    correction_rows: int = 0
    held_rows: int = 0
    rejected_rows: int = 0
    empty_rows: int = 0
    error_code: str | None = None
    error: str | None = None
    file_deleted_at: datetime | None = Field(default=None, sa_type=UTC_TIME)

    @property
    def sender(self) -> Actor:
        """The user or the service that sent the batch."""
        return Actor(self.created_by, self.client_id)

    @property
    def applier(self) -> Actor:
        """The user who last had the batch applied, or else the sender."""
        return Actor(self.updated_by, None) if self.updated_by is not None else self.sender

    @property
    def counts(self) -> Mapping[RowResult, int]:
        """The rows by result."""
        return {result: getattr(self, f"{result.value.lower()}_rows") for result in RowResult}

    @property
    def settled_state(self) -> BatchState:
        """The state when every row has been applied that can be."""
        counts = self.counts
        left = counts[RowResult.HELD] + counts[RowResult.REJECTED]
        return BatchState.PARTIAL if left else BatchState.APPLIED


class ImportFile(Table, table=True):
    """A piece of an uploaded file, at most 1 MiB, so that no process has all of it in memory."""

    __tablename__ = "import_files"
    __table_args__ = (CheckConstraint(f"octet_length(content) <= {CHUNK_BYTES}", "content"),)

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batches.id")
    chunk_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes


JUDGED_NOW: Final[dict[str, Any]] = {"server_default": text("now()")}


class ImportRow(Table, table=True):
    """One row as it was sent, with its result."""

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("ix_import_rows_result", "batch_id", "result", "row_no"),
        Index("ix_import_rows_court_id", "batch_id", "court_id", "row_no"),
        Index(
            "ix_import_rows_identity_hash",
            "batch_id",
            "identity_hash",
            "row_no",
            postgresql_where=text("identity_hash IS NOT NULL"),
        ),
        Index(
            "ix_import_rows_activity_id",
            "activity_id",
            postgresql_where=text("activity_id IS NOT NULL"),
        ),
        Index(
            "ix_import_rows_slip_group",
            "batch_id",
            "slip_group",
            "row_no",
            postgresql_where=text("slip_group IS NOT NULL"),
        ),
        Index(
            "ix_import_rows_cells_hash",
            "cells_hash",
            postgresql_where=text("cells_hash IS NOT NULL"),
        ),
    )

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batches.id")
    row_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    raw: dict[str, str] = Field(sa_type=JSONB)
    result: RowResult = Field(sa_type=text_enum(RowResult))
    # Case, day, purpose and lead judge: rows that agree here are about the same event.
    identity_hash: bytes | None = None
    content_hash: bytes | None = None
    # The court that the row's cell means; None where it is not known yet. No foreign key: courts
    # are never deleted, and checking one would be paid for by every row of every import.
    court_id: UUID | None = None
    # The case that the row names, as soon as there is one: a seal of it hides the row as well.
    case_id: UUID | None = Field(default=None, foreign_key="cases.id")
    activity_id: UUID | None = Field(default=None, foreign_key="case_activities.id")
    # When the row was judged first; before that it is no part of any figure.
    judged_at: datetime = Field(
        sa_type=UTC_TIME, sa_column_kwargs={"server_default": text("now()")}
    )
    # Rows whose results may depend on each other: of one case, or of one that its number may mean.
    # Rows that are applied as they are read have none.
    slip_group: int | None = Field(default=None, sa_type=BigInteger)
    # Of rows that were recorded as they were read: see `recognition`.
    cells_hash: bytes | None = None


class RowBefore(Table, table=True):
    """What figures read of a row before it was judged otherwise, and from when until when."""

    __tablename__ = "import_rows_before"

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batches.id")
    row_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    retracted_at: datetime = Field(primary_key=True, sa_type=UTC_TIME)
    recorded_at: datetime = Field(sa_type=UTC_TIME)
    # None for a row that was of no court, or blank.
    court_id: UUID | None = None
    is_faulty: bool


class ImportRowIssue(Table, table=True):
    """One remark on a row; row 0 is the file as a whole."""

    __tablename__ = "import_row_issues"
    __table_args__ = (
        Index("ix_import_row_issues_code", "batch_id", "code", "row_no", "seq"),
        Index(
            "ix_import_row_issues_alias_id",
            "alias_id",
            "batch_id",
            "row_no",
            postgresql_where=text("alias_id IS NOT NULL"),
        ),
    )

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batches.id")
    row_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    code: IssueCode = Field(sa_type=text_enum(IssueCode))
    severity: Severity = Field(sa_type=text_enum(Severity))
    column: str | None = None
    value: str | None = None
    message: str
    suggestion: str | None = None
    # The undecided spelling that a held row waits for.
    alias_id: UUID | None = Field(default=None, foreign_key="aliases.id")


class RowRepair(Table, table=True):
    """One change of a row's cells by a user, never changed or deleted.

    The row has the cells as they are now; `changes` holds `{"column": {"from": …, "to": …}}`.
    """

    __tablename__ = "import_row_repairs"

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batches.id")
    row_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    changes: dict[str, Any] = Field(sa_type=JSONB)
    changed_at: datetime = Field(sa_type=UTC_TIME)
    changed_by: UUID | None = None
    client_id: str | None = None


class CaseBefore(Table, table=True):
    """What a case had before a batch recorded activities that overrule it, for a revert.

    All else follows from the activities that are left, or is in the history of the case.
    """

    __tablename__ = "import_cases_before"

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batches.id")
    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    custody_count: int
    legal_representation: bool | None = None


# What is in the registry of these, if anything ever was, is not from them any more.
NO_EFFECT: Final = (BatchState.FAILED, BatchState.REVERTED)
