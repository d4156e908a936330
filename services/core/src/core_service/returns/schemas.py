"""Bodies of requests and responses about imports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, RootModel, StringConstraints, field_validator

from common.schemas import NO_NUL, ResponseModel
from core_service.aliases.schemas import CandidateRead
from core_service.aliases.suggestions import Candidate
from core_service.people import PersonRead
from core_service.returns.difference import Changes, RowChanges
from core_service.returns.files.header import COLUMNS, SHEET, is_mark
from core_service.returns.files.limits import MAX_CELL_BYTES
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import (
    BatchState,
    ImportBatch,
    ImportMode,
    ImportRow,
    ImportRowIssue,
    RowRepair,
    RowResult,
)
from core_service.returns.visible_batch import VisibleBatch

Candidates = Mapping[UUID, Sequence[Candidate]]


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
    candidates: list[CandidateRead] = Field(
        default=[], description="what that spelling may mean, at most three, the likeliest first"
    )

    @classmethod
    def shown(cls, issue: ImportRowIssue, candidates: Candidates) -> "IssueRead":
        """An issue of the table with the candidates of its spelling."""
        likely = candidates.get(issue.alias_id, ()) if issue.alias_id is not None else ()
        return cls.model_validate(issue.model_dump() | {"candidates": likely})


class BatchIssueRead(IssueRead):
    """One remark, with its row; without a row it is about the file."""

    row_no: int | None

    @classmethod
    def of(cls, issue: ImportRowIssue, candidates: Candidates) -> "BatchIssueRead":
        """An issue of the table."""
        shown = IssueRead.shown(issue, candidates)
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
    def of(
        cls, row: ImportRow, issues: Sequence[ImportRowIssue], candidates: Candidates
    ) -> "RowRead":
        """A row with its issues."""
        return cls(
            row_no=row.row_no,
            result=row.result,
            # What is rejected for its court must not reveal to its sender what that court holds.
            case_id=None if row.result is RowResult.REJECTED else row.case_id,
            activity_id=row.activity_id,
            sheet=row.raw.get(SHEET),
            raw=_in_the_order_of_a_return(row.raw),
            issues=[IssueRead.shown(issue, candidates) for issue in issues],
        )


def _in_the_order_of_a_return(raw: Mapping[str, str]) -> Mapping[str, str]:
    """The cells by column; Postgres orders the names of a JSON object by their length."""
    return {name: raw[name] for name in (*COLUMNS, *raw) if name in raw and not is_mark(name)}


Cell = Annotated[str, StringConstraints(max_length=MAX_CELL_BYTES // 4)]


class RowCells(RootModel[Annotated[dict[str, Cell], Field(min_length=1)]]):
    """Cells of a row by column: those that are sent replace those that the row has."""

    model_config = {"json_schema_extra": {"examples": [{"judge_1": "Example, Amina Wanja"}]}}

    @field_validator("root")
    @classmethod
    def _are_cells(cls, cells: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(cells) - set(COLUMNS))
        if unknown:
            raise ValueError(f"{', '.join(unknown[:5])}: no column of a return has this name")
        if any("\x00" in value for value in cells.values()):
            raise ValueError(NO_NUL)
        return cells


class RowRepairRead(ResponseModel):
    """One change of a row's cells: the columns, each with what it was and what it became."""

    changes: Mapping[str, Mapping[str, str]]
    changed_at: datetime
    changed_by: PersonRead | None

    @classmethod
    def of(cls, repair: RowRepair, names: Mapping[UUID, str | None]) -> "RowRepairRead":
        """A change with its author's name where it is known."""
        return cls(
            changes=repair.changes,
            changed_at=repair.changed_at,
            changed_by=PersonRead.of(repair.changed_by, names),
        )


class RowDetailRead(RowRead):
    """A row with the changes that users made to its cells, the first one first."""

    version: int
    repairs: Sequence[RowRepairRead]


class FieldChange(ResponseModel):
    """What a field is, null where there is nothing yet, and what it would be."""

    before: Any = Field(serialization_alias="from")
    after: Any = Field(serialization_alias="to")


class RowChangesRead(ResponseModel):
    """What applying a row would change: of the case, which is new without `case_id`, and of the
    activity. A correction shows the fields that differ, a new activity those that it has.
    """

    row_no: int
    result: RowResult
    number: str = Field(examples=["HCCC E014 of 2025"])
    court_id: UUID
    case_id: UUID | None
    case: Mapping[str, FieldChange]
    activity: Mapping[str, FieldChange]

    @classmethod
    def of(cls, changes: RowChanges) -> "RowChangesRead":
        """The changes of a row."""
        return cls(
            row_no=changes.row_no,
            result=changes.result,
            number=changes.number,
            court_id=changes.court_id,
            case_id=changes.case_id,
            case=_fields(changes.case),
            activity=_fields(changes.activity),
        )


def _fields(changes: Changes) -> Mapping[str, FieldChange]:
    return {name: FieldChange(before=was, after=now) for name, (was, now) in changes.items()}
