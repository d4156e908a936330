"""Files of returns from a short description: text in any dress, workbooks cell by cell."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

from core_service.returns.files.header import COLUMNS
from testkit.core.hostile_files import NAMESPACE, SHEET, STRINGS
from testkit.core.hostile_files import workbook as packed
from testkit.core.returns import MENTION

Value = object
HEADER: Final = tuple(COLUMNS)
STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"


def row(**cells: Value) -> tuple[Value, ...]:
    """The cells of a mention without fault, with some changed."""
    return tuple({**MENTION, **cells}.get(name, "") for name in COLUMNS)


def rows(number: int) -> list[tuple[Value, ...]]:
    """Mentions without fault of so many cases."""
    return [row(caseid_no=f"E{n}") for n in range(1, number + 1)]


def table(number: int = 3) -> list[tuple[Value, ...]]:
    """A header and so many rows."""
    return [HEADER, *rows(number)]


@dataclass(frozen=True, slots=True)
class Dress:
    """How a file of text is written."""

    separator: str = ","
    end: str = "\n"
    encoding: str = "utf-8"
    quoting: int = csv.QUOTE_MINIMAL

    def text(self, lines: Iterable[Sequence[Value]]) -> str:
        buffer = io.StringIO(newline="")
        writer = csv.writer(
            buffer,
            delimiter=self.separator,
            lineterminator=self.end,
            quoting=self.quoting,  # type: ignore[arg-type]  # an int is one
        )
        writer.writerows(lines)
        return buffer.getvalue()

    def file(self, lines: Iterable[Sequence[Value]], before: str = "", after: str = "") -> bytes:
        """The file; `before` and `after` are text as it is."""
        return f"{before}{self.text(lines)}{after}".encode(self.encoding)


PLAIN: Final = Dress()


@dataclass(frozen=True, slots=True)
class Xml:
    """A cell, or what is instead of one, as XML."""

    text: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A number in the style of a date."""

    number: float


def cell(value: Value) -> str:
    """A cell without a reference."""
    match value:
        case Xml(text):
            return text
        case Dated(number):
            return f'<c s="1"><v>{number}</v></c>'
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f"<c><v>{value}</v></c>"
        case "" | None:
            return "<c/>"
        case _:
            return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def row_of(values: Iterable[Value], attributes: str = "") -> str:
    return f"<row{attributes}>{''.join(map(cell, values))}</row>"


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet: rows of values, or XML of them."""

    lines: Sequence[Sequence[Value] | str]
    name: str = "Return"
    state: str = "visible"
    before: str = ""
    after: str = ""
    namespace: str = NAMESPACE

    def xml(self) -> bytes:
        data = "".join(line if isinstance(line, str) else row_of(line) for line in self.lines)
        return (
            f'<worksheet xmlns="{self.namespace}">{self.before}<sheetData>{data}</sheetData>'
            f"{self.after}</worksheet>"
        ).encode()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook; `parts` replace or add to its own."""

    sheets: Sequence[WorkbookSheet]
    strings: Sequence[str] | None = None
    is_1904: bool = False
    parts: Mapping[str, bytes] = field(default_factory=dict)

    def file(self) -> bytes:
        numbered = list(enumerate(self.sheets, 1))
        named = "".join(
            f'<sheet name="{escape(sheet.name)}" sheetId="{n}" state="{sheet.state}" r:id="s{n}"/>'
            for n, sheet in numbered
        )
        related = "".join(
            f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n, _ in numbered
        )
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="{_OFFICE}"><workbookPr'
            f' date1904="{int(self.is_1904)}"/><sheets>{named}</sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'{related}<Relationship Id="r2" Type="{_OFFICE}/sharedStrings"'
            f' Target="sharedStrings.xml"/><Relationship Id="r3" Type="{_OFFICE}/styles"'
            f' Target="styles.xml"/></Relationships>'.encode(),
            "xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}"><cellXfs><xf numFmtId="0"/>'
            f'<xf numFmtId="14"/></cellXfs></styleSheet>'.encode(),
            SHEET: b"",
            **{f"xl/worksheets/sheet{n}.xml": sheet.xml() for n, sheet in numbered},
        }
        if self.strings is not None:
            items = "".join(self.strings)
            parts[STRINGS] = f'<sst xmlns="{NAMESPACE}">{items}</sst>'.encode()
        return packed({name: [content] for name, content in {**parts, **self.parts}.items()})


def workbook(lines: Sequence[Sequence[Value] | str], **sheet: str) -> bytes:
    """A workbook of one sheet."""
    return Workbook([WorkbookSheet(lines, **sheet)]).file()
