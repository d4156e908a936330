"""Rows that are too long, too short or blank."""

from collections.abc import Callable
from typing import Final

import pytest

from testkit.core.return_files import (
    HEADER,
    PLAIN,
    row,
    rows,
    table,
)
from testkit.core.shapes import LINES, Shape

SHAPES: Final = [
    Shape("zero bytes at the end", PLAIN.file(table()) + bytes(500)),
    Shape(
        "zero bytes between rows",
        b"\n".join([LINES[0], bytes(300), *LINES[1:]]),
        "1 EMPTY, 3 accepted",
    ),
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
        of_rows="4:NOT_A_ROW",
    ),
    Shape("sixty blank columns", b"\n".join(line + b"," * 60 for line in LINES[:4])),
    Shape("number as text", PLAIN.file([HEADER, row(caseid_no='="014"'), *rows(2)])),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_line_has_a_result_whatever_its_length(
    shape: Shape, is_read_as_expected: Callable[[Shape], None]
) -> None:
    is_read_as_expected(shape)
