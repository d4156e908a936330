"""Texts that are not the number of one case."""

import pytest

from core_service.cases.number_faults import number_fault


@pytest.mark.parametrize(
    ("written", "meant"), [("1.2E+05", "120000"), ("1E+05", "100000"), (" 3.45e+06 ", "3450000")]
)
def test_a_number_that_a_spreadsheet_rounded_is_refused_with_what_may_be_meant(
    written: str, meant: str
) -> None:
    fault = number_fault(written)

    assert fault is not None
    assert "rounded" in fault.message
    assert fault.meant == meant


@pytest.mark.parametrize(
    "written",
    [
        *("E1 & E2", "12 & 13", "E12 and 13", "E12 of 2025 & E13 of 2025"),
        *("E12-E14", "E12, E13", "E12/E13", "e12 \u2013 e14", "E12 (consolidated with E40)"),
    ],
)
def test_the_numbers_of_several_cases_are_not_one(written: str) -> None:
    fault = number_fault(written)

    assert fault is not None
    assert "several" in fault.message


@pytest.mark.parametrize("written", ["E27\ufffd6", "\ufffd"])
def test_a_number_that_has_lost_a_character_is_not_that_of_what_is_left(written: str) -> None:
    fault = number_fault(written)

    assert fault is not None
    assert "lost" in fault.message


@pytest.mark.parametrize("written", ["Petition", "E", "&"])
def test_a_number_has_a_digit(written: str) -> None:
    assert number_fault(written) is not None


@pytest.mark.parametrize(
    "written",
    [
        *("E014", "12E5", "22.0", "E330A", "12/3", "1,234", "E014 of 2025", "HCCC E14/2025"),
        *("E014 (E14)", "HCSPL/E77/2026", "COMM E77", "E 14; 2025", "BRAND 7", "E77A & B"),
    ],
)
def test_one_number_in_any_spelling_has_no_fault(written: str) -> None:
    assert number_fault(written) is None
