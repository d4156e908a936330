"""The rows of a workbook's first sheet, wherever its cells are; to be read in a child process.

A sheet's own `<dimension>` is not believed, and rows that are not there are counted, not walked.
"""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final, Self
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import errors as xml_errors

from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]  # it ships no types
from openpyxl.styles.stylesheet import (  # type: ignore[import-untyped]  # as above
    apply_stylesheet,
)
from openpyxl.worksheet._reader import (  # type: ignore[import-untyped]  # as above
    WorkSheetParser,
)

from core_service.returns.files.limits import (
    MAX_CELLS,
    MAX_DIRECTORY_BYTES,
    MAX_PART_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_ROWS,
    MAX_TEXT_BYTES,
    MAX_UNPACKED_BYTES,
    MIB,
    RATIO_FROM_BYTES,
    FileTooCostly,
    FileUnreadable,
    Line,
    OutOfMemory,
    RefusedLine,
    truncated,
    within_limits,
)

# No part of a workbook has a document type, and entities, which can multiply, need one.
DECLARATIONS: Final = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP: Final = max(map(len, DECLARATIONS)) - 1
_ENTRIES, _DIRECTORY_BYTES = 4, 5


def require_bounded_directory(file: IO[bytes]) -> None:
    """Raise FileTooCostly when the list of the archive's parts is itself too long to be read."""
    # By zipfile's own function, so that both find the same directory in an ambiguous file.
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    if end is None:
        return
    if end[_ENTRIES] > MAX_PARTS or end[_DIRECTORY_BYTES] > MAX_DIRECTORY_BYTES:
        raise FileTooCostly(_too_many(end[_ENTRIES]))


class BoundedArchive(zipfile.ZipFile):
    """A workbook's archive whose parts unpack to a bounded size. Raises FileTooCostly."""

    def __init__(self, file: IO[bytes]) -> None:
        require_bounded_directory(file)
        super().__init__(file)
        self.unpacked = 0
        self._judge()

    def _judge(self) -> None:
        parts = self.infolist()
        if len(parts) > MAX_PARTS:
            raise FileTooCostly(
                f"The workbook has {len(parts)} parts; at most {MAX_PARTS} are read"
            )
        for part in parts:
            if part.file_size > MAX_PART_BYTES:
                raise FileTooCostly(_too_large("A part of the workbook", MAX_PART_BYTES))
            bound = max(RATIO_FROM_BYTES, MAX_RATIO * part.compress_size)
            if part.file_size > bound:
                raise FileTooCostly(
                    "A part of the workbook unpacks to more than"
                    f" {MAX_RATIO} times its size in the file"
                )
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise FileTooCostly(_too_large("The workbook", MAX_UNPACKED_BYTES))

    def open(self, *args: Any, **options: Any) -> Any:
        """A part to read, as zipfile opens it."""
        return _BoundedPart(super().open(*args, **options), self)

    def count(self, read: int) -> None:
        """Count bytes that were unpacked."""
        self.unpacked += read
        if self.unpacked > MAX_UNPACKED_BYTES:
            raise FileTooCostly(_too_large("The workbook", MAX_UNPACKED_BYTES))


@dataclass(slots=True)
class _BoundedPart:
    part: IO[bytes]
    archive: BoundedArchive
    tail: bytes = field(default=b"")

    def read(self, size: int = -1) -> bytes:
        piece = self.part.read(size)
        self.archive.count(len(piece))
        seen = self.tail + piece
        if any(declaration in seen for declaration in DECLARATIONS):
            raise FileTooCostly("The workbook declares XML entities, which are not read")
        self.tail = seen[-_OVERLAP:]
        return piece

    def close(self) -> None:
        self.part.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _too_many(parts: int) -> str:
    limit = f"at most {MAX_PARTS}, listed in at most {MAX_DIRECTORY_BYTES // MIB} MiB, are read"
    return f"The workbook has {parts} parts; {limit}"


def _too_large(what: str, limit: int) -> str:
    return f"{what} unpacks to more than {limit // MIB} MiB"


