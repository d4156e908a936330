"""Workbooks as they come: their sheets, and the rows of these."""

from collections.abc import Callable, Sequence
from typing import Final

import pytest

from testkit.core.return_files import (
    HEADER,
    PLAIN,
    STRICT,
    Value,
    Workbook,
    WorkbookSheet,
    row_of,
    rows,
    table,
    workbook,
)
from testkit.core.shapes import TITLE, Shape, reversed_columns, without


def sheets(*named: tuple[str, Sequence[Sequence[Value] | str]], hidden: str = "") -> bytes:
    return Workbook(
        [
            WorkbookSheet(lines, name, "hidden" if name == hidden else "visible")
            for name, lines in named
        ]
    ).file()


def references(lines: Sequence[Sequence[Value]], order: Sequence[int]) -> list[str]:
    """Rows with their numbers, in another order."""
    return [row_of(lines[number], f' r="{number + 1}"') for number in order]


FAR: Final = '<row r="1048570"><c r="A1048570" t="inlineStr"><is><t> </t></is></c></row>'

SHAPES: Final = [
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
        "a note in the header",
        workbook([(*HEADER[:1], "date_dd\n(day)", *HEADER[2:]), *rows(3)]),
        of_file="HDR_MAPPED",
    ),
    Shape("no court column, sent for a court", workbook(without("court")), is_for_testville=True),
    Shape(
        "a sheet that others cannot read",
        workbook(
            table(),
            after='<dataValidations count="x"><dataValidation type="nonsense"/></dataValidations>',
        ),
    ),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_line_of_a_workbook_is_a_row_with_a_result_or_named(
    shape: Shape, is_read_as_expected: Callable[[Shape], None]
) -> None:
    is_read_as_expected(shape)
