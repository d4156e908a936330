"""Case numbers: normal forms and the spellings that people use."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_service.cases.numbers import (
    case_number,
    display_number,
    next_number,
    normal_number,
    normal_type,
    serial,
    similar_numbers,
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
        ("1,234", "1234"),
        ("E1,234,567", "E1234567"),
        ("12,30", "12-30"),
        ("1, 234", "1-234"),
        ("\uff25\uff10\uff11\uff14", "E14"),
        ("14A", "14A"),
        ("E77.0", "E77"),
        ("No. E77", "E77"),
        ("\u00ad331", "331"),
        ("\u0663\u0663\u0661", "331"),
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


@pytest.mark.parametrize("written", ["HCCC", "hccc ", "H.C.C.C.", "H C C C", "HCCC No."])
def test_spellings_of_one_type_have_one_normal_form(written: str) -> None:
    assert normal_type(written) == "HCCC"


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


def norm(written: str, caseid_type: str = "HCSPL", year: int = 2026) -> str:
    return case_number(COURT, caseid_type, written, year).number_norm


@pytest.mark.parametrize(
    "written",
    [
        *("E77", "E77/2026", "E77 of 2026", "No. E77", "HCSPL E77", "HCSPL/E77/2026", "E77.0"),
        *("HCSPLE77", "hcspl-e077-26", "2026/E77", "E77/26", "(E77)", "E77 ya 2026"),
        *("Nambari E77", "E77 of 2026 HCSPL", "H.C.S.P.L No.E77/2026", "E77.0 of 2026"),
    ],
)
def test_a_register_knows_one_number_by_every_spelling(written: str) -> None:
    assert norm(written) == "E77"
    assert display_number("HCSPL", written, 2026) in {"HCSPL E77 of 2026", "HCSPL E077 of 2026"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("E77/2025", "E77-2025"),  # of another year: a guess would merge two cases
        ("HCCC E77", "HCCCE77"),  # of another register
        ("COMM E77", "COMME77"),
        ("12/3", "12-3"),
        ("E77A", "E77A"),
        ("2026", "2026"),
        ("2026/2026", "2026"),
        ("26/2026", "26"),
    ],
)
def test_what_the_register_does_not_repeat_stays_part_of_the_number(
    written: str, expected: str
) -> None:
    assert norm(written) == expected


TYPES = st.sampled_from(["HCCC", "KCSUCC", "MCTR", "HCSPL", "ELRCC"])
COUNTS = st.integers(1, 9999)
YEARS = st.integers(1960, 2059)
SEPARATORS = st.sampled_from(["/", "-", " ", "_", ":", "\\", "#", "\u2013", ", ", ";"])


@given(TYPES, COUNTS, YEARS, st.sampled_from(["E", ""]), SEPARATORS, SEPARATORS)
def test_a_whole_number_in_its_cell_is_the_number(
    kind: str, count: int, year: int, prefix: str, first: str, second: str
) -> None:
    plain = norm(f"{prefix}{count}", kind, year)

    assert norm(f"{kind}{first}{prefix}{count:03d}{second}{year}", kind, year) == plain
    assert norm(f"{prefix}{count}{second}{year}", kind, year) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [("E330", "330"), ("E330", "E33O"), ("E33O", "330"), ("E74", "EO74"), ("E100", "E1OO")],
)
def test_slips_are_similar_in_both_directions(one: str, other: str) -> None:
    assert other in similar_numbers(one)
    assert one in similar_numbers(other)


@given(COUNTS, st.sampled_from(["E", ""]))
def test_a_number_is_not_similar_to_itself(count: int, prefix: str) -> None:
    number = f"{prefix}{count}"
    assert number not in similar_numbers(number)
    assert len(similar_numbers(number)) <= 20


@pytest.mark.parametrize(
    "written", ["\u0415014", "\u0395014", "\uff25\uff10\uff11\uff14", "E\u200b014"]
)
def test_letters_that_look_like_latin_ones_are_read_as_these(written: str) -> None:
    assert normal_number(written) == "E14"
    assert normal_type("\u041dCC\u0421") == "HCCC"
