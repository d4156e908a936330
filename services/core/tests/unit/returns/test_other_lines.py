"""Lines below the header that are no rows have one issue in words; rows with faults have theirs."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_service.returns.files.header import COLUMNS, QUOTE_LINE
from core_service.returns.issues import IssueCode
from core_service.returns.judging.judgement import Judgement
from core_service.returns.judging.row import parse_row
from core_service.returns.models import RowResult
from testkit.core.return_files import HEADER, PLAIN, row, table
from testkit.core.returns import MENTION
from testkit.core.shapes import Shape

TODAY: Final = date(2026, 6, 1)
JudgeCells = Callable[..., Judgement]
Check = Callable[[Shape], None]

OTHER_LINES: Final = {
    "a total": ("TOTAL", "3"),
    "a grand total over the counts": ("Grand total", *[""] * 26, "12", "4", "0", "7"),
    "a total in the columns of the number": ("", "", "", "", "TOTAL CASES", "45"),
    "a total in Swahili": ("Jumla", "", "", "", "", "45"),
    "sums alone": (*[""] * 27, "12", "4", "0", "7", "1", "0", "", "5", "5", "2"),
    "a total of two columns": ("Sub-total", "12", "", "", "", "45"),
    "a signature": ("Prepared by: A. Clerk", "Sign: ____", "Date: 3/2/2025"),
    "a signature over the width": ("Prepared by", *[""] * 4, "Checked by", *[""] * 7, "Stamp"),
    "a line to sign on": ("Sign:", "______________"),
    "a rule": ("=====",),
    "a title": ("DAILY RETURN OF TESTVILLE",),
    "a title with a day": ("Return of 24 February 2025",),
    "a page of a print": ("Page 2 of 5",),
    "a note with commas": ("NB: the court did not sit on the 3rd", " 4th and 5th", " see letter"),
    "a note of two years": ("Cases of 2024 and 2025 are in the other file",),
    "the rest of a cell": ("counsel to file submissions in 21 days",),
    "a court filled down": ("Testville",),
    "units under the names": ("", "(dd)", "(mon)", "(yyyy)", "", "", "(dd)", "(mon)", "(yyyy)"),
    "the numbers of the columns": tuple(map(str, range(1, 39))),
    "zeros of formulas": (*[""] * 27, *["0"] * 6),
}


@pytest.mark.parametrize("name", OTHER_LINES)
def test_a_line_that_is_no_row_is_one_row_with_one_issue(
    name: str, is_read_as_expected: Check
) -> None:
    lines = [*table(2), OTHER_LINES[name], row(caseid_no="E3")]
    is_read_as_expected(
        Shape(name, PLAIN.file(lines), "1 REJECTED, 3 accepted", of_rows="3:NOT_A_ROW")
    )


def test_a_printed_report_has_pages(is_read_as_expected: Check) -> None:
    page = [("Judiciary",), ("Page 2 of 5",), HEADER]
    lines = [*table(2), ("Total", "2"), (), *page, row(caseid_no="E3"), ("Total", "1")]
    is_read_as_expected(
        Shape(
            "pages",
            PLAIN.file(lines),
            "1 EMPTY, 4 REJECTED, 3 accepted",
            of_file="HDR_REPEATED",
            of_rows="3:NOT_A_ROW 5:NOT_A_ROW 6:NOT_A_ROW 8:NOT_A_ROW",
        )
    )


def test_the_issue_says_what_the_line_holds(judged: JudgeCells) -> None:
    blank = dict.fromkeys(COLUMNS, "")
    judgement = judged(**blank | {"court": "Grand total", "male_applicant": "12"})
    (issue,) = judgement.issues
    assert (judgement.result, issue.value) == (RowResult.REJECTED, "Grand total 12")
    assert "Not a row of a return" in issue.message


MENTIONED: Final = tuple(MENTION.get(name, "") for name in COLUMNS)
ROWS: Final = {
    "of merged cells": {"comingfor": "Mention", "outcome": "Adjournment"},
    "with a judge and a purpose": {"judge_1": "Example, Amina Wanja", "comingfor": "Mention"},
    "with its number alone": {"caseid_type": "HCCC", "caseid_no": "E014"},
    "with its day alone": {"date_dd": "24", "date_mon": "Feb", "date_yyyy": "2025"},
    "in one cell": {"court": ";".join(MENTIONED)},
    "in one cell, by blanks": {"court": " ".join(filter(None, MENTIONED))},
    "one cell to the right": dict(zip(COLUMNS, ("", *MENTIONED), strict=False)),
    "two cells to the right": dict(zip(COLUMNS, ("1", "a", *MENTIONED), strict=False)),
    "one cell to the left": dict(zip(COLUMNS, MENTIONED[1:], strict=False)),
    "that an open quote has cut": {"court": "Testville", QUOTE_LINE: "3"},
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_with_faults_has_them_named(name: str) -> None:
    codes = [issue.code for issue in parse_row(ROWS[name], TODAY).issues]
    assert codes
    assert IssueCode.NOT_A_ROW not in codes


@given(st.sets(st.sampled_from(COLUMNS), max_size=30), st.data())
def test_a_row_without_some_cells_is_a_row_as_long_as_it_tells_of_something(
    left_out: set[str], data: st.DataObject
) -> None:
    cells = {name: value for name, value in MENTION.items() if name not in left_out}
    tells = {"date_dd", "date_mon", "date_yyyy", "caseid_type", "caseid_no", "filed_dd"}
    tells |= {"filed_mon", "filed_yyyy", "case_type", "comingfor", "outcome", "judge_1"}
    spoilt = data.draw(st.sampled_from(["", "x", "45712", "31-12"]))
    if "court" in cells:
        cells["court"] = spoilt
    codes = [issue.code for issue in parse_row(cells, TODAY).issues]
    assert (IssueCode.NOT_A_ROW in codes) is (bool(cells) and len(tells & cells.keys()) < 2)


@given(st.lists(st.text(max_size=12), max_size=45))
def test_any_line_is_a_row_or_one_issue(values: Sequence[str]) -> None:
    cells = dict(zip([*COLUMNS, *(f"column_{n}" for n in range(39, 46))], values, strict=False))
    codes = [issue.code for issue in parse_row(cells, TODAY).issues]
    assert IssueCode.NOT_A_ROW not in codes or codes == [IssueCode.NOT_A_ROW]
