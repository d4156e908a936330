"""Rows and issues of an import as CSV for spreadsheets, page by page, so that memory stays flat.

Each page is read as the list of the same name reads it, in its own unit of work.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from common.composition import Units
from common.identity import Principal
from common.pages import PageRequest
from core_service.documents.formats import CsvWriter, document
from core_service.documents.text import Row
from core_service.documents.workbook import Layout
from core_service.returns.files.header import COLUMNS
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.models import ImportRow, ImportRowIssue, RowResult
from core_service.returns.service import ImportService
from core_service.returns.visibility import BatchView

PAGE_ROWS: Final = 200
ROW_COLUMNS: Final = ("row_no", "result", *COLUMNS, "issues", "messages")
ISSUE_COLUMNS: Final = (
    *("row_no", "code", "severity", "column", "value", "message", "suggestion"),
)

Lines = list[Row]
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

    def rows(
        self, batch_id: UUID, result: RowResult | None, by: Principal
    ) -> AsyncGenerator[bytes, None]:
        """The rows that the caller may see, with the codes and messages of their issues."""

        async def read(imports: ImportService, page: PageRequest) -> tuple[Lines, str | None]:
            found = await imports.row_page(batch_id, result, by, page)
            lines: Lines = [_row(row, found.issues[row.row_no]) for row in found.rows.rows]
            return lines, found.rows.next_cursor

        return self._document(ROW_COLUMNS, read)

    def issues(
        self,
        batch_id: UUID,
        code: IssueCode | None,
        severity: Severity | None,
        by: Principal,
    ) -> AsyncGenerator[bytes, None]:
        """The issues that the caller may see."""

        async def read(imports: ImportService, page: PageRequest) -> tuple[Lines, str | None]:
            found = await imports.issue_page(batch_id, code, severity, by, page)
            return [_issue(issue) for issue in found.issues.rows], found.issues.next_cursor

        return self._document(ISSUE_COLUMNS, read)

    def _document(self, columns: Sequence[str], read: ReadPage) -> AsyncGenerator[bytes, None]:
        return document(CsvWriter(), Layout("rows", (), columns), self._pages(read))

    async def _pages(self, read: ReadPage) -> AsyncGenerator[Lines, None]:
        cursor: str | None = None
        while True:
            async with self.units.begin() as unit:
                page = PageRequest(limit=PAGE_ROWS, cursor=cursor)
                lines, cursor = await read(unit.get(ImportService), page)
            yield lines
            if cursor is None:
                return


def _row(row: ImportRow, issues: Sequence[ImportRowIssue]) -> Row:
    cells = (row.raw.get(name, "") for name in COLUMNS)
    codes = " ".join(issue.code.value for issue in issues)
    return (row.row_no, row.result.value, *cells, codes, "; ".join(each.message for each in issues))


def _issue(issue: ImportRowIssue) -> Row:
    return (
        issue.row_no,
        issue.code.value,
        issue.severity.value,
        issue.column,
        issue.value,
        issue.message,
        issue.suggestion,
    )
