"""Files that are small to send and costly to read."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Final

from core_service.returns.files.header import COLUMNS
from testkit.core.returns import MENTION

NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET: Final = "xl/worksheets/sheet1.xml"
STRINGS: Final = "xl/sharedStrings.xml"

_PARTS: Final[Mapping[str, str]] = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
      <Default Extension="rels"
        ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
      <Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>
      <Override PartName="/{SHEET}" ContentType="{_TYPE}.worksheet+xml"/>
      <Override PartName="/{STRINGS}" ContentType="{_TYPE}.sharedStrings+xml"/>
      <Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"
      Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{NAMESPACE}" xmlns:r="{_OFFICE}"><sheets>
      <sheet name="Return" sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
      <Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
      <Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>
      <Relationship Id="r3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>""",
    "xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}"/>',
    STRINGS: f'<sst xmlns="{NAMESPACE}"></sst>',
}

_DIRECTORY: Final = b"PK\x01\x02"
_ENTRY_BYTES: Final = 46

Parts = Mapping[str, Iterable[bytes]]


def row_xml(values: Iterable[str]) -> bytes:
    """A row of inline strings, without the references that a sheet can do without."""
    cells = (f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f"<row>{''.join(cells)}</row>".encode()


HEADER: Final = row_xml(COLUMNS)
GOOD: Final = row_xml(MENTION.get(column, "") for column in COLUMNS)
BLANKS: Final = b"<row/>" * 100_000


def sheet(rows: Iterable[bytes], before: str = "", root: str = "") -> Iterable[bytes]:
    """A sheet's XML, in pieces; `before` precedes its data and `root` the whole document."""
    yield f'{root}<worksheet xmlns="{NAMESPACE}">{before}<sheetData>'.encode()
    yield from rows
    yield b"</sheetData></worksheet>"


def workbook(parts: Parts) -> bytes:
    """A workbook with these parts for, or besides, the least that one has."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            if name not in parts:
                archive.writestr(name, text)
        for name, pieces in parts.items():
            with archive.open(name, "w", force_zip64=False) as part:
                for piece in pieces:
                    part.write(piece)
    return buffer.getvalue()


def unpacks_to_a_gibibyte() -> bytes:
    """Some 1 MB in the file, a thousand times that read."""
    return workbook({SHEET: sheet([HEADER, GOOD, *[BLANKS] * 1700])})


def unpacks_to_a_thousand_times_its_size() -> bytes:
    """Some 60 KB in the file."""
    return workbook({SHEET: sheet([HEADER, GOOD, *[BLANKS] * 100])})


def millions_of_cells(rows: int = 55_000) -> bytes:
    """Some 6 MB in the file: rows of forty numbers."""
    cells = range(40)
    lines = (
        b"<row>%b</row>" % b"".join(b"<c><v>%d</v></c>" % (row * 7919 % 99991 + n) for n in cells)
        for row in range(rows)
    )
    return workbook({SHEET: sheet([HEADER, *lines])})


def shared_strings_of_hundreds_of_megabytes() -> bytes:
    """Below each limit of the archive; the strings themselves take too much memory."""
    digests = [sha256(b"%d" % n).hexdigest().encode() * 14 for n in range(5000)]
    block = (
        b"<si><t>%b</t></si>"
        * 500
        % tuple(b"".join(digests[n : n + 10]) for n in range(0, 5000, 10))
    )
    strings = [f'<sst xmlns="{NAMESPACE}">'.encode(), *[block] * 110, b"</sst>"]
    return workbook({SHEET: sheet([HEADER, GOOD]), STRINGS: strings})


def one_string_repeated() -> bytes:
    """Four cells a row that say a string of 31 KB: 2 MB of XML that mean gigabytes of text."""
    strings = f'<sst xmlns="{NAMESPACE}"><si><t>{"x" * 31_000}</t></si></sst>'.encode()
    row = b"<row><c><v>%d</v></c>" + b'<c t="s"><v>0</v></c>' * 4 + b"</row>"
    rows = (row % (n * 2654435761 % 2**32) for n in range(20_000))
    return workbook({SHEET: sheet([HEADER, *rows]), STRINGS: [strings]})


def entity_bomb() -> bytes:
    """Entities of entities: some 3 GB of laughter."""
    nested = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">'  # each ten times the one before
        for n in range(1, 10)
    )
    root = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{nested}]>'
    return workbook({SHEET: sheet([HEADER, row_xml(["&l9;"])], root=root)})


def thousands_of_parts() -> bytes:
    """An archive whose directory alone is long."""
    return workbook({SHEET: sheet([HEADER, GOOD]), **{f"xl/media/{n}": [b""] for n in range(5000)}})


def sizes_that_lie(claimed: int = 4000) -> bytes:
    """A sheet that unpacks to more than its directory declares."""
    content = bytearray(workbook({SHEET: sheet([HEADER, *[GOOD] * 20_000])}))
    entry = content.index(SHEET.encode(), content.index(_DIRECTORY)) - _ENTRY_BYTES
    content[entry + 24 : entry + 28] = claimed.to_bytes(4, "little")
    return bytes(content)


def blank_to_the_last_column(rows: int = 20) -> bytes:
    """Rows of 16,384 cells with nothing in them, and one good row behind them."""
    blank = b"<row>" + b"<c/>" * 16_384 + b"</row>"
    return workbook({SHEET: sheet([HEADER, *[blank] * rows, GOOD])})


def wide_csv(rows: int = 100, cells: int = 30_000) -> bytes:
    """Some 6 MB: rows of 30,000 cells, with a good one behind them."""
    good = ",".join(MENTION.get(column, "").replace(",", " ") for column in COLUMNS)
    good = good.replace("Example Amina", '"Example, Amina').replace("Wanja", 'Wanja"')
    lines = [",".join(COLUMNS), *[",".join(["x"] * cells)] * rows, good]
    return "\n".join(lines).encode()


def long_line_csv() -> bytes:
    """One line of 20 MB, with a good one behind it."""
    header, _, good = wide_csv(0).partition(b"\n")
    return b"\n".join([header, b"x" * 20_000_000, good])


def open_quotes_csv(rows: int = 20_000) -> bytes:
    """A quote that is never closed at the start of each row."""
    return b"\n".join([",".join(COLUMNS).encode(), *[b'"open,1,Jan,2025,x' + b"y" * 200] * rows])


def columns_of_long_names_csv(rows: int = 2000) -> bytes:
    """A header that would be stored with each of its short rows."""
    names = [*COLUMNS, *(f"{'n' * 3000}{n}" for n in range(40))]
    return "\n".join([",".join(names), *["x," * (len(names) - 1)] * rows]).encode()


TOO_COSTLY: Final[Mapping[str, tuple[Callable[[], bytes], str]]] = {
    "unpacks to a gibibyte": (unpacks_to_a_gibibyte, "768 MiB"),
    "ratio": (unpacks_to_a_thousand_times_its_size, "100 times"),
    "shared strings": (shared_strings_of_hundreds_of_megabytes, "512 MiB of memory"),
    "one string repeated": (one_string_repeated, "256 MiB of text"),
    "entities": (entity_bomb, "entities"),
    "thousands of parts": (thousands_of_parts, "1000"),
}
