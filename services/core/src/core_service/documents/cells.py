"""What a cell of a document may hold, and what no spreadsheet may run."""

from datetime import date, datetime
from enum import IntEnum
from typing import Final, NamedTuple
from uuid import UUID

Value = str | int | float | date | datetime | UUID | None
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); where letters have
# their full width, also these.
FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)


class Style(IntEnum):
    """How a cell looks in a workbook; the numbers are the places in its table of styles."""

    PLAIN = 0
    DAY = 1
    MOMENT = 2
    HEADING = 3
    FORMULA_LIKE = 4
    TITLE = 5
    COUNT = 6
    RATE = 7
    NOTE = 8


class Styled(NamedTuple):
    """A value that does not look as its type does by itself."""

    value: Value
    style: Style


Cell = Value | Styled


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may run the text."""
    return text.startswith(FORMULA_STARTS)


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if is_formula_like(text) else text
