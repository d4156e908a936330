"""What the text of one cell means: a number, a month, a date, a count, yes or no, or nothing."""

import calendar
import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from core_service.cases.numbers import FIRST_SHORT_YEAR
from core_service.returns.issues import IssueCode

SWAHILI: Final = (
    *("", "januari", "februari", "machi", "aprili", "mei", "juni"),
    *("julai", "agosti", "septemba", "oktoba", "novemba", "desemba"),
)
MONTHS: Final = tuple(zip(map(str.casefold, calendar.month_name), SWAHILI, strict=True))
EARLIEST_YEAR: Final = 1960
LATEST_YEAR: Final = 2199
MAX_COUNT: Final = 999
MAX_DAY: Final = 31

# Most cells of a file repeat: how many distinct ones are held.
CACHED: Final = 16_384
CACHED_CHARACTERS: Final = 80
_WHOLE: Final = re.compile(r"(\d{1,9})(?:\.0*|,0{1,2})?", re.ASCII)
_ORDINAL: Final = re.compile(r"(\d{1,2}) ?(?:st|nd|rd|th)\.?", re.ASCII | re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_NUMBER_IN_TEXT: Final = re.compile(r"-?\d+(?:[.,]\d+)*", re.ASCII)
_YES: Final = frozenset({"yes", "y", "1", "1.0", "true", "ndiyo", "ndio"})
_NO: Final = frozenset({"no", "n", "0", "0.0", "false", "hapana"})
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_AS_TEXT: Final = re.compile(r'="([^"]*)"')
# What begins with these may be an error, a formula or a truth value.
_NO_VALUE: Final = frozenset("#=tTfF")
_VALUELESS: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BUSY!|#+)"
    r"|=(?!=).*|true|false",
    re.IGNORECASE,
)
_SERIAL: Final = re.compile(r"[2-7]\d{4}(?:\.\d*)?")
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[T ].*)?"
)
_DAY_FIRST: Final = re.compile(
    r"(?P<day>\d{1,2})(?: ?(?:st|nd|rd|th))?(?:[/. -]| of )"
    r"(?P<month>\d{1,2}|[A-Za-z]{3,9})[,./ -]{1,2}(?P<year>\d{4}|'?\d\d)(?: .*)?",
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    r"(?P<month>[A-Za-z]{3,9})[. -]{1,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?[, -]{1,2}(?P<year>\d{4})",
    re.IGNORECASE,
)
SHORTEST_DATE: Final = 5  # a serial number; most cells have a day, a year or `Jan`
_SPREADSHEETS_ZERO: Final = date(1899, 12, 30)
_AFTER_LEAP_BUG: Final = date(1900, 3, 1)
_SHORTEST_MONTH: Final = 3
_MONTHS_IN_YEAR: Final = 12
_CENTURY: Final = 100


