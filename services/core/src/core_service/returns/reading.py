"""A return's file as a stream of rows: CSV or XLSX, in whatever dress it comes, in flat memory."""

import codecs
import csv
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook  # type: ignore[import-untyped]  # it ships no types

from core_service.returns.columns import Header, looks_like_header, missing_header, read_header
from core_service.returns.issues import Code, Issue

BLOCK_BYTES: Final = 1024 * 1024
HEADER_LINES: Final = 10
# A quote that is never closed swallows what follows; this bounds how much before we go on.
MAX_CELL_CHARACTERS: Final = 32 * 1024
ZIP_MAGIC: Final = b"PK\x03\x04"

Line = Sequence[str]


class FileUnreadable(Exception):
    """The file is not what its first bytes promise."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the file, numbered from 1 after the header; `fault` when it cannot be split."""

    row_no: int
    values: Line
    fault: str | None = None

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(value.strip() for value in self.values)


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """An open return; `rows` can be gone through once. `about_rows` is a guess, for progress."""

    header: Header
    issues: tuple[Issue, ...]
    rows: Iterator[SourceRow]
    about_rows: int


@dataclass(frozen=True, slots=True)
class _Broken:
    """A line that the CSV reader could not split."""

    reason: str


@contextmanager
def open_return(path: Path) -> Iterator[ReturnFile]:
    """Open a file of either kind; its header is read, its rows are not yet."""
    with path.open("rb") as file:
        is_workbook = file.read(len(ZIP_MAGIC)) == ZIP_MAGIC
    with _open_workbook(path) if is_workbook else _open_csv(path) as opened:
        yield opened


@contextmanager
def _open_csv(path: Path) -> Iterator[ReturnFile]:
    encoding, lines = _survey(path)
    issues: tuple[Issue, ...] = ()
    if encoding != "utf-8-sig":
        message = "The file is not UTF-8; it was read as Windows-1252"
        issues = (Issue(Code.ENC_FALLBACK, message, suggestion="Save as CSV UTF-8"),)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        found = _without_trailing(_split(file), lambda line: line == ())
        yield _return_file(found, issues, lines)


@contextmanager
def _open_workbook(path: Path) -> Iterator[ReturnFile]:
    # A file object, since openpyxl judges a path by its ending and ours has none.
    with path.open("rb") as file:
        with _readable():
            book = load_workbook(file, read_only=True, data_only=True)
            sheet = book.worksheets[0]
        found = _without_trailing(_sheet_lines(sheet), lambda line: not any(line))
        yield _return_file(found, (), sheet.max_row or 0, fit=True)


def _sheet_lines(sheet: Any) -> Iterator[Line]:
    with _readable():
        for cells in sheet.iter_rows(values_only=True):
            yield tuple(_text(cell) for cell in cells)


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever is wrong inside a workbook, openpyxl lets its parsers' own errors through."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, SyntaxError) as error:
        raise FileUnreadable("The workbook is damaged, or it is no workbook") from error


def _survey(path: Path) -> tuple[str, int]:
    """The encoding of the whole file, and how many lines it has."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    encoding, lines = "utf-8-sig", 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            lines += block.count(b"\n")
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    encoding = "cp1252"
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = "cp1252"
    return encoding, lines


def _split(lines: Iterable[str]) -> Iterator[Line | _Broken]:
    reader = csv.reader(lines)
    while True:
        try:
            yield tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield _Broken(str(error))  # the reader starts afresh with the next line


def _without_trailing(
    lines: Iterable[Line | _Broken], is_blank: Callable[[Line], bool]
) -> Iterator[Line | _Broken]:
    """Leave out blank lines after the last row; those between rows stay."""
    waiting = 0
    for line in lines:
        if not isinstance(line, _Broken) and is_blank(line):
            waiting += 1
            continue
        yield from itertools.repeat((), waiting)
        waiting = 0
        yield line


def _return_file(
    lines: Iterator[Line | _Broken], issues: tuple[Issue, ...], about: int, *, fit: bool = False
) -> ReturnFile:
    header, skipped = _find_header(lines)
    rows = _numbered(lines, len(header.names) if fit else None)
    return ReturnFile(header, (*issues, *header.issues), rows, max(0, about - skipped))


def _find_header(lines: Iterator[Line | _Broken]) -> tuple[Header, int]:
    for skipped, line in enumerate(itertools.islice(lines, HEADER_LINES), start=1):
        if not isinstance(line, _Broken) and looks_like_header(line):
            return read_header(line), skipped
    return missing_header(), HEADER_LINES


def _numbered(lines: Iterable[Line | _Broken], width: int | None) -> Iterator[SourceRow]:
    for row_no, line in enumerate(lines, start=1):
        if isinstance(line, _Broken):
            yield SourceRow(row_no, (), line.reason)
        else:
            yield SourceRow(row_no, line if width is None else _fitted(line, width))


def _fitted(line: Line, width: int) -> Line:
    """A sheet's row ends where its last cell ends, so only what stands beyond the header is odd."""
    padded = (*line, *("",) * (width - len(line)))
    return padded if any(padded[width:]) else padded[:width]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
