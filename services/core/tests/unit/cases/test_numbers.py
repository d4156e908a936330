"""Case numbers: normal forms and the spellings that people use."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_service.cases.numbers import (
    NumberQuery,
    case_number,
    display_number,
    next_number,
    normal_number,
    normal_type,
    parse_query,
    serial,
)

COURT = UUID(int=1)


@pytest.mark.parametrize(
    ("written", "norm"),
    [
        ("E014", "E14"),
        ("e14", "E14"),
        ("E-014", "E14"),
        (" E 014 ", "E14"),
        ("22", "22"),
        ("0022", "22"),
        ("22.0", "22"),
        ("000", "0"),
        ("12/3", "12-3"),
        ("12.30", "12-30"),
        ("\uff25\uff10\uff11\uff14", "E14"),
        ("14A", "14A"),
    ],
)
def test_spellings_of_one_number_have_one_normal_form(written: str, norm: str) -> None:
    assert normal_number(written) == norm


@given(st.integers(1, 10**9), st.integers(0, 4), st.sampled_from(["", "E", "e", "E-"]))
def test_filling_zeros_never_matter(number: int, zeros: int, prefix: str) -> None:
    assert normal_number(f"{prefix}{'0' * zeros}{number}") == normal_number(f"{prefix}{number}")


@given(st.text(max_size=30))
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    assert normal_number(normal_number(text)) == normal_number(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    query = parse_query(text)
    assert query is None or query.number_norm


@pytest.mark.parametrize("written", ["HCCC", "hccc", "H.C.C.C.", "H C C C"])
def test_spellings_of_one_type_have_one_normal_form(written: str) -> None:
    assert normal_type(written) == "HCCC"


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("HCCC/E014/2025", NumberQuery("HCCC", "E14", 2025)),
        ("hccc e14 of 2025", NumberQuery("HCCC", "E14", 2025)),
        ("HCCC E014 of 2025", NumberQuery("HCCC", "E14", 2025)),
        ("Hccc No. E 14 of 2025", NumberQuery("HCCC", "E14", 2025)),
        ("H.C.C.C. E014/2025", NumberQuery("HCCC", "E14", 2025)),
        ("HCCCE014/2025", NumberQuery("HCCC", "E14", 2025)),
        ("hccc22 of 1998", NumberQuery("HCCC", "22", 1998)),
        ("E14/2025", NumberQuery(None, "E14", 2025)),
        ("E 14 of 2025", NumberQuery(None, "E14", 2025)),
        ("22/2025", NumberQuery(None, "22", 2025)),
        ("HCCRC 7", NumberQuery("HCCRC", "7", None)),
        ("E14", NumberQuery(None, "E14", None)),
        ("2025", NumberQuery(None, "2025", None)),
    ],
)
def test_any_spelling_is_read(typed: str, query: NumberQuery) -> None:
    assert parse_query(typed) == query


@pytest.mark.parametrize("typed", ["", "HCCC", "of", "/ /", "???"])
def test_text_without_a_number_is_no_query(typed: str) -> None:
    assert parse_query(typed) is None


@given(st.sampled_from(["HCCC", "KCSUCC", "MCTR"]), st.integers(1, 9999), st.booleans())
def test_a_shown_number_finds_its_case(caseid_type: str, count: int, e_filed: bool) -> None:
    number = f"{'E' if e_filed else ''}{count:03d}"
    key = case_number(COURT, caseid_type, number, 2025)

    query = parse_query(display_number(caseid_type, number, 2025))

    assert query == NumberQuery(key.caseid_type, key.number_norm, key.filed_year)


def test_one_number_in_two_years_is_two_keys() -> None:
    assert case_number(COURT, "HCCC", "E001", 2024) != case_number(COURT, "HCCC", "E001", 2025)


@pytest.mark.parametrize(
    ("norm", "expected"), [("E14", 14), ("22", 22), ("12-3", 12), ("9" * 30, 0), ("", 0)]
)
def test_the_serial_is_the_counting_part(norm: str, expected: int) -> None:
    assert serial(norm) == expected


def test_the_next_number_has_three_digits_or_more() -> None:
    assert [next_number("E", 0), next_number("", 77), next_number("E", 1234)] == [
        "E001",
        "078",
        "E1235",
    ]
