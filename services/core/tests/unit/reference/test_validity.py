"""Dated editions."""

from dataclasses import dataclass
from datetime import date

import pytest

from core_service.reference.models import is_valid_on


@dataclass
class Edition:
    valid_from: date | None
    valid_to: date | None


@pytest.mark.parametrize(
    ("start", "end", "valid"),
    [
        (None, None, True),
        (date(2025, 1, 1), None, True),
        (date(2025, 1, 2), None, False),
        (None, date(2025, 1, 2), True),
        (None, date(2025, 1, 1), False),
    ],
)
def test_the_first_day_is_in_and_the_last_is_out(
    start: date | None, end: date | None, valid: bool
) -> None:
    assert is_valid_on(Edition(start, end), date(2025, 1, 1)) is valid
