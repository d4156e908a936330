"""A workbook (ECMA-376) that is written while it is sent: no sheet is ever whole in memory.

Texts are in their cells: a table of shared texts would have to be kept until the end. What names
the sheets comes last in the archive, where any reader finds it by the archive's directory.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Final
from xml.sax.saxutils import escape

from core_service.documents.cells import Cell, Style, Styled, Value, is_formula_like
from core_service.documents.parts import NAMESPACE, XML, parts

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Fewer than Excel's 1,048,576; and an entry of 2 GiB would need ZIP64, which Excel refuses in some
# places. What is longer goes on in another sheet.
SHEET_ROWS: Final = 1_000_000
SHEET_BYTES: Final = 1_500_000_000
CELL_CHARACTERS: Final = 32_767
COMPRESSION: Final = 3  # two thirds of the time of 6, for a twentieth more bytes
# Before 1 March 1900 Excel counts a day that never was, and other programs do not.
FIRST_DAY: Final = date(1900, 3, 1)
DAY_ZERO: Final = date(1899, 12, 30).toordinal()
SECONDS_OF_DAY: Final = 86_400
# What XML cannot hold, and what a reader would take for an escaped character (ST_Xstring).
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: the widths of its columns in characters, and what comes above its rows.

    The heading stays in sight, and is repeated on each printed page.
    """

    name: str
    widths: Sequence[float]
    heading: Sequence[str]
    above: Sequence[Sequence[Cell]] = ()

    @property
    def heading_row(self) -> int:
        return len(self.above) + 1


class _Sink(io.RawIOBase):
    """What was written and not taken yet; no one can seek in it."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:  # type: ignore[override]  # what zipfile writes
        self._written += data
        return len(data)

    def take(self) -> bytes:
        """What was written since."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


@dataclass(slots=True)
class WorkbookWriter:
    """Writes sheets one after the other; each method returns the bytes that are ready.

    A cell has no time zone: what is written there are times of `zone`.
    """

    zone: tzinfo
    sheet_rows: int = SHEET_ROWS
    _sink: _Sink = field(default_factory=_Sink)
    _names: list[str] = field(default_factory=list)
    _heading_rows: list[int] = field(default_factory=list)
    _layout: Layout | None = None
    _row: int = 0
    _bytes: int = 0
    _archive: zipfile.ZipFile = field(init=False)
    _entry: io.BufferedIOBase | None = None

    def __post_init__(self) -> None:
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)

    def begin(self, layout: Layout) -> bytes:
        """Begin a sheet, and end the one before."""
        self._begin(layout)
        return self._sink.take()

    def rows(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        """More rows of the sheet, or of another one like it when this one is full."""
        for row in rows:
            if self._layout and (self._row >= self.sheet_rows or self._bytes >= SHEET_BYTES):
                self._begin(self._layout)
            self._put_row(row)
        return self._sink.take()

    def finish(self) -> bytes:
        """The rest of the archive."""
        self._end_sheet()
        for name, text in parts(self._names, self._heading_rows):
            with self._open(name) as entry:
                entry.write(text.encode())
        self._archive.close()
        return self._sink.take()

    def _begin(self, layout: Layout) -> None:
        self._end_sheet()
        self._layout, self._row, self._bytes = layout, 0, 0
        self._names.append(self._free_name(layout.name))
        self._heading_rows.append(layout.heading_row)
        self._entry = self._open(f"xl/worksheets/sheet{len(self._names)}.xml")
        self._put(_sheet_head(layout))
        for row in layout.above:
            self._put_row(row)
        self._put_row([Styled(text, Style.HEADING) for text in layout.heading])

    def _open(self, name: str) -> io.BufferedIOBase:
        # With the time of writing, the same rows would make other bytes each time.
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info._compresslevel = COMPRESSION  # type: ignore[attr-defined]  # noqa: SLF001 - public as `compress_level` from 3.13 on
        return self._archive.open(info, "w")  # type: ignore[return-value]

    def _free_name(self, name: str) -> str:
        """The name as Excel allows it, numbered when it is taken."""
        clean = re.sub(r"[\[\]:*?/\\]", " ", name)[:31]
        number, found = 1, clean
        while found in self._names:
            number += 1
            found = f"{clean[:26]} ({number})"
        return found

    def _put(self, text: str) -> None:
        data = text.encode()
        self._bytes += len(data)
        if self._entry is not None:
            self._entry.write(data)

    def _put_row(self, row: Sequence[Cell]) -> None:
        self._row += 1
        self._put(f'<row r="{self._row}">{"".join(_cell(each, self.zone) for each in row)}</row>')

    def _end_sheet(self) -> None:
        if self._entry is not None:
            self._put(_SHEET_END)
            self._entry.close()
            self._entry = None


def _sheet_head(layout: Layout) -> str:
    below = layout.heading_row + 1
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(layout.widths, start=1)
    )
    return (
        f'{XML}<worksheet xmlns="{NAMESPACE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{layout.heading_row}"'
        f' topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="13"/><cols>{columns}</cols><sheetData>'
    )


# A4 across, as many pages as it takes, each with its number.
_SHEET_END: Final = (
    '</sheetData><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3"'
    ' footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1"'
    ' fitToHeight="0"/><headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter>'
    "</headerFooter></worksheet>"
)


def _cell(cell: Cell, zone: tzinfo) -> str:
    value, style = cell if isinstance(cell, Styled) else (cell, _style_of(cell))
    drawn = f' s="{int(style)}"' if style else ""
    if value is None or value == "":
        return f"<c{drawn}/>"
    if isinstance(value, bool):
        return f'<c{drawn} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c{drawn}><v>{value}</v></c>"
    if isinstance(value, date) and value.year >= FIRST_DAY.year and _day(value) >= FIRST_DAY:
        return f"<c{drawn}><v>{_serial(value, zone)}</v></c>"
    return f'<c{drawn} t="inlineStr"><is>{_text(str(value))}</is></c>'


def _style_of(value: Value) -> Style:
    if isinstance(value, str):
        return Style.FORMULA_LIKE if is_formula_like(value) else Style.PLAIN
    if isinstance(value, datetime):
        return Style.MOMENT
    return Style.DAY if isinstance(value, date) else Style.PLAIN


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _serial(value: date, zone: tzinfo) -> float | int:
    days = value.toordinal() - DAY_ZERO
    if not isinstance(value, datetime):
        return days
    at = value.astimezone(zone) if value.tzinfo else value
    midnight = datetime.combine(at.date(), time(), at.tzinfo)
    return at.toordinal() - DAY_ZERO + (at - midnight).total_seconds() / SECONDS_OF_DAY


def _text(text: str) -> str:
    text = text[:CELL_CHARACTERS]
    if not text.isprintable():  # rare, and the substitution costs as much as the rest
        text = _UNWRITABLE.sub("\ufffd", text)
    if "_x" in text:
        text = _LIKE_ESCAPED.sub("_x005F_", text)
    spaces = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{spaces}>{escape(text)}</t>"
