"""Files as they come: each with what its rows become, and the issues of it and of them."""

import codecs
import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from common.identity import CourtScope
from core_service.returns.files.header import COLUMNS
from core_service.returns.files.rows import open_return
from core_service.returns.judging.judgement import judge, read_cells
from core_service.returns.judging.resolution import Terms
from core_service.returns.judging.vocabulary import ReferenceRows, Vocabulary
from testkit.core.return_files import (
    HEADER,
    PLAIN,
    STRICT,
    Dated,
    Dress,
    Value,
    Workbook,
    WorkbookSheet,
    Xml,
    row,
    row_of,
    rows,
    table,
    workbook,
)

TODAY: Final = date(2026, 6, 1)


@dataclass(frozen=True, slots=True)
class Shape:
    """A file, and what is expected of it: the results of its rows, the codes of its issues and of
    those of its rows (`row:CODE`), and cells of its rows.
    """

    name: str
    content: bytes
    results: str = "3 accepted"
    of_file: str = ""
    of_rows: str = ""
    cells: str = ""
    is_for_testville: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    results: str
    of_file: str
    of_rows: str
    cells: Sequence[dict[str, str]]


def read(path: Path, shape: Shape, reference: ReferenceRows) -> Result:
    """Read and judge a file as validation does, without a database."""
    path.write_bytes(shape.content)
    testville = reference.courts[0].id if shape.is_for_testville else None
    vocabulary, terms = Vocabulary.of(reference), Terms(CourtScope(None), testville)
    results: Counter[str] = Counter()
    of_rows: list[str] = []
    found: list[dict[str, str]] = []
    with open_return(path, court_is_known=shape.is_for_testville) as file:
        for source in file.rows:
            cells, refused = read_cells(file.header, source)
            judgement = refused or judge(cells, vocabulary, terms, TODAY)
            results[judgement.result or "accepted"] += source.count
            of_rows += [f"{source.row_no}:{issue.code}" for issue in judgement.issues]
            found.append(cells)
        codes = [issue.code for issue in file.issues]
    return Result(
        ", ".join(f"{number} {result}" for result, number in sorted(results.items())),
        " ".join(codes),
        " ".join(each for each in of_rows if "EMPTY" not in each),
        found,
    )


def without(*names: str) -> list[tuple[Value, ...]]:
    """A table without some columns."""
    columns = [index for index, name in enumerate(COLUMNS) if name not in names]
    return [tuple(line[index] for index in columns) for line in table()]


def renamed(**names: str) -> list[tuple[Value, ...]]:
    """A table with other names of columns."""
    return [tuple(names.get(name, name) for name in COLUMNS), *rows(3)]


LINES: Final = PLAIN.file(table()).split(b"\n")
ROW: Final = LINES[1].decode()
TITLE: Final = ("Daily return of Testville",)


def opened(*numbers: int, total: int = 6) -> bytes:
    """Rows of which some end with a quote that is never closed."""
    lines = PLAIN.text(table(total)).split("\n")
    for number in numbers:
        lines[number] += '"never closed'
    return "\n".join(lines).encode()


def reversed_columns(lines: Sequence[Sequence[Value]]) -> list[tuple[Value, ...]]:
    return [tuple(line)[::-1] for line in lines]