_DIMENSION: Final = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,9})"')
_HEAD_BYTES: Final = 2048
NO_MEMORY: Final = xml_errors.codes[xml_errors.XML_ERROR_NO_MEMORY]
ENTITIES: Final = 43  # XML_ERROR_AMPLIFICATION_LIMIT_BREACH, which pyexpat of 3.11 does not name


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines that are there, each with its number in the sheet, and an estimate of how many."""

    lines: Iterator[tuple[int, Line | RefusedLine]]
    about: int


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """Open the first sheet of a workbook."""
    # A file object, since openpyxl judges a path by its ending and ours has none.
    with path.open("rb") as file:
        with _readable():
            archive = BoundedArchive(file)
            workbook = _Workbook(file, archive)
            sheet = Sheet(_lines(workbook), workbook.about_rows())
        yield sheet


class _Workbook:
    """What of a workbook its first sheet needs to be read.

    `load_workbook` would read more, and a sheet without a `<dimension>` once more in search of it.
    """

    def __init__(self, file: IO[bytes], archive: BoundedArchive) -> None:
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.archive = self._archive = archive
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(archive, reader.wb)
        self._strings, self._workbook = reader.shared_strings, reader.wb
        self._path = next(
            rel.target
            for _, rel in reader.parser.find_sheets()
            if rel.target in reader.valid_files and "chartsheet" not in rel.Type
        )

    def about_rows(self) -> int:
        """What the sheet declares, which may be false."""
        with self._archive.open(self._path) as source:
            found = _DIMENSION.search(source.read(_HEAD_BYTES))
        return min(int(found[1]), MAX_ROWS) if found else 0

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """The rows that are there. (openpyxl's own `iter_rows` adds the missing ones.)"""
        with self._archive.open(self._path) as source:
            parser = WorkSheetParser(
                source,
                self._strings,
                data_only=True,
                epoch=self._workbook.epoch,
                date_formats=self._workbook._date_formats,  # noqa: SLF001 - for the parser alone
                timedelta_formats=self._workbook._timedelta_formats,  # noqa: SLF001 - as above
            )
            for row in parser.parse():
                parser.row_dimensions.clear()  # heights, of which a sheet may have a million
                yield row


def _lines(workbook: _Workbook) -> Iterator[tuple[int, Line | RefusedLine]]:
    last, text = 0, 0
    with _readable():
        for number, cells in workbook.rows():
            if number > MAX_ROWS:
                raise FileTooCostly(f"The sheet has a row {number}; at most {MAX_ROWS} are read")
            line = _line(cells)
            text += sum(map(len, line.values if isinstance(line, RefusedLine) else line))
            if text > MAX_TEXT_BYTES:
                limit = MAX_TEXT_BYTES // MIB
                raise FileTooCostly(f"The sheet's cells hold more than {limit} MiB of text")
            last = max(last + 1, number)  # a number that decreases is ignored
            yield last, line


def _line(cells: Sequence[Any]) -> Line | RefusedLine:
    """A row ends where its last cell with something in it does."""
    found = {cell["column"]: _text(cell["value"]) for cell in cells}
    filled = [column for column, text in found.items() if text.strip()]
    width = max(filled, default=0)
    values = tuple(found.get(column, "") for column in range(1, min(width, MAX_CELLS) + 1))
    if width > MAX_CELLS:
        return RefusedLine(f"it has {width} cells, more than {MAX_CELLS}", truncated(values))
    return within_limits(values)


@contextmanager
def _readable() -> Iterator[None]:
    """Translate the errors of openpyxl's parsers, which it lets through."""
    try:
        yield
    except ParseError as error:
        if error.code == ENTITIES:
            raise FileTooCostly("The workbook's XML entities exceed every limit") from error
        if error.code == NO_MEMORY:
            raise OutOfMemory from error
        raise FileUnreadable("The workbook is damaged, or it is no workbook") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        AttributeError,
        EOFError,
        KeyError,
        IndexError,
        OSError,
        OverflowError,
        TypeError,
        ValueError,
        RuntimeError,
        StopIteration,
    ) as error:
        raise FileUnreadable("The workbook is damaged, or it is no workbook") from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
