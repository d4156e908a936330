"""Files of text as they come: their encoding, their separator, the ends of their lines."""

import codecs
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from core_service.returns.judging.vocabulary import ReferenceRows
from testkit.core.return_files import (
    HEADER,
    PLAIN,
    Dress,
    row,
    rows,
    table,
)
from testkit.core.shapes import LINES, Shape, read

OTHER_ENDS: Final = ("\u2028", "\u2029", "\x85", "\v", "\f", "\x1e")
SHAPES: Final = [
    Shape("commas", PLAIN.file(table())),
    *(Shape(f"lines end with {end!a}", Dress(end=end).file(table())) for end in OTHER_ENDS),
    *(Shape(f"{end!a} and a line feed", Dress(end=f"{end}\n").file(table())) for end in OTHER_ENDS),
    Shape("semicolons", Dress(";").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape("tabs", Dress("\t").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape("bars", Dress("|").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape("carets", Dress("^").file(table()), of_file="SEPARATOR_FALLBACK"),
    Shape("tildes", Dress("~").file(table()), of_file="SEPARATOR_FALLBACK"),
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
    Shape(
        "each line quoted as a whole",
        Dress("\t", quoting=csv.QUOTE_ALL).file([[PLAIN.text([line]).strip()] for line in table()]),
        of_file="SEPARATOR_FALLBACK",
    ),
    Shape("the end of a file of DOS", PLAIN.file(table(), after="\x1a")),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_line_of_a_text_is_a_row_with_a_result_or_named(
    shape: Shape, is_read_as_expected: Callable[[Shape], None]
) -> None:
    is_read_as_expected(shape)


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
