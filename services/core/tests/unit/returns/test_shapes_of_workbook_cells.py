"""Workbooks' cells as they come: formulas, errors, dates, texts in parts."""

from collections.abc import Callable
from typing import Final

import pytest

from testkit.core.return_files import (
    HEADER,
    Dated,
    Workbook,
    WorkbookSheet,
    Xml,
    row,
    rows,
    workbook,
)
from testkit.core.shapes import Shape, spoilt

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

SHAPES: Final = [
    Shape(
        "shared strings",
        Workbook(
            [WorkbookSheet(spoilt(court=SHARED))],
            strings=["<si><t>Testville</t></si>"],
        ).file(),
    ),
    Shape(
        "shared strings in rich text",
        Workbook(
            [WorkbookSheet(spoilt(court=SHARED))],
            strings=["<si><r><t>Test</t></r><r><t>ville</t></r><rPh><t>x</t></rPh></si>"],
        ).file(),
    ),
    Shape("rich text", workbook(spoilt(court=RICH))),
    Shape("phonetic", workbook(spoilt(court=PHONETIC))),
    Shape("escaped", workbook(spoilt(court=ESCAPED))),
    Shape("a formula", workbook(spoilt(court=FORMULA))),
    Shape("a formula that gives nothing", workbook(spoilt(judge_2=BLANK_FORMULA))),
    Shape(
        "a formula without value", workbook(spoilt(judge_2=NO_VALUE)), of_rows="1:CELL_HAS_NO_VALUE"
    ),
    Shape(
        "a formula without value for a day",
        workbook(spoilt(date_dd=NO_VALUE)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:CELL_HAS_NO_VALUE 1:REQ_BLANK",
    ),
    Shape("an error", workbook(spoilt(judge_2=NOT_AVAILABLE)), of_rows="1:CELL_HAS_NO_VALUE"),
    Shape(
        "an error for a court",
        workbook(spoilt(court=NOT_AVAILABLE)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:CELL_HAS_NO_VALUE 1:REQ_BLANK",
    ),
    Shape(
        "a truth value for a judge", workbook(spoilt(judge_2=True)), of_rows="1:CELL_HAS_NO_VALUE"
    ),
    Shape("a truth value for yes", workbook(spoilt(legalrep=True))),
    Shape(
        "a truth value for a number",
        workbook(spoilt(male_applicant=False)),
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
        workbook(spoilt(date_dd=Dated(45712))),
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
        workbook(spoilt(date_dd=Dated(45712.5))),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
        cells="1 date_dd 2025-02-24 12:00:00",
    ),
    Shape(
        "a year with the rest of a division",
        workbook(spoilt(date_yyyy=Xml("<c><v>2025.0000000000002</v></c>"))),
    ),
    Shape(
        "a date as text of the file",
        workbook(spoilt(date_dd=ISO_DAY)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
    ),
    Shape(
        "a date's number",
        workbook(spoilt(date_dd=45712)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
    ),
    Shape(
        "a date's number for a year",
        workbook(spoilt(date_yyyy=45712)),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
    ),
    Shape(
        "a day in the style of a date",
        workbook(spoilt(date_dd=Dated(24))),
        results="1 REJECTED, 2 accepted",
        of_rows="1:DATE_INVALID",
        cells="1 date_dd 1900-01-24",
    ),
    Shape(
        "merged cells",
        workbook(
            [HEADER, row(), row(court=""), row()],
            after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
        ),
        results="1 REJECTED, 2 accepted",
        of_rows="2:REQ_BLANK",
    ),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_line_of_a_workbook_has_a_result_by_its_cells(
    shape: Shape, is_read_as_expected: Callable[[Shape], None]
) -> None:
    is_read_as_expected(shape)
