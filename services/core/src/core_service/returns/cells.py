"""Single cells: text as real files hold it becomes a value, or a fault with its code."""

import calendar
import re
from datetime import date
from typing import Final

from core_service.returns.issues import IssueCode

MONTHS: Final = tuple(name.casefold() for name in calendar.month_name)
EARLIEST_YEAR: Final = 1960
LATEST_YEAR: Final = 2199
MAX_COUNT: Final = 999
MAX_DAY: Final = 31

_WHOLE: Final = re.compile(r"\d{1,9}(?:\.0*)?", re.ASCII)
_YES: Final = frozenset({"yes", "y", "1", "1.0"})
_NO: Final = frozenset({"no", "n", "0", "0.0"})
_SHORTEST_MONTH: Final = 3
_MONTHS_IN_YEAR: Final = 12
_CENTURY: Final = 100


class CellFault(ValueError):
    """A cell cannot be read; `code` says how, `suggestion` what was perhaps meant."""

    def __init__(self, code: IssueCode, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion


def clean(text: str | None) -> str:
    """The text with runs of white space made one blank, and none at its ends.

    U+0000 goes too: Postgres cannot store it, and no spelling means anything by it.
    """
    return " ".join((text or "").replace("\x00", " ").split())


def whole_number(text: str) -> int | None:
    """The number that `3`, `03` or a spreadsheet's `3.0` stands for; None for anything else."""
    return int(text.split(".", maxsplit=1)[0]) if _WHOLE.fullmatch(text) else None


def month_number(text: str) -> int | None:
    """1..12 for `1`, `1.0`, `Jan`, `JAN`, `Sept` or `January`; None for anything else."""
    number = whole_number(text)
    if number is not None:
        return number if 1 <= number <= _MONTHS_IN_YEAR else None
    word = text.casefold().rstrip(".")
    if len(word) < _SHORTEST_MONTH:
        return None
    return next(
        (index for index, name in enumerate(MONTHS) if index and name.startswith(word)), None
    )


def calendar_date(day: str, month: str, year: str) -> date:
    """The day that three cells name. Raises CellFault: DATE_INVALID or DATE_NONEXISTENT.

    A date is made from its parts and never from a moment, so no time zone can move it.
    """
    days, months, years = whole_number(day), month_number(month), whole_number(year)
    if days is None or months is None or years is None or not 1 <= days <= MAX_DAY:
        raise CellFault(IssueCode.DATE_INVALID, f"{day}-{month}-{year} is not a date")
    if not EARLIEST_YEAR <= years <= LATEST_YEAR:
        meant = f"{2000 + years}" if years < _CENTURY else None
        raise CellFault(
            IssueCode.DATE_INVALID, f"{year} is not a year from {EARLIEST_YEAR} on", meant
        )
    last = calendar.monthrange(years, months)[1]
    if days > last:
        message = f"{calendar.month_name[months]} {years} has {last} days"
        raise CellFault(IssueCode.DATE_NONEXISTENT, message, date(years, months, last).isoformat())
    return date(years, months, days)


def count(text: str) -> int:
    """A number of people from 0 to 999; blank is 0. Raises CellFault: COUNT_RANGE."""
    if not text:
        return 0
    number = whole_number(text)
    if number is None or number > MAX_COUNT:
        raise CellFault(
            IssueCode.COUNT_RANGE, f"{text} is not a whole number from 0 to {MAX_COUNT}"
        )
    return number


def yes_or_no(text: str) -> bool | None:
    """Whether; None when blank. Raises CellFault: LEGALREP_VALUE."""
    word = text.casefold()
    if not word:
        return None
    if word not in _YES | _NO:
        raise CellFault(IssueCode.LEGALREP_VALUE, f"{text} is neither yes nor no", "Yes or No")
    return word in _YES


def zero_is_empty(text: str) -> str | None:
    """A cell in which older templates write 0 for nothing."""
    return None if not text or whole_number(text) == 0 else text
