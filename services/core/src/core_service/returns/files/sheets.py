"""The rows of one sheet of a workbook, wherever its cells are.

A sheet's own `<dimension>` is not believed, and rows that are not there are not walked. The reader
is our own since what others refuse or misread is common: strict documents, prefixed names, formulas
without a value, styles beyond the standard.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from operator import itemgetter
from typing import Any, Final

from core_service.returns.files.archives import LOCAL_NAMES, BoundedArchive, Readable, new_parser
from core_service.returns.files.blank_rows import WALKED, after_last_row, skip_blank_rows
from core_service.returns.files.limits import (
    MAX_CELLS,
    MAX_ROWS,
    MAX_TEXT_BYTES,
    MIB,
    FileTooCostly,
    FileUnreadable,
    Line,
    RefusedLine,
    truncated,
    within_limits,
)
from core_service.returns.files.strings import unescaped

Numbered = tuple[int, Line | RefusedLine]
_DIGITS: Final = "0123456789"
_AROUND: Final = frozenset({"worksheet", "sheetData"})
_TEXT_TAGS: Final = frozenset({"v", "t", "f"})
_LEAP_BUG: Final = 60  # Excel counts 29 February 1900, which never was
# Of no return; a number that was typed into a cell with the style of a date shows one like it.
_FIRST_YEAR: Final = 1960
_SECONDS: Final = 86_400
_MAX_EXACT: Final = 1e15


@dataclass(frozen=True, slots=True)
class Styles:
    """What numbers mean: the styles that show them as dates, and the day that is 0."""

    dates: frozenset[str] = frozenset()
    is_1904: bool = False

    def shown(self, number: str) -> str:
        """The day, or the moment, that a cell in a date's style holds; the number if it is none."""
        try:
            days = float(number)
            moment = _moment_1904(days) if self.is_1904 else _moment(days)
            if moment.year < _FIRST_YEAR:
                moment = _moment(days)  # from which the number follows
        except (ValueError, OverflowError):
            return number
        if 0 <= days < 1:
            return moment.time().isoformat()
        return moment.date().isoformat() if moment.time() == time.min else str(moment)


def _moment(days: float) -> datetime:
    first = 30 if days >= _LEAP_BUG else 31
    return datetime(1899, 12, first) + _days(days)  # noqa: DTZ001 - a cell has no time zone


def _moment_1904(days: float) -> datetime:
    return datetime(1904, 1, 1) + _days(days)  # noqa: DTZ001 - as above


def _days(days: float) -> timedelta:
    return timedelta(seconds=round(days * _SECONDS))


def plain_number(text: str) -> str:
    """A number as people write it: `2026.0` → `2026`, `1.2E+05` → `120000`.

    To 15 digits, as spreadsheets show it: `2026.0000000000002` is what a formula has left of 2026.
    """
    if text.isdigit():
        return text
    try:
        number = float(f"{float(text):.15g}")
    except ValueError:
        return text
    if number.is_integer() and abs(number) < _MAX_EXACT:
        return str(int(number))
    return repr(number)


