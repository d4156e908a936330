"""The rows of a file of separated text.

One that cannot be split, or is too large, costs no other, and a quote that is never closed
swallows none: its row ends with its line.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TextIO

from core_service.returns.files.encodings import SEPARATOR_LINE
from core_service.returns.files.header import Header, looks_like_line_of_return
from core_service.returns.files.limits import (
    MAX_CELL_BYTES,
    MAX_CELLS,
    MAX_ROW_BYTES,
    Line,
    OpenQuote,
    RefusedLine,
    truncated,
    within_limits,
)

# A quote that is never closed takes in what follows; this bounds how much.
MAX_CELL_CHARACTERS: Final = MAX_CELL_BYTES
# A row has separators besides its bytes; what exceeds this is skipped.
MAX_LINE_CHARACTERS: Final = 2 * MAX_ROW_BYTES
QUOTE: Final = '"'
END_OF_FILE: Final = "\x1a"  # of DOS
LOST: Final = "\ufffd"
QUOTES: Final = ('"', "\u201c", "\u201d")
PLAIN_QUOTES: Final = str.maketrans("\u201c\u201d", 2 * QUOTE)
MAX_LINES_OF_ROW: Final = 100
# What Unicode and old printers end lines with besides a line feed; in most files they are text.
OTHER_ENDS: Final = re.compile("([\r\v\f\x1c-\x1e\x85\u2028\u2029])")

IsRow = Callable[[Sequence[str]], bool]


class _LineTooLong(Exception):
    """A row's lines are too long to be given to the CSV reader."""


class _QuoteStaysOpen(Exception):
    """What follows the row's first line is other rows, or the file's end."""


