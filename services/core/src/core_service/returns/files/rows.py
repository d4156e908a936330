"""A return's file, CSV or XLSX, as a stream of rows, in flat memory."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from core_service.returns.files.header import Header, looks_like_header, missing_header, read_header
from core_service.returns.files.limits import (
    MAX_CELL_BYTES,
    MAX_ROW_BYTES,
    MAX_ROWS,
    MIB,
    FileTooCostly,
    Line,
    RefusedLine,
    truncated,
    within_limits,
)
from core_service.returns.files.workbooks import open_sheet
from core_service.returns.issues import Issue, IssueCode

# A quote that is never closed takes in what follows; this bounds how much.
MAX_CELL_CHARACTERS: Final = MAX_CELL_BYTES
# A row has separators besides its bytes; what exceeds this is skipped.
MAX_LINE_CHARACTERS: Final = 2 * MAX_ROW_BYTES


@dataclass(frozen=True, slots=True)
class Survey:
    """The encoding and length of the file, known before its first row is read."""

    encoding: str
    lines: int


class _LineTooLong(Exception):
    """A row's lines are too long to be given to the CSV reader."""


def survey(path: Path) -> Survey:
    """The encoding of the whole file, and how many lines it has. Raises FileTooCostly."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    encoding, lines = "utf-8-sig", 0
    with path.open("rb") as file:
        while block := file.read(MIB):
            lines += block.count(b"\n")
            if lines > MAX_ROWS:
                raise FileTooCostly(f"The file has more than {MAX_ROWS} lines")
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    encoding = "cp1252"
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = "cp1252"
    return Survey(encoding, lines)


def csv_lines(file: TextIO) -> Iterator[Line | RefusedLine]:
    """The rows; one that cannot be split, or is too large, costs no other."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    lines = _Lines(file)
    reader = csv.reader(lines)
    while True:
        lines.characters = 0
        try:
            values = tuple(next(reader))
        except StopIteration:
            return
        except _LineTooLong:
            lines.skip_line()
            reason = f"it has more than {MAX_ROW_BYTES} bytes"
            yield RefusedLine(reason, truncated(lines.last.split(",")))
        except csv.Error as error:
            yield RefusedLine(_reason(error))  # the reader continues with the next line
        else:
            yield within_limits(values)


@dataclass(slots=True)
class _Lines:
    """The file's lines, as many as one row may take."""

    file: TextIO
    characters: int = 0
    last: str = ""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.file.readline(MAX_LINE_CHARACTERS)
        if not line:
            raise StopIteration
        self.characters += len(line)
        if self.characters >= MAX_LINE_CHARACTERS:
            self.last = line
            raise _LineTooLong
        return line

    def skip_line(self) -> None:
        """Skip the rest of a line that was too long."""
        line = self.last
        while line and not line.endswith(("\n", "\r")):
            line = self.file.readline(MAX_LINE_CHARACTERS)


def _reason(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell has more than {MAX_CELL_CHARACTERS} bytes"
    return f"it cannot be split into cells: {error}"


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
    """An open return; `rows` can be iterated once. `about_rows` is an estimate, for progress."""

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
        yield _return_file(_joined(csv_lines(file)), issues, known.lines)


@contextmanager
def _open_workbook(path: Path) -> Iterator[ReturnFile]:
    with open_sheet(path) as sheet:
        yield _return_file(_joined(_with_gaps(sheet.lines)), (), sheet.about, fit=True)


def _with_gaps(
    lines: Iterable[tuple[int, Line | RefusedLine]],
) -> Iterator[Line | RefusedLine | _Blank]:
    """The lines, with the number of those between them that the sheet leaves out."""
    before = 0
    for number, line in lines:
        if number > before + 1:
            yield _Blank(number - before - 1)
        yield line
        before = number


def _joined(lines: Iterable[Line | RefusedLine | _Blank]) -> Iterator[Line | RefusedLine | _Blank]:
    """Count blank lines that follow each other; those without a cell do not count at the end."""
    blank = waiting = 0
    first: Line = ()
    for line in lines:
        if isinstance(line, _Blank):
            waiting += line.count
        elif isinstance(line, RefusedLine) or any(cell.strip() for cell in line):
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
    lines: Iterator[Line | RefusedLine | _Blank],
    issues: tuple[Issue, ...],
    about: int,
    *,
    fit: bool = False,
) -> ReturnFile:
    header, skipped = _find_header(lines)
    rows = _numbered(lines, len(header.names) if fit else None)
    return ReturnFile(header, (*issues, *header.issues), rows, max(0, about - skipped))


def _find_header(lines: Iterator[Line | RefusedLine | _Blank]) -> tuple[Header, int]:
    skipped = 0
    while skipped < HEADER_LINES:
        line = next(lines, None)
        if line is None:
            break
        skipped += line.count if isinstance(line, _Blank) else 1
        if isinstance(line, RefusedLine) and looks_like_header(line.values):
            raise FileTooCostly(f"The header is refused: {line.reason}")
        if not isinstance(line, RefusedLine | _Blank) and looks_like_header(line):
            return read_header(line), skipped
    return missing_header(), HEADER_LINES


def _numbered(
    lines: Iterable[Line | RefusedLine | _Blank], width: int | None
) -> Iterator[SourceRow]:
    row_no = 1
    for line in lines:
        row = _row(row_no, line, width)
        row_no += row.count
        if row_no - 1 > MAX_ROWS:
            raise FileTooCostly(f"The file has more than {MAX_ROWS} rows")
        yield row


def _row(row_no: int, line: Line | RefusedLine | _Blank, width: int | None) -> SourceRow:
    if isinstance(line, RefusedLine):
        return SourceRow(row_no, line.values, line.reason)
    count, values = (line.count, line.line) if isinstance(line, _Blank) else (1, line)
    return SourceRow(row_no, values if width is None else _fitted(values, width), count=count)


def _fitted(line: Line, width: int) -> Line:
    """A sheet's row ends with its last cell, so only cells beyond the header are unexpected."""
    padded = (*line, *("",) * (width - len(line)))
    return padded if any(padded[width:]) else padded[:width]
