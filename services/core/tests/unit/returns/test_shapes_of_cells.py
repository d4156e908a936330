"""What registries write into cells: each file with one such cell, and what becomes of its row."""

from collections.abc import Callable
from typing import Final

import pytest

from testkit.core.return_files import HEADER, PLAIN, Dress, Value, row, rows, workbook
from testkit.core.shapes import Shape, spoilt

Check = Callable[[Shape], None]
REJECTED: Final = "1 REJECTED, 2 accepted"
HELD: Final = "1 HELD, 2 accepted"


def fine(name: str, remarks: str = "", **cells: Value) -> Shape:
    """A file whose first row is accepted, with these remarks."""
    return Shape(name, PLAIN.file(spoilt(**cells)), of_rows=numbered(remarks))


def refused(name: str, codes: str, **cells: Value) -> Shape:
    return Shape(name, PLAIN.file(spoilt(**cells)), REJECTED, of_rows=numbered(codes))


def held(name: str, codes: str, **cells: Value) -> Shape:
    return Shape(name, PLAIN.file(spoilt(**cells)), HELD, of_rows=numbered(codes))


def numbered(codes: str) -> str:
    return " ".join(f"1:{code}" for code in codes.split())


def next_date(day: str, month: str, year: str) -> dict[str, str]:
    return {"next_dd": day, "next_mon": month, "next_yyyy": year}


DATES: Final = [
    fine("an ordinal", date_dd="24th", filed_dd="3rd"),
    fine("an ordinal in capitals", date_dd="24TH."),
    fine("an ordinal of the next date", **next_date("2nd", "Mar", "2026")),
    fine("a month in Swahili", date_mon="Februari", filed_mon="februari"),
    fine("a short month in Swahili", **next_date("2", "Des", "2026")),
    fine("a month with a dot", date_mon="Feb."),
    fine("a month of four letters", **next_date("2", "Sept", "2026")),
    fine("a decimal comma in the year", date_yyyy="2025,0"),
    fine("zero-width characters in a day", date_dd="\u200b24\u200d", date_yyyy="\ufeff2025"),
    fine("blanks that do not break", date_mon="\u00a0Feb\u202f", court="Testville\u00a0"),
    fine("nothing stated of the next date", "CELL_PLACEHOLDER", **next_date("N/A", "N/A", "N/A")),
    fine(
        "a part of the next date not stated",
        "NEXT_PARTIAL CELL_PLACEHOLDER",
        **next_date("2", "Mar", "TBA"),
    ),
    refused("a year of two digits", "DATE_INVALID", date_yyyy="25"),
    refused("a year with an apostrophe", "DATE_INVALID", date_yyyy="'25"),
    refused("a year with thousands", "DATE_INVALID", date_yyyy="2,025"),
    refused("full-width digits", "DATE_INVALID", date_dd="\uff12\uff14"),
    refused("Arabic digits", "DATE_INVALID", date_yyyy="\u0662\u0660\u0662\u0665"),
    refused("a Roman month", "DATE_INVALID", date_mon="II"),
    refused("a month and a year in one cell", "DATE_INVALID", date_mon="Feb-25"),
    refused("a whole date with an ordinal", "DATE_INVALID", date_dd="24th February 2025"),
    refused("a whole date, its year of two digits", "DATE_INVALID", date_dd="24/02/25"),
    refused("a whole date, its year first", "DATE_INVALID", date_dd="2025/02/24"),
    refused("a whole date, its month first", "DATE_INVALID", date_dd="Feb 24, 2025"),
    refused("a day that is not stated", "REQ_BLANK", date_dd="TBA"),
    refused(
        "a filing date of dashes",
        "REQ_BLANK REQ_BLANK REQ_BLANK",
        filed_dd="-",
        filed_mon="-",
        filed_yyyy="-",
    ),
]
COUNTS: Final = [
    fine("a count that is nil", "CELL_PLACEHOLDER", male_defendant="NIL"),
    fine("counts that are dashes", male_defendant="-", custody="--"),
    fine("a decimal comma", male_applicant="3,0"),
    fine("yes in Swahili", legalrep="Ndiyo"),
    fine("neither yes nor no", "CELL_PLACEHOLDER", legalrep="n/a"),
    refused("a unit after the count", "COUNT_RANGE", male_applicant="3 males"),
    refused("a count in words", "COUNT_RANGE", male_applicant="three"),
    refused("a count with thousands", "COUNT_RANGE", male_applicant="1,000"),
    refused("half a person", "COUNT_RANGE", male_applicant="2,5"),
]
NAMES: Final = [
    fine("two judges with an ampersand", judge_1="Example, Amina Wanja & Sample, John"),
    fine("two judges with a semicolon", judge_1="Example, Amina Wanja; Sample, John;"),
    fine("two judges with and", judge_1="Example, Amina Wanja and Sample, John"),
    fine("a judge and a placeholder", "JUDGE_PLACEHOLDER", judge_1="Sample, John & N/A"),
    fine(
        "the same judge in two cells",
        "JUDGE_ON_BENCH_TWICE",
        judge_1="Sample, John & Example, Amina Wanja",
        judge_2="Sample, John",
    ),
    held(
        "two judges of whom one is not known",
        "JUDGE_UNKNOWN",
        judge_1="Sample, John & Unlisted, Ann",
    ),
    fine("no outcome yet", "CELL_PLACEHOLDER OUTCOME_BLANK", outcome="TBA"),
    fine("a reason that is none", "CELL_PLACEHOLDER", reason_adj="N/A"),
    refused("a court that is none", "REQ_BLANK", court="NIL"),
    refused("a purpose of zero", "REQ_BLANK", comingfor="0"),
    refused("a type that is not known to the sender", "REQ_BLANK", case_type="Unknown"),
]
NUMBERS: Final = [
    fine("a number with its year", caseid_no="E014 of 2025"),
    fine("a number with slashes and blanks", caseid_no=" E 014 / 2025 "),
    fine("a number with thousands", caseid_no="1,234"),
    fine("a whole number in the cell", caseid_no="HCCC/E014/2025"),
    fine(
        "nothing stated of the original",
        "CELL_PLACEHOLDER",
        original_court="N/A",
        original_number="-",
        original_year="nil",
    ),
    refused("a number that is nil", "REQ_BLANK", caseid_no="NIL"),
    refused("a number of zero", "REQ_BLANK", caseid_no="0"),
    refused("a number without a digit", "CASEID_INVALID", caseid_no="Petition"),
    refused("the numbers of two cases", "CASEID_INVALID", caseid_no="E12 & E13"),
    refused("a range of numbers", "CASEID_INVALID", caseid_no="E12-E14"),
    refused(
        "a number with a byte that is none",
        "CELL_NOT_READABLE CASEID_INVALID",
        caseid_no="E2\ufffd6",
    ),
]


