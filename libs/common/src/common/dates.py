"""Dates and times as requests give them: written out (RFC 3339), never as a number.

Left alone, pydantic takes seconds since 1970 too: `?to=0` would ask for figures up to 1970-01-01.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written(pattern: Callable[[str], object], example: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if isinstance(value, int | float) or (isinstance(value, str) and not pattern(value)):
            raise ValueError(f"must be written like {example}")
        return value

    return BeforeValidator(check)


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        # Postgres would keep it, in the year 10000, and Python could never read it again.
        raise ValueError("must be a moment of the years 1 to 9999 in UTC") from None


Day = Annotated[date, _written(_DAY.fullmatch, "2026-01-31")]
# RFC 3339 has its own letter case and its own separators; pydantic judges what follows the day.
Moment = Annotated[
    AwareDatetime, _written(_DAY.match, "2026-01-31T09:30:00Z"), AfterValidator(_in_utc)
]
