"""Header lines, of this year's template and of older ones."""

import pytest

from core_service.returns.files.header import COLUMNS, SYNONYMS, looks_like_header, read_header
from core_service.returns.issues import IssueCode


def _codes(values: list[str]) -> list[IssueCode]:
    return [issue.code for issue in read_header(values).issues]


def test_a_return_has_38_columns_and_they_need_no_remark() -> None:
    header = read_header(COLUMNS)
    assert len(COLUMNS) == 38
    assert header.names == COLUMNS
    assert header.is_usable
    assert header.issues == ()


@pytest.mark.parametrize(("old", "column"), sorted(SYNONYMS.items()))
def test_older_names_are_mapped_with_a_remark(old: str, column: str) -> None:
    values = [old if name == column else name for name in COLUMNS]
    header = read_header(values)
    assert header.names == COLUMNS
    assert [(issue.code, issue.column, issue.value) for issue in header.issues] == [
        (IssueCode.HDR_MAPPED, column, old)
    ]


def test_the_synonyms_of_the_page_are_all_known() -> None:
    stated = {"court_name": "court", "bench_7": "judge_7", "appeal_yyyy": "original_year"}
    stated |= {"fisrtparty_m": "male_applicant", "secondparty_org": "organization_defendant"}
    stated |= {"firstparty_f": "female_applicant", "defedant_witness": "defendant_witness"}
    assert stated.items() <= SYNONYMS.items()


def test_case_blanks_and_spaces_in_names_do_not_matter() -> None:
    assert read_header([name.upper().replace("_", " ") + " " for name in COLUMNS]).names == COLUMNS


def test_a_leading_line_column_is_ignored() -> None:
    header = read_header(["line", *COLUMNS])
    assert header.issues == ()
    assert header.cells(["1", *("x" for _ in COLUMNS)]) == dict.fromkeys(COLUMNS, "x")


def test_a_missing_column_is_named() -> None:
    header = read_header([name for name in COLUMNS if name != "outcome"])
    assert not header.is_usable
    assert [(issue.code, issue.column) for issue in header.issues] == [
        (IssueCode.HDR_MISSING, "outcome")
    ]


def test_a_column_twice_makes_the_file_unusable() -> None:
    header = read_header([*COLUMNS, "station"])
    assert not header.is_usable
    assert IssueCode.HDR_DUPLICATE in [issue.code for issue in header.issues]


def test_an_unknown_column_is_stored_unread() -> None:
    header = read_header([*COLUMNS, "weather"])
    assert header.is_usable
    assert _codes([*COLUMNS, "weather"]) == [IssueCode.HDR_UNKNOWN]
    assert header.cells(["x"] * 39)["weather"] == "x"


def test_nul_characters_are_neither_in_names_nor_in_remarks() -> None:
    header = read_header([*COLUMNS, "the\x00weather"])
    assert header.names[-1] == "the\ufffdweather"
    assert [issue.value for issue in header.issues] == ["the\ufffdweather"]


def test_a_title_is_no_header() -> None:
    assert not looks_like_header(["Daily court return", "Testville", "", ""])
