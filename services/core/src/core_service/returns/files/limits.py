"""What a return may cost: the limits of its rows, of its workbook and of the process reading it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

MAX_CELLS: Final = 80
# Lines with something in them, before which there must be a header.
HEADER_LINES: Final = 20
MAX_CELL_BYTES: Final = 32 * KIB
MAX_ROW_BYTES: Final = 128 * KIB
# As many as a sheet has; the largest return seen has a third of them.
MAX_ROWS: Final = 1_048_576
# What is stored of a cell in a row that is refused.
SHOWN_CHARACTERS: Final = 200

MAX_PARTS: Final = 1000
MAX_DIRECTORY_BYTES: Final = MIB
MAX_PART_BYTES: Final = 768 * MIB
MAX_UNPACKED_BYTES: Final = 1024 * MIB
# Sheets of a return unpack to 10 to 40 times their size; small parts are not checked.
MAX_RATIO: Final = 100
RATIO_FROM_BYTES: Final = 8 * MIB
# The largest upload: a workbook must not exceed it by repeating its shared strings.
MAX_TEXT_BYTES: Final = 256 * MIB

Line = Sequence[str]


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Of the process that reads a file; `wall_seconds` is how long the worker waits for it."""

    memory_bytes: int = 512 * MIB
    cpu_seconds: int = 120
    wall_seconds: float = 300.0


class FileUnreadable(Exception):
    """The file is not of the kind that its first bytes announce."""

    code: ClassVar[str] = "FILE_UNREADABLE"


class FileTooCostly(FileUnreadable):
    """Reading the file would cost more than a limit, which the message names."""

    code: ClassVar[str] = "FILE_TOO_COSTLY"


class OutOfMemory(Exception):
    """A parser could not get the memory that it asked for."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that is refused as a row, with what is stored of it."""

    reason: str
    values: Line = ()


@dataclass(frozen=True, slots=True)
class OpenQuote:
    """A row one of whose cells began with a quote, in this line of the file, that is not closed."""

    values: Line
    line_no: int


@dataclass(frozen=True, slots=True)
class Blank:
    """Blank lines that follow each other, and the first of them."""

    count: int
    line: Line = ()


def within_limits(values: Line) -> Line | RefusedLine:
    """The line, or why it is refused."""
    if len(values) > MAX_CELLS:
        values = without_blank_end(values)
    if len(values) > MAX_CELLS:
        return RefusedLine(f"it has {len(values)} cells, more than {MAX_CELLS}", truncated(values))
    # A character takes at most four bytes in UTF-8, so most rows need no encoding to be measured.
    if 4 * sum(map(len, values)) <= MAX_CELL_BYTES:
        return values
    sizes = [len(value.encode(errors="replace")) for value in values]
    if max(sizes) > MAX_CELL_BYTES:
        reason = f"a cell has {max(sizes)} bytes, more than {MAX_CELL_BYTES}"
        return RefusedLine(reason, truncated(values))
    if sum(sizes) > MAX_ROW_BYTES:
        return RefusedLine(
            f"it has {sum(sizes)} bytes, more than {MAX_ROW_BYTES}", truncated(values)
        )
    return values


def without_blank_end(values: Line) -> Line:
    """The line up to its last cell with something in it."""
    filled = (index for index in range(len(values), 0, -1) if values[index - 1].strip())
    return values[: next(filled, 0)]


def truncated(values: Line) -> Line:
    """As much of a refused row as is stored."""
    return tuple(value[:SHOWN_CHARACTERS] for value in values[:MAX_CELLS])
