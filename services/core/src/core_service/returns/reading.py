"""A return's file as a stream of rows: CSV or XLSX, in whatever dress it comes, in flat memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core_service.returns.columns import Header, looks_like_header, missing_header, read_header
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.limits import MAX_ROWS, Broken, FileTooCostly, Line
from core_service.returns.texts import split, survey
from core_service.returns.workbooks import open_sheet

HEADER_LINES: Final = 10
ZIP_MAGIC: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the file, numbered from 1 after the header; `fault` when it is refused unread.

    Blank rows that follow each other are one of these, `count` of them from `row_no` on.
    """

    row_no: int
    values: Line
    fault: str | None = None
    count: int = 1

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(value.strip() for value in self.values)

    @property
    def last_row_no(self) -> int:
        return self.row_no + self.count - 1


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """An open return; `rows` can be gone through once. `about_rows` is a guess, for progress."""

    header: Header
    issues: tuple[Issue, ...]
    rows: Iterator[SourceRow]
    about_rows: int


@dataclass(frozen=True, slots=True)
class _Blank:
    """Blank lines that follow each other, and the first of them."""

    count: int
    line: Line = ()


@contextmanager
def open_return(path: Path) -> Iterator[ReturnFile]:
    """Open a file of either kind; its header is read, its rows are not yet."""
    with path.open("rb") as file:
        is_workbook = file.read(len(ZIP_MAGIC)) == ZIP_MAGIC
    with _open_workbook(path) if is_workbook else _open_csv(path) as opened:
        yield opened


@contextmanager
def _open_csv(path: Path) -> Iterator[ReturnFile]:
    known = survey(path)
    issues: tuple[Issue, ...] = ()
    if known.encoding != "utf-8-sig":
        message = "The file is not UTF-8; it was read as Windows-1252"
        issues = (Issue(IssueCode.ENC_FALLBACK, message, suggestion="Save as CSV UTF-8"),)
    with path.open(encoding=known.encoding, errors="replace", newline="") as file:
        yield _return_file(_joined(split(file)), issues, known.lines)


@contextmanager
def _open_workbook(path: Path) -> Iterator[ReturnFile]:
    with open_sheet(path) as sheet:
        yield _return_file(_joined(_with_gaps(sheet.lines)), (), sheet.about, fit=True)


def _with_gaps(lines: Iterable[tuple[int, Line | Broken]]) -> Iterator[Line | Broken | _Blank]:
    """The lines, with the number of those between them that the sheet leaves out."""
    before = 0
    for number, line in lines:
        if number > before + 1:
            yield _Blank(number - before - 1)
        yield line
        before = number


def _joined(lines: Iterable[Line | Broken | _Blank]) -> Iterator[Line | Broken | _Blank]:
    """Count blank lines that follow each other; those without a cell do not count at the end."""
    blank = waiting = 0
    first: Line = ()
    for line in lines:
        if isinstance(line, _Blank):
            waiting += line.count
        elif isinstance(line, Broken) or any(cell.strip() for cell in line):
            if blank + waiting:
                yield _Blank(blank + waiting, first)
            blank, waiting, first = 0, 0, ()
            yield line
        elif line:
            first = first or line
            blank, waiting = blank + waiting + 1, 0
        else:
            waiting += 1
    if blank:
        yield _Blank(blank, first)


def _return_file(
    lines: Iterator[Line | Broken | _Blank],
    issues: tuple[Issue, ...],
    about: int,
    *,
    fit: bool = False,
) -> ReturnFile:
    header, skipped = _find_header(lines)
    rows = _numbered(lines, len(header.names) if fit else None)
    return ReturnFile(header, (*issues, *header.issues), rows, max(0, about - skipped))


def _find_header(lines: Iterator[Line | Broken | _Blank]) -> tuple[Header, int]:
    skipped = 0
    while skipped < HEADER_LINES:
        line = next(lines, None)
        if line is None:
            break
        skipped += line.count if isinstance(line, _Blank) else 1
        if isinstance(line, Broken) and looks_like_header(line.shown):
            raise FileTooCostly(f"The header is refused: {line.reason}")
        if not isinstance(line, Broken | _Blank) and looks_like_header(line):
            return read_header(line), skipped
    return missing_header(), HEADER_LINES


def _numbered(lines: Iterable[Line | Broken | _Blank], width: int | None) -> Iterator[SourceRow]:
    row_no = 1
    for line in lines:
        row = _row(row_no, line, width)
        row_no += row.count
        if row_no - 1 > MAX_ROWS:
            raise FileTooCostly(f"The file has more than {MAX_ROWS} rows")
        yield row


def _row(row_no: int, line: Line | Broken | _Blank, width: int | None) -> SourceRow:
    if isinstance(line, Broken):
        return SourceRow(row_no, line.shown, line.reason)
    count, values = (line.count, line.line) if isinstance(line, _Blank) else (1, line)
    return SourceRow(row_no, values if width is None else _fitted(values, width), count=count)


def _fitted(line: Line, width: int) -> Line:
    """A sheet's row ends where its last cell ends, so only what stands beyond the header is odd."""
    padded = (*line, *("",) * (width - len(line)))
    return padded if any(padded[width:]) else padded[:width]
