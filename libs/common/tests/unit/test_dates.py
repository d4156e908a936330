"""Dates and times of requests are written out."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from common.dates import Day, Moment

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
    with pytest.raises(ValidationError, match="years 1 to 9999"):
        MOMENT.validate_python(value)


@pytest.mark.parametrize("value", ["0", "0.5", "1767139200", 0, 0.5])
def test_a_number_is_no_moment(value: object) -> None:
    with pytest.raises(ValidationError, match="must be written like 2026-01-31T09:30:00Z"):
        MOMENT.validate_python(value)


def test_the_openapi_still_names_the_formats() -> None:
    assert DAY.json_schema() == {"type": "string", "format": "date"}
    assert MOMENT.json_schema() == {"type": "string", "format": "date-time"}
