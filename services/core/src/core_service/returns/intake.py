"""A batch's file, as it is read by a worker: what is known of it before its rows and after them."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from core_service.court_calendar import CourtCalendar
from core_service.returns.files.reader import FileReader, read_return
from core_service.returns.issues import Issue, IssueCode, Severity
from core_service.returns.judging.chunk import issue_values
from core_service.returns.locking import TO_APPLY, TO_VALIDATE, BatchLocks, LockedBatch
from core_service.returns.models import BatchState, ImportBatch, ImportMode, RowResult
from core_service.returns.repository import ImportRepository
from core_service.returns.row_repository import FILE_ROW

UNFINISHED: Final = (*TO_VALIDATE, *TO_APPLY)
NO_GRANT: Final = "The sender may enter data at no court any more"
ALL_FOREIGN: Final = "Your grants cover none of the courts in this file"


@dataclass(frozen=True, slots=True)
class FileIntake:
    """Reads files of batches, and ends a batch whose file is of no use."""

    locks: BatchLocks

    @asynccontextmanager
    async def opened(self, batch: ImportBatch) -> AsyncIterator[FileReader]:
        """The file, whose rows are yet to be read. Raises FileUnreadable, FileTooCostly."""
        # On the worker's disk, since workbooks are not read from start to end.
        with tempfile.NamedTemporaryFile(prefix="return-") as file:
            async with self.locks.units.view() as unit:
                await unit.get(ImportRepository).copy_file(batch.id, file)
            known = batch.court_id is not None
            async with read_return(Path(file.name), court_is_known=known) as opened:
                yield opened

    async def fail(self, batch_id: UUID, code: str, message: str) -> None:
        """End a batch that cannot be continued; its file may be sent again."""
        async with self.locks.lock(batch_id, UNFINISHED) as locked:
            if locked is not None:
                await locked.change(state=BatchState.FAILED, error_code=code, error=message)

    async def begin(self, batch_id: UUID, file: FileReader, *, again: bool) -> int | None:
        """Store the issues of the file; the rows validated so far, None when it is unusable.

        `again`: none count as validated.
        """
        async with self.locks.validating(batch_id) as locked:
            await store_file_issues(locked, file.issues)
            if not file.header.is_usable:
                fatal = [issue for issue in file.issues if issue.severity is Severity.REJECTED]
                await locked.change(state=BatchState.FAILED, **_error(fatal))
                return None
            done = 0 if again else locked.row.validated_rows
            await locked.change(total_rows=max(file.about_rows, done), validated_rows=done)
            return done


async def store_file_issues(locked: LockedBatch, issues: Sequence[Issue]) -> None:
    sent_before = await locked.services.imports.sent_before(locked.row)
    duplicates = (_dup_file(each, locked.calendar) for each in sent_before)
    found = (*issues, *duplicates)
    values = issue_values(locked.row.id, FILE_ROW, found, {})
    await locked.services.rows.replace_file_issues(locked.row.id, values)


async def end_validation(locked: LockedBatch) -> None:
    """The state after the last row; a batch fails of which every row is of a court of others."""
    applies = locked.row.mode is ImportMode.APPLY
    counts, state = locked.row.counts, BatchState.APPLYING if applies else BatchState.VALIDATED
    rejected = counts[RowResult.REJECTED]
    error: dict[str, object] = {}
    if rejected and sum(counts.values()) == rejected + counts[RowResult.EMPTY]:
        code, rows = IssueCode.COURT_NOT_GRANTED, locked.services.rows
        foreign = await rows.count_rows_with(locked.row.id, code)
        others = await rows.count_rows_with(locked.row.id, IssueCode.NOT_A_ROW) if foreign else 0
        if foreign and foreign + others == rejected:
            # A return sent by the wrong clerk must not keep the right one from sending it.
            state, error = BatchState.FAILED, _error([Issue(code, ALL_FOREIGN)])
    await locked.change(total_rows=locked.row.validated_rows, state=state, **error)


def _dup_file(earlier: ImportBatch, calendar: CourtCalendar) -> Issue:
    sent, became = calendar.day_of(earlier.created_at), earlier.state.value
    message = f"The same file was sent on {sent} as {earlier.filename}; that import is {became}"
    return Issue(IssueCode.DUP_FILE, message)


def _error(issues: list[Issue]) -> dict[str, object]:
    message = "; ".join(issue.message for issue in issues)
    return {"error_code": issues[0].code.value, "error": message}
