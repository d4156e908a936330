"""One row of a return: cells become a typed row, or the issues that keep it from being one."""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from core_service.cases.numbers import is_rounded, normal_number
from core_service.court_calendar import future_fault
from core_service.reference.spelling import normal_spelling
from core_service.returns.files.header import BENCH, PARTIES
from core_service.returns.issues import Issue, IssueCode, Severity, worst

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
    """A cell cannot be read: the code, and as the suggestion a likely value."""

    def __init__(self, code: IssueCode, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.suggestion = suggestion


def clean(text: str | None) -> str:
    """The text with runs of white space made one blank, and none at its ends.

    U+0000 is removed too: Postgres cannot store it.
    """
    return " ".join((text or "").replace("\x00", " ").split())


def whole_number(text: str) -> int | None:
    """The number in `3`, `03` or a spreadsheet's `3.0`; None for anything else."""
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


Cells = Mapping[str, str]
ValueT = TypeVar("ValueT")

ACTIVITY_DATE: Final = ("date_dd", "date_mon", "date_yyyy")
FILED_DATE: Final = ("filed_dd", "filed_mon", "filed_yyyy")
NEXT_DATE: Final = ("next_dd", "next_mon", "next_yyyy")
# What the registry's own forms allow, and what its indexes can hold.
MAX_NAME: Final = 200
MAX_CHARACTERS: Final = {"caseid_type": 20, "caseid_no": 40, "other_details": 32_768}


@dataclass(frozen=True, slots=True)
class OriginalCase:
    """The case below that an appeal comes from; each part may be missing."""

    court: str | None = None
    code: str | None = None
    number: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of reference data in a row; blank ones are empty."""

    court: str
    case_type: str
    activity_type: str
    outcome: str
    reason: str
    bench: tuple[tuple[str, str], ...]
    """The judges in their order, each with its column."""


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A row whose cells all hold what their columns ask for."""

    names: Names
    caseid_type: str
    number: str
    activity_on: date
    filed_on: date
    next_on: date | None
    original: OriginalCase
    parties: Mapping[str, int]
    applicant_witnesses: int
    defendant_witnesses: int
    custody: int | None
    legal_representation: bool | None
    details: str | None


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """The outcome of reading one row; `row` is None when an issue rejects it."""

    row: ReturnRow | None
    issues: tuple[Issue, ...]


def parse_row(cells: Cells, today: date) -> ParsedRow:
    """Read one row's cells. `today` is the court's calendar day."""
    reader = _RowReader({name: clean(value) for name, value in cells.items()}, today)
    row = reader.row()
    issues = tuple(reader.issues)
    return ParsedRow(None if worst(issues) is Severity.REJECTED else row, issues)


@dataclass(slots=True)
class _RowReader:
    """Reads a row column by column and gathers every issue, not just the first."""

    cells: Cells
    today: date
    issues: list[Issue] = field(default_factory=list)

    def row(self) -> ReturnRow | None:
        activity_on = self.past_date(ACTIVITY_DATE)
        filed_on = self.past_date(FILED_DATE)
        row = ReturnRow(
            names=self.names(),
            caseid_type=self.required("caseid_type").upper(),
            number=self.number(),
            activity_on=activity_on or date.min,
            filed_on=filed_on or date.min,
            next_on=self.next_date(),
            original=self.original(),
            parties={column: self.count(column) for column in PARTIES},
            applicant_witnesses=self.count("applicant_witness"),
            defendant_witnesses=self.count("defendant_witness"),
            custody=self.count("custody") if self.text("custody") else None,
            legal_representation=self.value("legalrep", yes_or_no, None),
            details=self.text("other_details") or None,
        )
        return row if activity_on and filed_on else None

    def text(self, column: str) -> str:
        text = self.cells.get(column, "")
        limit = MAX_CHARACTERS.get(column, MAX_NAME)
        if len(text) <= limit:
            return text
        message = f"{column} has {len(text)} characters, more than {limit}"
        issue = Issue(IssueCode.VALUE_LENGTH, message, column, text[:limit])
        if issue not in self.issues:
            self.issues.append(issue)
        return text[:limit]

    def required(self, column: str) -> str:
        """The text; punctuation alone, as in `-`, counts as blank."""
        text = self.text(column)
        if not normal_spelling(text):
            self.issues.append(Issue(IssueCode.REQ_BLANK, f"{column} must not be blank", column))
        return text

    def number(self) -> str:
        text = self.required("caseid_no")
        if normal_spelling(text) and not any(map(str.isdigit, normal_number(text))):
            message = "A case number has a digit in it"
            self.issues.append(Issue(IssueCode.CASEID_INVALID, message, "caseid_no", text))
        elif is_rounded(text):
            message = "A spreadsheet has rounded the number; its last digits may be others"
            meant = f"{float(text):.0f}"
            self.issues.append(Issue(IssueCode.CASEID_INVALID, message, "caseid_no", text, meant))
        return text

    def value(self, column: str, read: Callable[[str], ValueT], otherwise: ValueT) -> ValueT:
        text = self.text(column)
        try:
            return read(text)
        except CellFault as fault:
            self.fault(fault, column, text)
            return otherwise

    def count(self, column: str) -> int:
        return self.value(column, count, 0)

    def names(self) -> Names:
        return Names(
            court=self.required("court"),
            case_type=self.required("case_type"),
            activity_type=self.required("comingfor"),
            outcome=self.name("outcome"),
            reason=self.name("reason_adj"),
            bench=tuple((column, self.name(column)) for column in BENCH if self.name(column)),
        )

    def name(self, column: str) -> str:
        text = self.text(column)
        return text if normal_spelling(text) else ""

    def original(self) -> OriginalCase:
        year = whole_number(self.text("original_year")) or None
        return OriginalCase(
            court=zero_is_empty(self.text("original_court")),
            code=zero_is_empty(self.text("original_code")),
            number=zero_is_empty(self.text("original_number")),
            year=year if year and EARLIEST_YEAR <= year <= self.today.year else None,
        )

    def past_date(self, columns: tuple[str, str, str]) -> date | None:
        blank = [column for column in columns if not self.required(column)]
        day = None if blank else self.date(columns)
        fault = future_fault(columns[0], day, self.today)
        if fault is not None:
            self.issues.append(Issue(IssueCode.DATE_FUTURE, fault.message, columns[0], str(day)))
        return day

    def next_date(self) -> date | None:
        parts = [zero_is_empty(self.text(column)) for column in NEXT_DATE]
        if not any(parts):
            return None
        if not all(parts):
            given = "-".join(part or "?" for part in parts)
            message = "The next date needs day, month and year; it was left out"
            self.issues.append(Issue(IssueCode.NEXT_PARTIAL, message, NEXT_DATE[0], given))
            return None
        return self.date(NEXT_DATE)

    def date(self, columns: tuple[str, str, str]) -> date | None:
        day, month, year = (self.text(column) for column in columns)
        try:
            return calendar_date(day, month, year)
        except CellFault as fault:
            self.fault(fault, columns[0], f"{day}-{month}-{year}")
            return None

    def fault(self, fault: CellFault, column: str, value: str) -> None:
        self.issues.append(Issue(fault.code, fault.message, column, value, fault.suggestion))
