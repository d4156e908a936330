"""Dates and times of requests are written out."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from common.dates import Day, DayOrMoment, Moment, require_period
from common.errors import ValidationFailed

DAY_OR_MOMENT: TypeAdapter[datetime | date] = TypeAdapter(DayOrMoment)
DAY: TypeAdapter[date] = TypeAdapter(Day)
MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


def test_a_day_is_year_month_and_day() -> None:
    assert DAY.validate_python("2026-01-31") == date(2026, 1, 31)
    assert DAY.validate_python(date(2026, 1, 31)) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "value", ["0", "1767139200", 0, 86400.0, "2026-01-31T00:00:00Z", "31/1/2026"]
)
def test_nothing_else_is_a_day(value: object) -> None:
    with pytest.raises(ValidationError, match="must be written like 2026-01-31"):
        DAY.validate_python(value)


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python("2026-02-31")


def test_a_moment_says_its_offset_from_utc() -> None:
    written = MOMENT.validate_python("2026-01-31T12:30:00+03:00")
    assert written == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    with pytest.raises(ValidationError):
        MOMENT.validate_python("2026-01-31T12:30:00")


@pytest.mark.parametrize("value", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+03:00"])
def test_a_moment_of_a_year_that_utc_has_not_is_refused(value: str) -> None:
    with pytest.raises(ValidationError, match="must be from 1900-01-01 to 2200-12-31"):
        MOMENT.validate_python(value)


@pytest.mark.parametrize("value", ["0", "0.5", "1767139200", 0, 0.5])
def test_a_number_is_no_moment(value: object) -> None:
    with pytest.raises(ValidationError, match="must be written like 2026-01-31T09:30:00Z"):
        MOMENT.validate_python(value)


@pytest.mark.parametrize("value", ["1900-01-01", "2200-12-31"])
def test_the_first_and_the_last_day_are_within(value: str) -> None:
    assert DAY.validate_python(value) == date.fromisoformat(value)
    assert MOMENT.validate_python(f"{value}T12:00:00Z").date() == date.fromisoformat(value)


@pytest.mark.parametrize("value", ["1899-12-31", "2201-01-01", "0001-01-01", "9999-12-31"])
def test_what_lies_further_out_is_refused(value: str) -> None:
    for adapter, text in ((DAY, value), (MOMENT, f"{value}T12:00:00Z"), (DAY_OR_MOMENT, value)):
        with pytest.raises(ValidationError, match="must be from 1900-01-01 to 2200-12-31"):
            adapter.validate_python(text)


def test_a_day_or_a_moment_is_read_as_what_it_is() -> None:
    assert DAY_OR_MOMENT.validate_python("2026-01-31") == date(2026, 1, 31)
    moment = DAY_OR_MOMENT.validate_python("2026-01-31T12:30:00+03:00")
    assert moment == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2026-W01-1", "2026-01-31T09:30:00", "2026-01-31T23:59:60Z"])
def test_neither_a_day_nor_a_moment_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        DAY_OR_MOMENT.validate_python(value)


def test_a_period_lasts_fifty_years_at_most() -> None:
    require_period(date(2000, 1, 1), date(2049, 12, 31))
    with pytest.raises(ValidationFailed) as refused:
        require_period(date(2000, 1, 1), date(2050, 1, 1))
    assert [fault.field for fault in refused.value.errors] == ["from"]


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValidationFailed):
        require_period(date(2026, 1, 2), date(2026, 1, 1))


def test_the_openapi_still_names_the_formats() -> None:
    assert DAY.json_schema() == {"type": "string", "format": "date"}
    assert MOMENT.json_schema() == {"type": "string", "format": "date-time"}
