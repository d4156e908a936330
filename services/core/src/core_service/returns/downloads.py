"""Rows and issues of an import as CSV for spreadsheets, page by page, so that memory stays flat.

Each page is read as the list of the same name reads it, in its own unit of work.
"""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from common.composition import Units
from common.identity import Principal
from common.pages import PageRequest
from core_service.hearings.documents import safe_cell
from core_service.returns.files.header import COLUMNS
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import ImportRow, ImportRowIssue, RowResult
from core_service.returns.service import ImportService
from core_service.returns.visibility import BatchView

# Without it Excel takes UTF-8 for the encoding of its system.
BYTE_ORDER_MARK: Final = "\ufeff"
PAGE_ROWS: Final = 200
ROW_COLUMNS: Final = ("row_no", "result", *COLUMNS, "issues", "messages")
ISSUE_COLUMNS: Final = (
    *("row_no", "code", "severity", "column", "value", "message", "suggestion"),
)

Lines = list[Sequence[object]]
# The lines of the page behind a cursor, and the next cursor.
ReadPage = Callable[[ImportService, PageRequest], Awaitable[tuple[Lines, str | None]]]


@dataclass(frozen=True, slots=True)
class Downloads:
    """Writes lists of an import as CSV."""

    units: Units

    async def require(self, batch_id: UUID, by: Principal) -> None:
        """Raise ImportNotFound, or what refuses the caller, before the answer begins."""
        async with self.units.begin() as unit:
            await unit.get(ImportService).find(batch_id, BatchView.of(by))

    def rows(self, batch_id: UUID, result: RowResult | None, by: Principal) -> AsyncIterator[str]:
        """The rows that the caller may see, with the codes and messages of their issues."""

        async def read(imports: ImportService, page: PageRequest) -> tuple[Lines, str | None]:
            found = await imports.row_page(batch_id, result, by, page)
            lines: Lines = [_row(row, found.issues[row.row_no]) for row in found.rows.rows]
            return lines, found.rows.next_cursor

        return self._pages(ROW_COLUMNS, read)

    def issues(
        self,
        batch_id: UUID,
        code: IssueCode | None,
        severity: Severity | None,
        by: Principal,
    ) -> AsyncIterator[str]:
        """The issues that the caller may see."""

        async def read(imports: ImportService, page: PageRequest) -> tuple[Lines, str | None]:
            found = await imports.issue_page(batch_id, code, severity, by, page)
            return [_issue(issue) for issue in found.issues.rows], found.issues.next_cursor

        return self._pages(ISSUE_COLUMNS, read)

    async def _pages(self, columns: Sequence[str], read: ReadPage) -> AsyncIterator[str]:
        yield BYTE_ORDER_MARK + _written([columns])
        cursor: str | None = None
        while True:
            async with self.units.begin() as unit:
                page = PageRequest(limit=PAGE_ROWS, cursor=cursor)
                lines, cursor = await read(unit.get(ImportService), page)
            yield _written(lines)
            if cursor is None:
                return


def _row(row: ImportRow, issues: Sequence[ImportRowIssue]) -> Sequence[object]:
    cells = (row.raw.get(name, "") for name in COLUMNS)
    codes = " ".join(issue.code.value for issue in issues)
    return (row.row_no, row.result.value, *cells, codes, "; ".join(each.message for each in issues))


def _issue(issue: ImportRowIssue) -> Sequence[object]:
    return (
        issue.row_no or "",
        issue.code.value,
        issue.severity.value,
        issue.column or "",
        issue.value or "",
        issue.message,
        issue.suggestion or "",
    )


def _written(lines: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([safe_cell(str(cell)) for cell in line] for line in lines)
    return text.getvalue()