class CellFault(ValueError):
    """A cell cannot be read: the code, and as the suggestion a likely value."""

    def __init__(self, code: IssueCode, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion


def clean(text: str | None) -> str:
    """The text with runs of white space made one blank, and none at its ends.

    U+0000 is removed too: Postgres cannot store it. So are characters that show nothing, such as
    a soft hyphen, and Excel's way to write a number as text: `="014"`.
    """
    if not text:
        return ""
    return _clean(text) if len(text) <= CACHED_CHARACTERS else _clean.__wrapped__(text)


@lru_cache(maxsize=CACHED)
def _clean(plain: str) -> str:
    if not plain.isascii():
        plain = _INVISIBLE.sub("", plain)
    found = " ".join(plain.replace("\x00", " ").split())
    as_text = _AS_TEXT.fullmatch(found) if found.startswith("=") else None
    return as_text[1].strip() if as_text else found


def value_of(text: str) -> str:
    """A clean cell; blank where a spreadsheet shows an error, a truth value, or has no value."""
    return "" if text[:1] in _NO_VALUE and _VALUELESS.fullmatch(text) else text


def whole_date(text: str) -> str | None:
    """What a date in one cell, or the number that a spreadsheet stores for it, means.

    A small number in a cell with the style of a date shows as a day of 1900: the number is meant.
    """
    if len(text) < SHORTEST_DATE:
        return None
    if _SERIAL.fullmatch(text):
        days = int(text.split(".", maxsplit=1)[0])
        return (_SPREADSHEETS_ZERO + timedelta(days)).isoformat()
    forms = (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST)
    found = next(filter(None, (form.fullmatch(text) for form in forms)), None)
    if found is None:
        return None
    parts = found.groupdict()
    month, year = month_number(parts["month"]), int(parts["year"].lstrip("'"))
    try:
        day = date(full_year(year), month or 0, int(parts["day"]))
    except ValueError:
        return None
    if day.year < EARLIEST_YEAR:
        return str((day - _SPREADSHEETS_ZERO).days - (day < _AFTER_LEAP_BUG))
    return day.isoformat()


def whole_number(text: str) -> int | None:
    """The number in `3`, `03` or a spreadsheet's `3.0` or `3,0`; None for anything else."""
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found else None


def day_number(text: str) -> int | None:
    """The number, also of `1st`; None for anything else."""
    found = _ORDINAL.fullmatch(text)
    return int(found[1]) if found else whole_number(text)


def full_year(year: int) -> int:
    """The year that two digits mean, as in case numbers: 25 is 2025, and 98 is 1998."""
    if year >= _CENTURY:
        return year
    return year + (1900 if year >= FIRST_SHORT_YEAR else 2000)


def month_number(text: str) -> int | None:
    """1..12 for `1`, `1.0`, `Jan`, `Sept.`, `January` or `Januari`; None for anything else."""
    number = whole_number(text)
    if number is not None:
        return number if 1 <= number <= _MONTHS_IN_YEAR else None
    word = text.casefold().rstrip(".")
    if len(word) < _SHORTEST_MONTH:
        return None
    found = (index for index, names in enumerate(MONTHS) if any(n.startswith(word) for n in names))
    return next(found, None)


@lru_cache(maxsize=CACHED)
def calendar_date(day: str, month: str, year: str) -> date:
    """The day that three cells name. Raises CellFault: DATE_INVALID or DATE_NONEXISTENT.

    A date is made from its parts and never from a moment, so no time zone can move it.
    """
    days, months, years = day_number(day), month_number(month), whole_number(year)
    if days is None or months is None or years is None or not 1 <= days <= MAX_DAY:
        meant = _with_plain_numbers(f"{day}-{month}-{year}")
        raise CellFault(IssueCode.DATE_INVALID, f"{day}-{month}-{year} is not a date", meant)
    if not EARLIEST_YEAR <= years <= LATEST_YEAR:
        meant = str(full_year(years)) if years < _CENTURY else None
        raise CellFault(
            IssueCode.DATE_INVALID, f"{year} is not a year from {EARLIEST_YEAR} on", meant
        )
    last = calendar.monthrange(years, months)[1]
    if days > last:
        message = f"{calendar.month_name[months]} {years} has {last} days"
        raise CellFault(IssueCode.DATE_NONEXISTENT, message, date(years, months, last).isoformat())
    return date(years, months, days)


def _with_plain_numbers(text: str) -> str | None:
    """The text with digits of other scripts, such as Arabic, as 0 to 9, and none of the commas of
    thousands; None when it has neither.
    """
    plain = "".join(str(unicodedata.digit(each, each)) for each in text)
    plain = _THOUSANDS.sub("", plain)
    return plain if plain != text else None


def _number_in(text: str) -> str | None:
    """The count that a text such as `3 males` has in it; None unless there is just one."""
    numbers = _NUMBER_IN_TEXT.findall(_with_plain_numbers(text) or text)
    found = whole_number(numbers[0]) if len(numbers) == 1 else None
    return str(found) if found is not None and found <= MAX_COUNT else None


def count(text: str) -> int:
    """A number of people from 0 to 999; blank is 0. Raises CellFault: COUNT_RANGE."""
    if not text:
        return 0
    number = whole_number(text)
    if number is None or number > MAX_COUNT:
        raise CellFault(
            IssueCode.COUNT_RANGE,
            f"{text} is not a whole number from 0 to {MAX_COUNT}",
            _number_in(text),
        )
    return number


def says_yes_or_no(text: str) -> bool:
    return text.casefold() in _YES | _NO


def yes_or_no(text: str) -> bool | None:
    """None when blank. Raises CellFault: LEGALREP_VALUE."""
    word = text.casefold()
    if not word:
        return None
    if word not in _YES | _NO:
        raise CellFault(IssueCode.LEGALREP_VALUE, f"{text} is neither yes nor no", "Yes or No")
    return word in _YES


def zero_is_empty(text: str) -> str | None:
    """A cell in which older templates write 0 for nothing."""
    return None if not text or whole_number(text) == 0 else text