@dataclass(slots=True)
class DelimitedLines:
    """The file's rows. `is_row` says of a line, split by itself, whether it looks like a row."""

    file: TextIO
    separator: str
    is_row: IsRow = looks_like_line_of_return
    width: int = MAX_CELLS
    line_no: int = 0
    first_line: int = 0
    taken: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    characters: int = 0

    def expect(self, header: Header) -> None:
        """Say what a row looks like, once the header is known."""
        self.is_row, self.width = header.is_row, len(header.names)

    def rows(self) -> Iterator[Line | RefusedLine | OpenQuote]:
        csv.field_size_limit(MAX_CELL_CHARACTERS)
        reader = self._reader()
        while True:
            self.characters = 0
            self.taken.clear()
            try:
                values = tuple(next(reader))
                if len(self.taken) > 1 and any(values[self.width :]):
                    raise _QuoteStaysOpen  # noqa: TRY301 - what one line is, as below
            except StopIteration:
                return
            except (_LineTooLong, _QuoteStaysOpen, csv.Error) as error:
                yield self._first_line_alone(error)
                reader = self._reader()
            else:
                yield within_limits(self._quoted_otherwise(values))

    def _quoted_otherwise(self, values: Line) -> Line:
        """The cells of a row that is too wide since its quotes follow blanks or are curly."""
        if len(values) <= self.width or len(self.taken) > 1:
            return values
        if not any(value.lstrip().startswith(QUOTES) for value in values):
            return values
        line = self.taken[0].rstrip("\r\n").translate(PLAIN_QUOTES)
        try:
            again = next(csv.reader([line], delimiter=self.separator, skipinitialspace=True))
        except csv.Error:
            return values
        return tuple(again) if len(again) == self.width else values

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines(), delimiter=self.separator)

    def _lines(self) -> Iterator[str]:
        """The lines for one CSV reader. After an exception another reader takes the rest."""
        while line := self._next_line():
            self.characters += len(line)
            if self.taken:
                self._require_no_row(line)
            else:
                self.first_line = self.line_no
            self.taken.append(line)
            if self.characters >= MAX_LINE_CHARACTERS:
                raise _LineTooLong
            yield line
        if len(self.taken) > 1:
            raise _QuoteStaysOpen

    def _require_no_row(self, line: str) -> None:
        if len(self.taken) >= MAX_LINES_OF_ROW or self._swallows(line):
            self.taken.append(line)
            raise _QuoteStaysOpen

    def _first_line_alone(self, error: Exception) -> Line | RefusedLine | OpenQuote:
        """The row as far as its first line; those that an open quote has joined to it come next."""
        first, rest = self.taken[0], self.taken[1:]
        self.waiting = rest + self.waiting
        self.line_no -= len(rest)
        if not rest and isinstance(error, csv.Error):
            return RefusedLine(_reason(error), truncated(first.split(self.separator)))
        if len(first) >= MAX_LINE_CHARACTERS:
            self._skip_line(first)
            reason = f"it has more than {MAX_ROW_BYTES} bytes"
            return RefusedLine(reason, truncated(first.split(self.separator)))
        try:
            values = next(csv.reader([first.rstrip("\r\n")], delimiter=self.separator))
        except csv.Error as again:
            return RefusedLine(_reason(again), truncated(first.split(self.separator)))
        fits = within_limits(tuple(values))
        return fits if isinstance(fits, RefusedLine) else OpenQuote(fits, self.first_line)

    def _next_line(self) -> str:
        self.line_no += 1
        if self.waiting:
            return self.waiting.pop(0)
        line = self.file.readline(MAX_LINE_CHARACTERS)
        if self.line_no == 1 and SEPARATOR_LINE.fullmatch(line):
            return self._next_line()
        if line.startswith("\0") and not line.strip("\0\r\n"):
            return "\n"  # what a computer leaves behind that lost power while it wrote
        line = line.replace("\0", LOST)  # which Postgres cannot store
        if not line.strip(f"{END_OF_FILE}\r\n"):
            line = line.replace(END_OF_FILE, "")
        inside = OTHER_ENDS.search(line.rstrip("\r\n")) is not None
        return self._up_to_other_end(line) if inside else line

    def _up_to_other_end(self, line: str) -> str:
        """The line up to a character that ends a row; elsewhere it is text, and a carriage return
        is a blank.
        """
        first, *parts = OTHER_ENDS.split(line.rstrip("\r\n"))
        lines = [first]
        for end, part in zip(parts[::2], parts[1::2], strict=True):
            if self._is_row(part):
                lines.append(part)
            else:
                lines[-1] += (" " if end == "\r" else end) + part
        ended = [f"{each}\n" for each in lines]
        self.waiting = ended[1:] + self.waiting
        return ended[0]

    def _skip_line(self, line: str) -> None:
        """Skip the rest of a line that was too long."""
        while line and not line.endswith(("\n", "\r")):
            line = self.file.readline(MAX_LINE_CHARACTERS)

    def _swallows(self, line: str) -> bool:
        """Whether a line that an open quote has reached is a row.

        The line in which a cell of several lines ends is none: before the quote that closes the
        cell, which a separator or the line's end follows, there are no cells.
        """
        if self._is_row(line, stray_quotes=line.count(QUOTE) % 2 == 1):
            return True
        end = self._closing_quote(line)
        return end is not None and self._is_row(line[:end])

    def _is_row(self, line: str, *, stray_quotes: bool = False) -> bool:
        if stray_quotes:
            return self._closing_quote(line) is None and self._is_row(line)
        try:
            values = next(
                csv.reader([line.rstrip("\r\n")], delimiter=self.separator),
                [],
            )
        except csv.Error:
            return False
        return not any(QUOTE in value for value in values[:2]) and self.is_row(values)

    def _closing_quote(self, line: str) -> int | None:
        """Where the open quote is closed as CSV demands; doubled quotes are text."""
        plain, position = line.rstrip("\r\n"), 0
        while (position := plain.find(QUOTE, position)) >= 0:
            after = plain[position + 1 : position + 2]
            if after == QUOTE:
                position += 2
            elif after in ("", self.separator):
                return position
            else:
                position += 1
        return None


def _reason(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"a cell has more than {MAX_CELL_CHARACTERS} bytes"
    return f"it cannot be split into cells: {error}"