@pytest.mark.parametrize("shape", [*DATES, *COUNTS, *NAMES, *NUMBERS], ids=lambda each: each.name)
def test_an_odd_cell_is_read_or_named(shape: Shape, is_read_as_expected: Check) -> None:
    is_read_as_expected(shape)


def with_line(line: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    return [HEADER, *rows(2), line]


NO_BREAK: Final = "\u00a0"
FILES: Final = [
    Shape("a header in lower case", PLAIN.file([tuple(map(str.lower, HEADER)), *rows(3)])),
    Shape("a header in capitals", PLAIN.file([tuple(map(str.upper, HEADER)), *rows(3)])),
    Shape("an empty first column", PLAIN.file([("", *line) for line in [HEADER, *rows(3)]])),
    Shape(
        "two empty first columns in a workbook",
        workbook([("", "", *line) for line in [HEADER, *rows(3)]]),
    ),
    Shape("no rows", PLAIN.file([HEADER]), ""),
    Shape("no rows in a workbook", workbook([HEADER]), ""),
    Shape("blank rows alone", PLAIN.file([HEADER, *[("",) * 38] * 3]), "3 EMPTY"),
    Shape("38 columns without a header", PLAIN.file(rows(3)), "", of_file="HDR_MISSING"),
    Shape(
        "a file of a German Excel",
        Dress(";").file(spoilt(male_applicant="3,0", date_yyyy="2025,00")),
        of_file="SEPARATOR_FALLBACK",
    ),
    Shape(
        "merged titles and a merged court",
        workbook(
            [("Daily return",), HEADER, row(), row(court="", caseid_no="E2"), row(caseid_no="E3")],
            after='<mergeCells><mergeCell ref="A1:F1"/><mergeCell ref="A3:A4"/></mergeCells>',
        ),
        REJECTED,
        of_file="LINES_ABOVE_HEADER",
        of_rows="2:REQ_BLANK",
    ),
    Shape(
        "cells of blanks that do not break",
        PLAIN.file(with_line((NO_BREAK,) * 38)),
        "1 EMPTY, 2 accepted",
    ),
    Shape(
        "a total over the counts",
        PLAIN.file(with_line(("TOTAL", *[""] * 26, "2", "0", "0", "0"))),
        REJECTED,
        of_rows="3:NOT_A_ROW",
    ),
]


@pytest.mark.parametrize("shape", FILES, ids=lambda each: each.name)
def test_an_odd_file_is_read_or_refused_for_its_header(
    shape: Shape, is_read_as_expected: Check
) -> None:
    is_read_as_expected(shape)
