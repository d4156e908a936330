"""Headers as they come, and the lines around them."""

from collections.abc import Callable
from typing import Final

import pytest

from testkit.core.return_files import (
    HEADER,
    PLAIN,
    row,
    rows,
    table,
    workbook,
)
from testkit.core.shapes import TITLE, Shape, renamed, reversed_columns, without

GROUPS: Final = {"date": "Date", "caseid": "Case ID", "filed": "Filed", "judge": "Judge"}
SIDES: Final = ("applicant", "defendant")


def two_lines() -> list[tuple[str, ...]]:
    """The header as a form has it, whose merged cells have their text in the first column."""
    above, below = [], []
    for name in HEADER:
        group, _, rest = name.partition("_")
        known, side = GROUPS.get(group), rest if rest in SIDES else ""
        over = known or side.capitalize()
        above.append(over if over and over not in above else "" if over else name)
        below.append(rest if known else group if side else "")
    return [tuple(above), tuple(below)]


SHAPES: Final = [
    Shape(
        "a header of two lines",
        PLAIN.file([*two_lines(), *rows(3)]),
        of_file="HDR_MAPPED HDR_MAPPED LINES_ABOVE_HEADER",
    ),
    Shape(
        "a header of two lines in a workbook",
        workbook([TITLE, (), *two_lines(), *rows(3)]),
        of_file="HDR_MAPPED HDR_MAPPED LINES_ABOVE_HEADER",
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
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_line_under_an_odd_header_is_a_row_or_named(
    shape: Shape, is_read_as_expected: Callable[[Shape], None]
) -> None:
    is_read_as_expected(shape)