OTHER_ENDS: Final = ("\u2028", "\u2029", "\x85", "\v", "\f", "\x1e")
TEXTS: Final = [
    Shape("commas", PLAIN.file(table())),
    *(Shape(f"lines end with {end!a}", Dress(end=end).file(table())) for end in OTHER_ENDS),
    *(Shape(f"{end!a} and a line feed", Dress(end=f"{end}\n").file(table())) for end in OTHER_ENDS),
    Shape("semicolons", Dress(";").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape("tabs", Dress("\t").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape("bars", Dress("|").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape("every cell quoted", Dress(quoting=csv.QUOTE_ALL).file(table())),
    Shape(
        "semicolons, every cell quoted",
        Dress(";", quoting=csv.QUOTE_ALL).file(table()),
        of_file="SEPARATOR_FALLBACK",
    ),
    Shape("blanks before quotes", PLAIN.file(table()).replace(b',"', b', "')),
    Shape(
        "quotes of a word processor",
        PLAIN.text(table())
        .replace('"Example, Amina Wanja"', "\u201cExample, Amina Wanja\u201d")
        .encode(),
    ),
    Shape("zero bytes at the end", PLAIN.file(table()) + bytes(500)),
    Shape(
        "zero bytes between rows",
        b"\n".join([LINES[0], bytes(300), *LINES[1:]]),
        "1 EMPTY, 3 accepted",
    ),
    Shape("sep line", PLAIN.file(table(), "sep=,\r\n")),
    Shape("sep line in quotes", PLAIN.file(table(), '"sep=,"\r\n')),
    Shape("sep line in capitals", PLAIN.file(table(), "SEP=,\n")),
    Shape("sep line of tabs", Dress("\t").file(table(), "sep=\t\n"), of_file="SEPARATOR_FALLBACK"),
    Shape(
        "sep line of an odd sign", Dress("~").file(table(), "sep=~\n"), of_file="SEPARATOR_FALLBACK"
    ),
    Shape("sep line that is wrong", PLAIN.file(table(), "sep=;\n")),
    Shape("mark and sep line", codecs.BOM_UTF8 + PLAIN.file(table(), "sep=,\n")),
    Shape("mark", codecs.BOM_UTF8 + PLAIN.file(table())),
    Shape("wide with mark", Dress(encoding="utf-16").file(table()), of_file="ENC_FALLBACK"),
    Shape(
        "wide, little end first", Dress(encoding="utf-16-le").file(table()), of_file="ENC_FALLBACK"
    ),
    Shape("wide, big end first", Dress(encoding="utf-16-be").file(table()), of_file="ENC_FALLBACK"),
    Shape(
        "wide, big end first, with mark",
        codecs.BOM_UTF16_BE + Dress(encoding="utf-16-be").file(table()),
        of_file="ENC_FALLBACK",
    ),
    Shape(
        "Excel's Unicode text",
        Dress("\t", "\r\n", "utf-16").file(table()),
        of_file="ENC_FALLBACK SEPARATOR_FALLBACK",
    ),
    Shape(
        "wide with mark and sep line",
        Dress(encoding="utf-16").file(table(), "sep=,\n"),
        of_file="ENC_FALLBACK",
    ),
    Shape("very wide", Dress(encoding="utf-32").file(table()), of_file="ENC_FALLBACK"),
    Shape(
        "Windows-1252",
        Dress(encoding="cp1252").file([HEADER, row(other_details="café \u2019"), *rows(2)]),
        of_file="ENC_FALLBACK",
        cells="1 other_details café \u2019",
    ),
    Shape(
        "one bad byte",
        PLAIN.file([HEADER, row(other_details="café"), *rows(1), row(other_details="QQ")]).replace(
            b"QQ", b"\x92"
        ),
        of_rows="3:CELL_NOT_READABLE",
        cells="1 other_details café",
    ),
    Shape(
        "a bad byte in a file with a mark",
        codecs.BOM_UTF8 + PLAIN.file([*table(2), row(other_details="QQ")]).replace(b"QQ", b"\x92"),
        of_rows="3:CELL_NOT_READABLE",
    ),
    Shape(
        "a NUL byte",
        PLAIN.file([*table(2), row(other_details="a\0b")]),
        of_rows="3:CELL_NOT_READABLE",
        cells="3 other_details a\ufffdb",
    ),
    Shape("CRLF", Dress(end="\r\n").file(table())),
    Shape("CR alone", Dress(end="\r").file(table())),
    Shape("CR alone, semicolons", Dress(";", "\r").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape(
        "CR alone, wide", Dress(end="\r", encoding="utf-16").file(table()), of_file="ENC_FALLBACK"
    ),
    Shape("CR between two of the rows", b"\n".join(LINES[:3]) + b"\r" + LINES[3] + b"\n"),
    Shape("CR in a cell", PLAIN.file([*table(2), row(other_details="a\rb")])),
    Shape("no line end at the end", PLAIN.file(table()).rstrip()),
    Shape("blank lines at the end", PLAIN.file(table(), after="\n\n\n"), of_file="EMPTY_ROW"),
    Shape(
        "blank rows at the end",
        PLAIN.file(table(), after=f"{',' * 37}\n" * 2000),
        results="2000 EMPTY, 3 accepted",
    ),
    Shape(
        "blank rows between rows",
        PLAIN.file([*table(1), *[("",) * 38] * 1500, *rows(2)]),
        results="1500 EMPTY, 3 accepted",
    ),
    Shape("a line's end in a cell", PLAIN.file([*table(2), row(other_details="a\r\nb\nc")])),
    Shape(
        "a line's end in the first cell",
        PLAIN.file([HEADER, row(court="Test-\nville"), *rows(2)]),
        results="1 HELD, 2 accepted",
        of_rows="1:COURT_UNKNOWN",
    ),
    Shape(
        "blank cells at the end of rows",
        b"\n".join([LINES[0], *(line + b",," for line in LINES[1:4])]),
    ),
    Shape("blank cells at the end of all lines", b"\n".join(line + b",," for line in LINES[:4])),
    Shape(
        "a filled cell too many",
        b"\n".join([*LINES[:3], LINES[3] + b",x"]),
        results="1 REJECTED, 2 accepted",
        of_rows="3:ROW_LENGTH",
        cells="3 column_39 x",
    ),
    Shape(
        "rows that end after the last value", b"\n".join(line.rstrip(b",") for line in LINES[:4])
    ),
    Shape(
        "a row of two cells",
        PLAIN.file(table(), after="Total,3\n"),
        results="1 REJECTED, 3 accepted",
        of_rows=" ".join(f"4:{code}" for code in ["REQ_BLANK"] * 9),
    ),
    Shape(
        "header on line 20",
        PLAIN.file(table(), "".join(f"line {n}\n" for n in range(19))),
        of_file="LINES_ABOVE_HEADER",
    ),
    Shape("title above", PLAIN.file([TITLE, (), *table()]), of_file="LINES_ABOVE_HEADER"),
    Shape("blank lines above", PLAIN.file(table(), "\n" * 60)),
    Shape(
        "header sorted into the rows",
        PLAIN.file([*rows(2), HEADER, rows(3)[2]]),
    ),
    Shape("header repeated", PLAIN.file([*table(2), HEADER, rows(3)[2]]), of_file="HDR_REPEATED"),
    Shape(
        "a second table with its columns in another order",
        PLAIN.file([*table(2), (), *reversed_columns(table(1))]),
        results="1 EMPTY, 3 accepted",
        of_file="HDR_REPEATED",
        cells="4 caseid_no E1",
    ),
    Shape(
        "a list of some columns before the header",
        PLAIN.file([("court", "outcome", "judge_1", "judge_2", "case_type"), (), *table()]),
        of_file="LINES_ABOVE_HEADER",
    ),
    Shape(
        "a note in the header", PLAIN.file(renamed(date_dd="date_dd\n(day)")), of_file="HDR_MAPPED"
    ),
    Shape(
        "a note on the header's own line",
        PLAIN.file(renamed(date_dd="date_dd (1-31)")),
        of_file="HDR_MAPPED",
    ),
    Shape("a star in the header", PLAIN.file(renamed(court="Court*")), of_file="HDR_MAPPED"),
    Shape(
        "names in other words",
        PLAIN.file(renamed(caseid_no="Case ID No.", judge_1="Judge1")),
        of_file="HDR_MAPPED HDR_MAPPED",
    ),
    Shape(
        "names with blanks that do not show",
        PLAIN.file(renamed(court="\u200bcourt\u00a0", date_dd="date\u00addd")),
        of_file="HDR_MAPPED",
    ),
    Shape(
        "open quote to the end",
        opened(3),
        results="6 accepted",
        of_rows="3:CELL_SWALLOWS_ROWS",
        cells="3 #quote_line 4",
    ),
    Shape(
        "open quotes in two rows",
        opened(2, 4),
        results="6 accepted",
        of_rows="2:CELL_SWALLOWS_ROWS 4:CELL_SWALLOWS_ROWS",
    ),
    Shape(
        "open quotes in rows that follow",
        opened(2, 3),
        results="6 accepted",
        of_rows="2:CELL_SWALLOWS_ROWS 3:CELL_SWALLOWS_ROWS",
    ),
    Shape("an open quote in the last row", opened(6), results="6 accepted"),
    Shape(
        "an open quote that a later one closes",
        opened(2).replace(b"E4,", b"E4,", 1).rstrip() + b'closed"\n',
        results="6 accepted",
        of_rows="2:CELL_SWALLOWS_ROWS",
    ),
    Shape(
        "an open quote in the header",
        b"\n".join([LINES[0].replace(b"other", b'"other'), *LINES[1:4]]),
    ),
    Shape(
        "an open quote in the title",
        b"\n".join([b'"Return', *LINES[:4]]),
        of_file="LINES_ABOVE_HEADER",
    ),
    Shape(
        "an open quote in a file of quoted cells",
        Dress(quoting=csv.QUOTE_ALL).file(table()).replace(b'""\n"', b'"open\n"', 2),
        of_rows="1:CELL_SWALLOWS_ROWS 2:CELL_SWALLOWS_ROWS",
    ),
    Shape("no court column, sent for a court", PLAIN.file(without("court")), is_for_testville=True),
    Shape(
        "blank courts, sent for a court",
        PLAIN.file([HEADER, *[row(court="", caseid_no=f"E{n}") for n in range(3)]]),
        is_for_testville=True,
    ),
    Shape(
        "a column of lines in the court's place",
        PLAIN.file([("line", *HEADER[1:]), *[(str(n), *rows(1)[0][1:]) for n in range(3)]]),
        is_for_testville=True,
    ),
    Shape(
        "without what rows can do without",
        PLAIN.file(without("judge_7", "custody", "other_details", "legalrep")),
    ),
    Shape(
        "each line quoted as a whole",
        Dress("\t", quoting=csv.QUOTE_ALL).file([[PLAIN.text([line]).strip()] for line in table()]),
        of_file="SEPARATOR_FALLBACK",
    ),
    Shape("the end of a file of DOS", PLAIN.file(table(), after="\x1a")),
    Shape("sixty blank columns", b"\n".join(line + b"," * 60 for line in LINES[:4])),
    Shape("number as text", PLAIN.file([HEADER, row(caseid_no='="014"'), *rows(2)])),
]


def sheets(*named: tuple[str, Sequence[Sequence[Value] | str]], hidden: str = "") -> bytes:
    return Workbook(
        [
            WorkbookSheet(lines, name, "hidden" if name == hidden else "visible")
            for name, lines in named
        ]
    ).file()


def with_cell(column: str, value: Value) -> bytes:
    """A workbook with one cell of another kind."""
    return workbook([HEADER, row(**{column: value}), *rows(2)])


def references(lines: Sequence[Sequence[Value]], order: Sequence[int]) -> list[str]:
    """Rows with their numbers, in another order."""
    return [row_of(lines[number], f' r="{number + 1}"') for number in order]


RICH: Final = Xml('<c t="inlineStr"><is><r><t>Test</t></r><r><t>ville</t></r></is></c>')
PHONETIC: Final = Xml(
    '<c t="inlineStr"><is><t>Testville</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>'
)
ESCAPED: Final = Xml('<c t="inlineStr"><is><t>Testville_x000D_</t></is></c>')
NO_VALUE: Final = Xml("<c><f>A1&amp;B1</f></c>")
FORMULA: Final = Xml('<c t="str"><f>"Testville"</f><v>Testville</v></c>')
BLANK_FORMULA: Final = Xml('<c t="str"><f>IF(1,"")</f><v></v></c>')
NOT_AVAILABLE: Final = Xml('<c t="e"><v>#N/A</v></c>')
ISO_DAY: Final = Xml('<c t="d"><v>2025-02-24T00:00:00Z</v></c>')
SHARED: Final = Xml('<c t="s"><v>0</v></c>')
FAR: Final = '<row r="1048570"><c r="A1048570" t="inlineStr"><is><t> </t></is></c></row>'

WORKBOOKS: Final = [
    Shape("a sheet", workbook(table())),
    Shape(
        "each line in one cell",
        workbook([[PLAIN.text([line]).strip()] for line in table()]),
        of_file="SEPARATOR_FALLBACK",
    ),
    Shape("a title", workbook([TITLE, (), *table()]), of_file="LINES_ABOVE_HEADER"),
    Shape(
        "a cover",
        sheets(("Cover", [TITLE]), ("Data", table())),
        of_file="SHEET_SKIPPED",
        cells="1 #sheet Data",
    ),
    Shape(
        "two sheets", sheets(("week 1", table(1)), ("week 2", table(2))), cells="3 #sheet week 2"
    ),
    Shape(
        "a hidden sheet",
        sheets(("old", table(9)), ("new", table()), hidden="old"),
        of_file="SHEET_SKIPPED",
    ),
    Shape("empty sheets", sheets(("Sheet1", table()), ("Sheet2", []), ("Sheet3", []))),
    Shape(
        "a second sheet in another order",
        sheets(("a", table(1)), ("b", reversed_columns(table(2)))),
        cells="3 caseid_no E2",
    ),
    Shape("a second sheet without header", sheets(("a", table(1)), ("b", rows(2)))),
    Shape(
        "a sheet of lists",
        sheets(
            ("a", table()),
            ("lists", [("court", "outcome", "judge_1", "case_type", "comingfor"), ("Testville",)]),
        ),
        of_file="SHEET_SKIPPED",
    ),
    Shape("a dimension too small", workbook(table(), before='<dimension ref="A1:B2"/>')),
    Shape("a dimension too large", workbook(table(), before='<dimension ref="A1:XFD1048576"/>')),
    Shape("no dimension", workbook(table(), before="")),
    Shape("a blank at the bottom", workbook([*table(), FAR]), of_file="EMPTY_ROW"),
    Shape(
        "styled blanks to the bottom",
        workbook([*table(), *['<row><c s="1"/></row>'] * 5000]),
        of_file="EMPTY_ROW",
    ),
    Shape(
        "rows left out",
        workbook(references([*table(2), *[()] * 1500, rows(3)[2]], [0, 1, 2, 1503])),
        results="1500 EMPTY, 3 accepted",
    ),
    Shape("rows out of order", workbook(references(table(), [0, 2, 1, 3]))),
    Shape("the same row number twice", workbook(references(table(), [0, 1, 1, 1]))),
    Shape("strict", workbook(table(), namespace=STRICT)),
    Shape(
        "shared strings",
        Workbook(
            [WorkbookSheet([HEADER, row(court=SHARED), *rows(2)])],
            strings=["<si><t>Testville</t></si>"],
        ).file(),
    ),
    Shape(
        "shared strings in rich text",
        Workbook(
            [WorkbookSheet([HEADER, row(court=SHARED), *rows(2)])],
            strings=["<si><r><t>Test</t></r><r><t>ville</t></r><rPh><t>x</t></rPh></si>"],
        ).file(),
    ),
    Shape("rich text", with_cell("court", RICH)),
    Shape("phonetic", with_cell("court", PHONETIC)),
    Shape("escaped", with_cell("court", ESCAPED)),
    Shape("a formula", with_cell("court", FORMULA)),
    Shape("a formula that gives nothing", with_cell("judge_2", BLANK_FORMULA)),
    Shape("a formula without value", with_cell("judge_2", NO_VALUE), of_rows="1:CELL_HAS_NO_VALUE"),
    Shape(
        "a formula without value for a day",
        with_cell("date_dd", NO_VALUE),
        results="1 REJECTED, 2 accepted",
        of_rows="1:CELL_HAS_NO_VALUE 1:REQ_BLANK",
    ),
    Shape("an error", with_cell("judge_2", NOT_AVAILABLE), of_rows="1:CELL_HAS_NO_VALUE"),
    Shape(
        "an error for a court",
        with_cell("court", NOT_AVAILABLE),
        results="1 REJECTED, 2 accepted",
        of_rows="1:CELL_HAS_NO_VALUE 1:REQ_BLANK",
    ),
    Shape("a truth value for a judge", with_cell("judge_2", True), of_rows="1:CELL_HAS_NO_VALUE"),
    Shape("a truth value for yes", with_cell("legalrep", True)),
    Shape(
        "a truth value for a number",
        with_cell("male_applicant", False),
        of_rows="1:CELL_HAS_NO_VALUE",
    ),
    Shape(
        "numbers as numbers",
        workbook(
            [HEADER, row(date_dd=24, date_mon=2.0, date_yyyy=2025, male_applicant=1.0), *rows(2)]
        ),
    ),
    Shape(
        "a date",
        with_cell("date_dd", Dated(45712)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
        cells="1 date_dd 2025-02-24",
    ),
    Shape(
        "a date since 1904",
        Workbook(
            [WorkbookSheet([HEADER, row(date_dd=Dated(44250)), *rows(2)])], is_1904=True
        ).file(),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
        cells="1 date_dd 2025-02-24",
    ),
    Shape(
        "a moment",
        with_cell("date_dd", Dated(45712.5)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
        cells="1 date_dd 2025-02-24 12:00:00",
    ),
    Shape(
        "a year with the rest of a division",
        with_cell("date_yyyy", Xml("<c><v>2025.0000000000002</v></c>")),
    ),
    Shape(
        "a date as text of the file",
        with_cell("date_dd", ISO_DAY),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
    ),
    Shape(
        "a date's number",
        with_cell("date_dd", 45712),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
    ),
    Shape(
        "a date's number for a year",
        with_cell("date_yyyy", 45712),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
    ),
    Shape(
        "a day in the style of a date",
        with_cell("date_dd", Dated(24)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
        cells="1 date_dd 1900-01-24",
    ),
    Shape(
        "a note in the header",
        workbook([(*HEADER[:1], "date_dd\n(day)", *HEADER[2:]), *rows(3)]),
        of_file="HDR_MAPPED",
    ),
    Shape("no court column, sent for a court", workbook(without("court")), is_for_testville=True),
    Shape(
        "merged cells",
        workbook(
            [HEADER, row(), row(court=""), row()],
            after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
        ),
        results="1 REJECTED, 2 accepted",
        of_rows="2:REQ_BLANK",
    ),
    Shape(
        "a sheet that others cannot read",
        workbook(
            table(),
            after='<dataValidations count="x"><dataValidation type="nonsense"/></dataValidations>',
        ),
    ),
]


@pytest.mark.parametrize("shape", [*TEXTS, *WORKBOOKS], ids=lambda shape: shape.name)
def test_every_line_is_a_row_with_a_result_or_named(
    shape: Shape, tmp_path: Path, reference: ReferenceRows
) -> None:
    found = read(tmp_path / "return", shape, reference)
    assert (found.results, found.of_file, found.of_rows) == (
        shape.results,
        shape.of_file,
        shape.of_rows,
    )
    if shape.cells:
        number, name, value = shape.cells.split(" ", 2)
        assert found.cells[int(number) - 1][name] == value


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("end", OTHER_ENDS)
def test_characters_that_end_lines_elsewhere_are_text_inside_a_cell(
    tmp_path: Path, reference: ReferenceRows, end: str, quoting: int
) -> None:
    details = f"Parties to file,{end}submissions{end}in 21 days"
    lines = [HEADER, row(other_details=details), *rows(2)]
    shape = Shape("cells", Dress(quoting=quoting).file(lines))
    result = read(tmp_path / "return.csv", shape, reference)
    assert (result.results, result.of_rows) == ("3 accepted", "")
    assert result.cells[0]["other_details"] == details
