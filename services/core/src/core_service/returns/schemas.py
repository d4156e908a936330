"""Bodies of responses about imports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field

from common.schemas import ResponseModel
from core_service.people import PersonRead
from core_service.returns.files.header import SHEET, is_mark
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import (
    BatchState,
    ImportBatch,
    ImportMode,
    ImportRow,
    ImportRowIssue,
    RowResult,
    VisibleBatch,
)


class CountsRead(ResponseModel):
    """The rows by result; the results add up to the rows read, always.

    Of a batch with rows that you may not see, those that you may are counted.
    """

    read: int
    new: int
    unchanged: int
    duplicate: int
    correction: int
    held: int
    rejected: int
    empty: int


class ProgressRead(ResponseModel):
    """How many rows have been validated, and after that applied.

    While a file is being read for the first time the total is an estimate.
    """

    done: int
    total: int


class BatchErrorRead(ResponseModel):
    """Why a batch failed."""

    code: str = Field(examples=["HDR_MISSING"])
    message: str


class BatchRead(ResponseModel):
    """An import."""

    id: UUID
    state: BatchState
    mode: ImportMode
    filename: str
    sha256: str
    size: int
    court_id: UUID | None
    uploaded_by: PersonRead | None
    created_at: datetime
    updated_at: datetime
    counts: CountsRead
    progress: ProgressRead
    error: BatchErrorRead | None

    @classmethod
    def of(cls, seen: VisibleBatch, names: Mapping[UUID, str | None]) -> "BatchRead":
        """A batch, with its sender's name where it is known."""
        batch, counts = seen.batch, seen.counts
        by = batch.created_by
        return cls(
            id=batch.id,
            state=batch.state,
            mode=batch.mode,
            filename=batch.filename,
            sha256=batch.sha256,
            size=batch.size,
            court_id=batch.court_id,
            uploaded_by=PersonRead(id=by, name=names.get(by)) if by else None,
            created_at=batch.created_at,
            updated_at=batch.updated_at,
            counts=CountsRead(
                read=sum(counts.values()),
                **{result.value.lower(): count for result, count in counts.items()},
            ),
            progress=ProgressRead(done=seen.done, total=seen.total),
            error=_error(batch),
        )


def _error(batch: ImportBatch) -> BatchErrorRead | None:
    if batch.error_code is None:
        return None
    return BatchErrorRead(code=batch.error_code, message=batch.error or "")


class IssueRead(ResponseModel):
    """One remark on a row."""

    code: IssueCode
    severity: Severity
    column: str | None
    value: str | None
    message: str
    suggestion: str | None
    alias_id: UUID | None = Field(description="the undecided spelling that the row waits for")


class BatchIssueRead(IssueRead):
    """One remark, with its row; without a row it is about the file."""

    row_no: int | None

    @classmethod
    def of(cls, issue: ImportRowIssue) -> "BatchIssueRead":
        """An issue of the table."""
        shown = IssueRead.model_validate(issue)
        return cls(**shown.model_dump(), row_no=issue.row_no or None)


class RowRead(ResponseModel):
    """One row as it came, and what became of it."""

    row_no: int
    result: RowResult
    case_id: UUID | None = Field(description="of a rejected row always null")
    activity_id: UUID | None
    sheet: str | None = Field(description="the sheet of a workbook that the row is on")
    raw: Mapping[str, str]
    issues: Sequence[IssueRead]

    @classmethod
    def of(cls, row: ImportRow, issues: Sequence[ImportRowIssue]) -> "RowRead":
        """A row with its issues."""
        return cls(
            row_no=row.row_no,
            result=row.result,
            # What is rejected for its court must not reveal to its sender what that court holds.
            case_id=None if row.result is RowResult.REJECTED else row.case_id,
            activity_id=row.activity_id,
            sheet=row.raw.get(SHEET),
            raw={name: value for name, value in row.raw.items() if not is_mark(name)},
            issues=[IssueRead.model_validate(issue) for issue in issues],
        )
