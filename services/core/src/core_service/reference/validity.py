"""Dated editions: which one is in force on a day."""

from datetime import date
from typing import Protocol


class Dated(Protocol):
    """A row that is in force from a day on, up to and without another; None leaves an end open."""

    valid_from: date | None
    valid_to: date | None


def is_valid_on(row: Dated, day: date) -> bool:
    """Whether the row is in force on that day."""
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_to is None or day < row.valid_to
    )
