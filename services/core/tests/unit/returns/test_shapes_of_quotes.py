"""Files of text with quotes, some of which are never closed."""

import csv
from collections.abc import Callable
from typing import Final

import pytest

from testkit.core.return_files import (
    PLAIN,
    Dress,
    table,
)
from testkit.core.shapes import LINES, Shape


def opened(*numbers: int, total: int = 6) -> bytes:
    """Rows of which some end with a quote that is never closed."""
    lines = PLAIN.text(table(total)).split("\n")
    for number in numbers:
        lines[number] += '"never closed'
    return "\n".join(lines).encode()


SHAPES: Final = [
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
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_line_is_a_row_however_it_is_quoted(
    shape: Shape, is_read_as_expected: Callable[[Shape], None]
) -> None:
    is_read_as_expected(shape)
