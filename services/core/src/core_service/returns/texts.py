"""The rows of a CSV file: split line by line, so that no line or quote costs more than a limit."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from core_service.returns.limits import (
    MAX_CELL_BYTES,
    MAX_ROW_BYTES,
    MAX_ROWS,
    MIB,
    Broken,
    FileTooCostly,
    Line,
    shown,
    within_limits,
)

# A quote that is never closed takes in what follows; this bounds how much.
MAX_CELL_CHARACTERS: Final = MAX_CELL_BYTES
# Beyond a row's own bytes there are at least its separators; more than this is read over.
MAX_LINE_CHARACTERS: Final = 2 * MAX_ROW_BYTES


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of the whole file before its first row is read."""

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


def split(file: TextIO) -> Iterator[Line | Broken]:
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
            yield Broken(reason, shown(lines.last.split(",")))
        except csv.Error as error:
            yield Broken(_reason(error))  # the reader starts afresh with the next line
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
        """Read over the rest of a line that was too long."""
        line = self.last
        while line and not line.endswith(("\n", "\r")):
            line = self.file.readline(MAX_LINE_CHARACTERS)


def _reason(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell has more than {MAX_CELL_CHARACTERS} bytes"
    return f"it cannot be split into cells: {error}"
