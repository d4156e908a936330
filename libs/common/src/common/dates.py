"""Dates and times as requests give them: written out (RFC 3339), from 1900 to 2200.

Left alone, pydantic takes seconds since 1970 too: `?to=0` would ask for figures up to 1970-01-01.
The bounds leave room for a day more, an offset, or a fiscal year that began before.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from common.errors import FieldError, ValidationFailed

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 12, 31)
MOST_YEARS: Final = 50
# From the first day of fifty years to their last, with the most leap days that they have.
LONGEST_PERIOD: Final = timedelta(days=365 * MOST_YEARS + 12)

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written(pattern: Callable[[str], object], example: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, int | float) or (isinstance(value, str) and not pattern(value)):
            raise ValueError(f"must be written like {example}")
        return value

    return BeforeValidator(check)


def _within(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def _day_within(value: date) -> date:
    if not _within(value):
        raise ValueError(f"must be from {FIRST_DAY} to {LAST_DAY}")
    return value


def _in_utc(value: datetime) -> datetime:
    # An offset may carry the first and the last day of the calendar out of it.
    if not date.min < value.date() < date.max or not _within(value.astimezone(UTC).date()):
        raise ValueError(f"must be from {FIRST_DAY} to {LAST_DAY}")
    return value.astimezone(UTC)


Day = Annotated[date, _written(_DAY.fullmatch, "2026-01-31"), AfterValidator(_day_within)]
# RFC 3339 has its own letter case and its own separators; pydantic judges what follows the day.
Moment = Annotated[
    AwareDatetime, _written(_DAY.match, "2026-01-31T09:30:00Z"), AfterValidator(_in_utc)
]


def _day_or_moment(value: Any) -> Any:
    """`2026-01-31` is a day, anything longer a moment, which must say its offset from UTC."""
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        return _day_within(date.fromisoformat(value))
    if not _DAY.match(value):
        raise ValueError("must be written like 2026-01-31 or 2026-01-31T09:30:00Z")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time needs its offset from UTC, such as Z")
    return _in_utc(moment)


DayOrMoment = Annotated[datetime | date, BeforeValidator(_day_or_moment)]


def require_period(first: date, last: date) -> None:
    """Refuse a period that ends before it begins, or is too long. Raises ValidationFailed."""
    if first > last:
        fault = FieldError("to", "before-from", "`to` must not be before `from`")
        raise ValidationFailed(errors=(fault,))
    if last - first > LONGEST_PERIOD:
        message = f"must be at most {MOST_YEARS} years before `to`"
        raise ValidationFailed(errors=(FieldError("from", "period-too-long", message),))
