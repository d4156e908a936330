"""Cells as real files hold them."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_service.returns.issues import IssueCode
from core_service.returns.judging.cells import (
    SWAHILI,
    CellFault,
    calendar_date,
    clean,
    count,
    day_number,
    full_year,
    month_number,
    value_of,
    whole_date,
    whole_number,
    yes_or_no,
    zero_is_empty,
)

DAYS = st.dates(min_value=date(1960, 1, 1), max_value=date(2199, 12, 31))


@pytest.mark.parametrize("text", ["Jan", "JAN", "jan.", "January", "1", "1.0", "01", "Janu"])
def test_january_is_read_in_every_spelling(text: str) -> None:
    assert month_number(text) == 1


@pytest.mark.parametrize("number", range(1, 13))
def test_months_are_read_in_english_and_swahili(number: int) -> None:
    for name in (calendar.month_name[number], SWAHILI[number]):
        for text in (name, name.upper(), name[:3], f"{name[:4]}."):
            assert month_number(text) == number


@pytest.mark.parametrize("text", ["1st", "01ST", "1 st", "1st.", "1", "1.0"])
def test_a_day_may_be_an_ordinal(text: str) -> None:
    assert day_number(text) == 1


@pytest.mark.parametrize("text", ["st", "1sta", "first", "1th th", "100th"])
def test_other_words_name_no_day(text: str) -> None:
    assert day_number(text) is None


@pytest.mark.parametrize(("short", "full"), [(25, 2025), (59, 2059), (60, 1960), (98, 1998)])
def test_two_digits_mean_a_year_from_1960_on(short: int, full: int) -> None:
    assert full_year(short) == full


@pytest.mark.parametrize("text", ["", "Ja", "Janx", "13", "0", "-1", "Foo", "1.5"])
def test_what_names_no_month_is_none(text: str) -> None:
    assert month_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("03", 3), ("3.0", 3), ("3.", 3), ("3.00", 3), ("3,0", 3), ("3,00", 3)],
)
def test_a_spreadsheets_number_is_the_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-3", "3.5", "1e3", "٣", "three", "9999999999", "1,000"])
def test_what_is_not_a_whole_number_is_none(text: str) -> None:
    assert whole_number(text) is None


@given(DAYS)
def test_a_date_comes_back_as_itself_however_its_month_is_written(day: date) -> None:
    name = calendar.month_name[day.month]
    for month in (name, name.upper(), name[:3], str(day.month), f"{day.month}.0"):
        assert calendar_date(f"{day.day}.0", month, str(day.year)) == day


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_any_three_texts_are_a_date_or_a_fault(day: str, month: str, year: str) -> None:
    try:
        found = calendar_date(day, month, year)
    except CellFault as fault:
        assert fault.code in (IssueCode.DATE_INVALID, IssueCode.DATE_NONEXISTENT)  # noqa: PT017 - either may come
    else:
        assert isinstance(found, date)


@pytest.mark.parametrize(
    ("day", "month", "year", "meant"),
    [
        ("31", "Feb", "2025", "2025-02-28"),
        ("29", "2", "2023", "2023-02-28"),
        ("31", "Jun", "2024", "2024-06-30"),
    ],
)
def test_a_day_its_month_has_not_does_not_exist(
    day: str, month: str, year: str, meant: str
) -> None:
    with pytest.raises(CellFault) as caught:
        calendar_date(day, month, year)
    assert (caught.value.code, caught.value.suggestion) == (IssueCode.DATE_NONEXISTENT, meant)


def test_a_leap_day_exists() -> None:
    assert calendar_date("29", "Feb", "2024") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("32", "Jan", "2025"),
        ("0", "Jan", "2025"),
        ("x", "Jan", "2025"),
        ("1", "Jan", "1959"),
        ("1", "", "2025"),
    ],
)
def test_what_is_no_date_at_all_is_invalid(day: str, month: str, year: str) -> None:
    with pytest.raises(CellFault) as caught:
        calendar_date(day, month, year)
    assert caught.value.code is IssueCode.DATE_INVALID


def test_a_year_of_two_digits_is_refused_with_the_year_meant() -> None:
    with pytest.raises(CellFault) as caught:
        calendar_date("3", "Feb", "25")
    assert (caught.value.code, caught.value.suggestion) == (IssueCode.DATE_INVALID, "2025")


@pytest.mark.parametrize(("text", "number"), [("", 0), ("0", 0), ("999", 999), ("2.0", 2)])
def test_counts_go_from_nothing_to_999(text: str, number: int) -> None:
    assert count(text) == number


@pytest.mark.parametrize("text", ["1000", "-1", "2.5", "two"])
def test_other_counts_are_out_of_range(text: str) -> None:
    with pytest.raises(CellFault) as caught:
        count(text)
    assert caught.value.code is IssueCode.COUNT_RANGE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("YES", True),
        ("y", True),
        ("1", True),
        ("No", False),
        ("N", False),
        ("0", False),
        ("", None),
    ],
)
def test_yes_and_no_are_read_in_any_case(text: str, value: bool | None) -> None:
    assert yes_or_no(text) is value


def test_what_is_neither_yes_nor_no_is_a_fault() -> None:
    with pytest.raises(CellFault) as caught:
        yes_or_no("perhaps")
    assert caught.value.code is IssueCode.LEGALREP_VALUE


@given(st.text())
def test_a_clean_cell_has_no_outer_double_or_nul_characters(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    assert cleaned == " ".join(cleaned.split())


@pytest.mark.parametrize("text", ["", "0", "0.0"])
def test_zero_in_a_column_of_the_original_case_means_nothing(text: str) -> None:
    assert zero_is_empty(text) is None


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ('="014"', "014"),
        ('=" E014 "', "E014"),
        ("E\u200b014\ufeff", "E014"),
        ("\u00adE014", "E014"),
        ("Civil\u00a0Suit\u00a0", "Civil Suit"),
        ("\u202aE014\u202c", "E014"),
    ],
)
def test_what_does_not_show_is_no_part_of_a_cell(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#n/a", "####"),
        *("TRUE", "False", "=", "=A1", '=VLOOKUP(A1,"x",2)'),
    ],
)
def test_what_a_spreadsheet_shows_for_nothing_is_no_value(text: str) -> None:
    assert value_of(text) == ""


@pytest.mark.parametrize("text", ["", "0", "E014", "Truesdale, Ann", "#5", "Falsey", "N/A"])
def test_other_text_is_a_value(text: str) -> None:
    assert value_of(text) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-02-03", "2026-02-03"),
        ("2026-02-03 00:00:00", "2026-02-03"),
        ("2026-02-03T09:30:00Z", "2026-02-03"),
        ("3/2/2026", "2026-02-03"),
        ("03.02.2026", "2026-02-03"),
        ("3-Feb-2026", "2026-02-03"),
        ("3 February 2026", "2026-02-03"),
        ("3rd Feb 2026", "2026-02-03"),
        ("3rd of Februari, 2026", "2026-02-03"),
        ("Feb 3, 2026", "2026-02-03"),
        ("February 3rd 2026", "2026-02-03"),
        ("2026/02/03", "2026-02-03"),
        ("3/2/26", "2026-02-03"),
        ("3-Feb-'26", "2026-02-03"),
        ("3-Feb-98", "1998-02-03"),
        ("46056", "2026-02-03"),
        ("46056.5", "2026-02-03"),
        ("1900-01-03", "3"),
        ("1900-02-28", "59"),
        ("1905-07-18", "2026"),
    ],
)
def test_a_whole_date_in_one_cell_has_a_meaning(text: str, meant: str) -> None:
    assert whole_date(text) == meant


@pytest.mark.parametrize(
    "text", ["", "3", "2026", "Feb", "9", "2026-13-01", "31/2/2026", "99999", "x"]
)
def test_a_part_of_a_date_is_no_whole_one(text: str) -> None:
    assert whole_date(text) is None


def test_digits_of_another_script_are_refused_with_the_number_meant() -> None:
    with pytest.raises(CellFault) as caught:
        calendar_date("٣", "Feb", "٢٠٢٦")
    assert caught.value.suggestion == "3-Feb-2026"
    with pytest.raises(CellFault) as caught:
        count("٣")
    assert (caught.value.code, caught.value.suggestion) == (IssueCode.COUNT_RANGE, "3")


def test_a_year_with_a_comma_of_thousands_is_refused_with_the_year_meant() -> None:
    with pytest.raises(CellFault) as caught:
        calendar_date("24", "Feb", "2,025")
    assert (caught.value.code, caught.value.suggestion) == (IssueCode.DATE_INVALID, "24-Feb-2025")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *[("3 males", "3"), ("about 12", "12"), ("3 (three)", "3"), ("2 m 1 f", None)],
        *[("many", None), ("-1", None), ("2.5", None), ("1,000", None), ("1000", None)],
    ],
)
def test_the_one_number_in_a_count_is_suggested(text: str, meant: str | None) -> None:
    with pytest.raises(CellFault) as caught:
        count(text)
    assert (caught.value.code, caught.value.suggestion) == (IssueCode.COUNT_RANGE, meant)
