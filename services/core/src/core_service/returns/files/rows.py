"""A return's file, separated text or XLSX, as a stream of rows, in flat memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from core_service.returns.files.delimited import DelimitedLines
from core_service.returns.files.encodings import (
    FALLBACK,
    SEPARATORS,
    UTF_8,
    Survey,
    survey,
)
from core_service.returns.files.header import Header, missing_header
from core_service.returns.files.limits import MAX_ROWS, Blank, FileTooCostly
from core_service.returns.files.sheets import Numbered
from core_service.returns.files.tables import Item, SourceRow, Table
from core_service.returns.files.unusable import why_no_header
from core_service.returns.files.workbooks import Sheet, open_workbook
from core_service.returns.issues import Issue, IssueCode

ZIP_MAGIC: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """An open return; `rows` can be iterated once, and add the last of `issues` at their end.

    `about_rows` is an estimate, for progress.
    """

    header: Header
    issues: list[Issue]
    rows: Iterator[SourceRow]
    about_rows: int


@contextmanager
def open_return(path: Path, *, court_is_known: bool = False) -> Iterator[ReturnFile]:
    """Open a file of either kind; its headers are read, its rows are not yet.

    `court_is_known`: it was sent for a court, and needs no column of the court.
    """
    with path.open("rb") as file:
        is_workbook = file.read(len(ZIP_MAGIC)) == ZIP_MAGIC
    with _open_workbook(path) if is_workbook else _open_text(path) as opened:
        for table in opened.tables:
            table.court_is_known = court_is_known
            table.find_header()
        yield opened.file(court_is_known=court_is_known)


@contextmanager
def _open_text(path: Path) -> Iterator["_Reading"]:
    known = survey(path)
    with path.open(encoding=known.encoding, errors="replace", newline=known.newline) as file:
        lines = DelimitedLines(file, known.separator)
        table = Table(lines.rows(), about=known.lines, expect=lines.expect)
        yield _Reading([table], list(_written_otherwise(known)))


def _written_otherwise(known: Survey) -> Iterator[Issue]:
    """Remarks on a file that is not UTF-8 separated by commas."""
    if known.encoding == FALLBACK:
        message = "The file is not UTF-8; it was read as Windows-1252"
        yield Issue(IssueCode.ENC_FALLBACK, message, suggestion="Save as CSV UTF-8")
    elif known.encoding != UTF_8:
        message = f"The file is not UTF-8; it was read as {known.encoding.upper()}"
        yield Issue(IssueCode.ENC_FALLBACK, message, suggestion="Save as CSV UTF-8")
    if known.separator != ",":
        name = SEPARATORS.get(known.separator, known.separator)
        message = f"The cells are separated by {name}"
        yield Issue(IssueCode.SEPARATOR_FALLBACK, message, suggestion="Save as CSV UTF-8")


@contextmanager
def _open_workbook(path: Path) -> Iterator["_Reading"]:
    with open_workbook(path) as sheets:
        seen = [sheet for sheet in sheets if sheet.rows is not None and not sheet.is_hidden]
        skipped = [_skipped(sheet) for sheet in sheets if sheet not in seen]
        tables = [
            Table(_with_gaps(sheet.rows or iter(())), sheet.name, sheet.about) for sheet in seen
        ]
        hidden = [sheet.name for sheet in sheets if sheet.is_hidden and sheet.rows is not None]
        yield _Reading(tables, skipped, hidden)


def _skipped(sheet: Sheet) -> Issue:
    reason = "it is hidden" if sheet.is_hidden else "it has no cells"
    return _sheet_skipped(sheet.name, reason)


def _sheet_skipped(name: str | None, reason: str) -> Issue:
    message = f"The sheet {name} was not read: {reason}"
    return Issue(IssueCode.SHEET_SKIPPED, message, value=name)


def _with_gaps(lines: Iterable[Numbered]) -> Iterator[Item]:
    """The lines, with the number of those between them that the sheet leaves out."""
    before = 0
    for number, line in lines:
        if number > before + 1:
            yield Blank(number - before - 1)
        yield line
        before = number


@dataclass(slots=True)
class _Reading:
    """The tables of a file, and the names of its hidden sheets."""

    tables: list[Table]
    issues: list[Issue]
    hidden: list[str] = field(default_factory=list)
    read: list[Table] = field(default_factory=list)

    def file(self, *, court_is_known: bool) -> ReturnFile:
        first = self._first()
        if first is None or first.header is None:
            why = "".join(f"{each} " for each in why_no_header(self.tables, self.hidden))
            header = missing_header(why, court_is_known=court_is_known)
            self._skip([table for table in self.tables if table.name is not None])
            return ReturnFile(header, [*self.issues, *header.issues], iter(()), 0)
        header = first.header
        for table in self.tables:
            if self._is_read(table, header):
                self.read.append(table)
        self._skip([table for table in self.tables if table not in self.read])
        issues = dict.fromkeys(
            _placed(issue, table) for table in self.read for issue in _header_of(table).issues
        )
        header = replace(header, issues=tuple(issues))
        self.issues += [*issues, *map(_split, filter(_is_split, self.read))]
        about = sum(table.about for table in self.read)
        return ReturnFile(header, self.issues, self._rows(header), max(0, about - 1))

    def _first(self) -> Table | None:
        """The first table of activities; the first with any header where there is none."""
        found = [table for table in self.tables if table.header is not None]
        return min(found, key=_unfitness, default=None)

    def _is_read(self, table: Table, header: Header) -> bool:
        if table.header is None:
            return table.take_header(header)
        return table.header is header or table.header.is_usable or table.has_days_and_numbers

    def _skip(self, tables: Iterable[Table]) -> None:
        for table in tables:
            if not table.is_empty:
                reason = "it does not have the columns of a return"
                self.issues.append(_sheet_skipped(table.name, reason))

    def _rows(self, header: Header) -> Iterator[SourceRow]:
        row_no = 1
        for table in self.read:
            for row in table.rows(header.names, row_no):
                row_no = row.last_row_no + 1
                if row_no > MAX_ROWS + 1:
                    raise FileTooCostly(f"The file has more than {MAX_ROWS} rows")
                yield row
            self.issues += table.remarks.issues(table.place)


def _is_split(table: Table) -> bool:
    return bool(table.in_one_cell)


def _split(table: Table) -> Issue:
    name = SEPARATORS[table.in_one_cell]
    message = f"Each line{table.place} is in one cell, separated by {name}"
    return Issue(IssueCode.SEPARATOR_FALLBACK, message, suggestion="Save as CSV UTF-8")


def _unfitness(table: Table) -> tuple[bool, bool]:
    return not _header_of(table).is_usable, not table.has_days_and_numbers


def _header_of(table: Table) -> Header:
    return table.header or Header(())


def _placed(issue: Issue, table: Table) -> Issue:
    """A fault of a header with its sheet, which the file is refused for."""
    if table.name is None or issue.code is not IssueCode.HDR_MISSING:
        return issue
    return replace(issue, message=f"{issue.message} on the sheet {table.name}")