@dataclass(slots=True)
class _Cell:
    column: int
    kind: str
    style: str | None
    value: str | None = None
    formula: str | None = None
    inline: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SheetParser:
    """Takes a sheet's XML piece by piece, and gives its rows."""

    strings: Sequence[str]
    styles: Styles
    rows: list[Numbered] = field(default_factory=list)
    row_no: int = 0
    column: int = 0
    values: dict[int, str] = field(default_factory=dict)
    cell: _Cell | None = None
    text: list[str] | None = None
    phonetic: bool = False
    characters: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    around: list[str] = field(default_factory=list)
    done: int = 0
    """The last row that has been read whole; `around` are the tags that it is in."""

    def connect(self) -> Any:
        """An XML parser that calls this one."""
        self.cell = self.text = None
        parser = new_parser()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters_of
        return parser

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = LOCAL_NAMES[tag]
        if name == "c":
            reference = attributes.get("r")
            self.column = self.column + 1 if reference is None else self._column(reference)
            self.cell = _Cell(self.column, attributes.get("t", "n"), attributes.get("s"))
        elif name == "row":
            number = attributes.get("r")
            self.row_no = self.row_no + 1 if number is None else int(float(number))
            self.column, self.values = 0, {}
            if self.row_no > MAX_ROWS:
                limit = f"at most {MAX_ROWS} are read"
                raise FileTooCostly(f"The sheet has a row {self.row_no}; {limit}")
        elif name in _TEXT_TAGS and self.cell is not None and not self.phonetic:
            self.text = []
        elif name == "rPh":
            self.phonetic = True
        elif name in _AROUND and tag not in self.around:
            self.around.append(tag)

    def characters_of(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def end(self, tag: str) -> None:
        name = LOCAL_NAMES[tag]
        if self.text is not None and self.cell is not None and name in _TEXT_TAGS:
            found, self.text = "".join(self.text), None
            if name == "v":
                self.cell.value = found
            elif name == "f":
                self.cell.formula = found
            else:
                self.cell.inline.append(found)
        elif name == "c" and self.cell is not None:
            shown = self._shown(self.cell)
            if shown.strip():
                self.values[self.cell.column] = shown
            self.cell = None
        elif name == "row":
            self.rows.append((self.row_no, self._line()))
            self.done = self.row_no
        elif name == "rPh":
            self.phonetic = False

    def _column(self, reference: str) -> int:
        letters = reference.rstrip(_DIGITS)
        column = self.columns.get(letters)
        if column is None:
            column = 0
            for letter in letters.replace("$", "").upper():
                column = 26 * column + ord(letter) - 64
            self.columns[letters] = column
        return column

    def _shown(self, cell: _Cell) -> str:
        value = "".join(cell.inline) if cell.kind == "inlineStr" else cell.value
        if value is None or (not value and cell.kind == "n"):
            # What it would show is not known here; the formula is refused where cells are read.
            return "" if cell.formula is None else f"={cell.formula}"
        match cell.kind:
            case "s":
                return self._shared(value)
            case "b":
                return "FALSE" if value in ("0", "false") else "TRUE"
            case "n":
                is_date = cell.style in self.styles.dates
                return self.styles.shown(value) if is_date else plain_number(value)
            case _:
                return unescaped(value)

    def _shared(self, index: str) -> str:
        position = int(index)
        if not 0 <= position < len(self.strings):
            raise FileUnreadable(
                "The workbook's texts (its shared strings) are missing; save it again"
            )
        return self.strings[position]

    def _line(self) -> Line | RefusedLine:
        """A row ends where its last cell with something in it does."""
        values = self.values
        width = max(values, default=0)
        line = tuple(values.get(column, "") for column in range(1, min(width, MAX_CELLS) + 1))
        self.characters += sum(map(len, line))
        if self.characters > MAX_TEXT_BYTES:
            limit = MAX_TEXT_BYTES // MIB
            raise FileTooCostly(f"The sheet's cells hold more than {limit} MiB of text")
        if width > MAX_CELLS:
            return RefusedLine(f"it has {width} cells, more than {MAX_CELLS}", truncated(line))
        return within_limits(line)


@dataclass(slots=True)
class SheetRows:
    """Reads a sheet's XML; blank rows beyond a thousand that follow each other are skipped."""

    pieces: Iterator[bytes]
    reader: SheetParser
    last: int = 0
    blank: int = 0

    def __iter__(self) -> Iterator[Numbered]:
        """The rows that are there, each with its number.

        Some programs write rows in another order; far from its place, one keeps that of the file.
        """
        parser = self.reader.connect()
        for piece in self.pieces:
            parser.Parse(piece, not piece)
            found, self.reader.rows = self.reader.rows, []
            for number, line in sorted(found, key=itemgetter(0)):
                self.last = max(self.last + 1, number)
                self.blank = 0 if line else self.blank + 1
                yield self.last, line
            rest = after_last_row(piece) if self.blank >= WALKED else None
            if rest is not None:
                parser = self._skip(rest)

    def _skip(self, rest: bytes) -> Any:
        """Skip blank rows; a parser that has read what is around rows, and what follows those."""
        skipped = skip_blank_rows(self.pieces, rest, self.reader.done)
        self.blank, self.reader.row_no = 0, skipped.row_no
        if skipped.row_no > self.reader.done:
            self.reader.rows.append((skipped.row_no, ()))
        parser = self.reader.connect()
        around = "".join(f"<{tag}>" for tag in self.reader.around)
        parser.Parse(around.encode() + skipped.rest, False)
        return parser


def sheet_rows(
    archive: BoundedArchive, part: str, strings: Sequence[str], styles: Styles
) -> Iterator[Numbered]:
    """The rows of a sheet that are there, each with its number."""
    with Readable():
        yield from SheetRows(archive.pieces(part), SheetParser(strings, styles))
