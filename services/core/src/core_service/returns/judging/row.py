"""One row of a return: cells become a typed row, or the issues that keep it from being one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

from core_service.cases.number_faults import number_fault
from core_service.cases.numbers import is_plain
from core_service.cases.records import OriginalCase, PartyCounts
from core_service.court_calendar import future_fault
from core_service.returns.files.header import (
    BENCH,
    COLUMNS,
    PARTIES,
    QUOTE_COLUMN,
    QUOTE_LINE,
)
from core_service.returns.files.limits import SHOWN_CHARACTERS
from core_service.returns.issues import Issue, IssueCode, Severity, worst
from core_service.returns.judging.cells import (
    EARLIEST_YEAR,
    CellFault,
    calendar_date,
    clean,
    count,
    says_yes_or_no,
    value_of,
    whole_date,
    whole_number,
    yes_or_no,
    zero_is_empty,
)
from core_service.returns.judging.other_lines import other_line
from core_service.returns.judging.placeholders import (
    is_placeholder,
    names_nothing,
    numbers_nothing,
    read_as_blank,
    required,
    says_nothing,
)

Cells = Mapping[str, str]
ValueT = TypeVar("ValueT")

ACTIVITY_DATE: Final = ("date_dd", "date_mon", "date_yyyy")
FILED_DATE: Final = ("filed_dd", "filed_mon", "filed_yyyy")
NEXT_DATE: Final = ("next_dd", "next_mon", "next_yyyy")
_PART_OF_DATE: Final = {"dd": "day", "mon": "month", "yyyy": "year"}
REPLACEMENT: Final = "\ufffd"
# What the registry's own forms allow, and what its indexes can hold.
MAX_NAME: Final = 200
MAX_CHARACTERS: Final = {"caseid_type": 20, "caseid_no": 40, "other_details": 32_768}
SHORTEST_LIMIT: Final = 20  # most cells are not even that long


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of reference data in a row; blank ones are empty, placeholders are not: some
    registry may have something of that name.
    """

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
    parties: PartyCounts
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


def parse_row(cells: Cells, today: date, *, court_is_known: bool = False) -> ParsedRow:
    """Read one row's cells. `today` is the court's calendar day.

    `court_is_known`: the file was sent for a court, which stands for a blank one.
    """
    cleaned = {name: clean(value) for name, value in cells.items() if value}
    known = {name: _read_as(name, text) for name, text in cleaned.items()}
    reader = _RowReader(known, today, court_is_known, list(_remarks(cleaned, known)))
    row = reader.row()
    blank = read_as_blank(reader.placeholders)
    issues = (*reader.issues, *filter(None, [blank]))
    if worst(issues) is not Severity.REJECTED:
        return ParsedRow(row, issues)
    other = other_line(known)
    return ParsedRow(None, issues if other is None else (other,))


def _read_as(column: str, text: str) -> str:
    """The cell without what a spreadsheet shows for nothing; in some columns that is a value."""
    if column == "other_details" or (column == "legalrep" and says_yes_or_no(text)):
        return text
    return value_of(text)


def _remarks(cells: Cells, known: Cells) -> Iterator[Issue]:
    """The issues of cells that could not be read as they came."""
    if line := cells.get(QUOTE_LINE):
        column = cells.get(QUOTE_COLUMN) or None
        message = f"A quote that begins in line {line} is not closed; the next lines are rows"
        yield Issue(IssueCode.CELL_SWALLOWS_ROWS, message, column, line)
    for column, text in cells.items():
        if text != known[column] and column in COLUMNS:
            message = f"{text} is no value; the cell is read as blank"
            yield Issue(IssueCode.CELL_HAS_NO_VALUE, message, column, text[:SHOWN_CHARACTERS])
        if REPLACEMENT in text:
            message = "Bytes of this cell are no characters; they are lost"
            yield Issue(IssueCode.CELL_NOT_READABLE, message, column, text[:SHOWN_CHARACTERS])


@dataclass(slots=True)
class _RowReader:
    """Reads a row column by column and gathers every issue, not just the first."""

    cells: Cells
    today: date
    court_is_known: bool = False
    issues: list[Issue] = field(default_factory=list)
    placeholders: dict[str, str] = field(default_factory=dict)

    def row(self) -> ReturnRow | None:
        activity_on = self.past_date(ACTIVITY_DATE)
        filed_on = self.past_date(FILED_DATE)
        row = ReturnRow(
            names=self.names(),
            caseid_type=self.required("caseid_type", numbers_nothing).upper(),
            number=self.number(),
            activity_on=activity_on or date.min,
            filed_on=filed_on or date.min,
            next_on=self.next_date(),
            original=self.original(),
            parties=PartyCounts(*map(self.count, PARTIES)),
            applicant_witnesses=self.count("applicant_witness"),
            defendant_witnesses=self.count("defendant_witness"),
            custody=self.count("custody") if self.filled("custody") else None,
            legal_representation=self.value("legalrep", yes_or_no, None),
            details=self.text("other_details") or None,
        )
        return row if activity_on and filed_on else None

    def text(self, column: str) -> str:
        text = self.cells.get(column, "")
        if len(text) <= SHORTEST_LIMIT:
            return text
        limit = MAX_CHARACTERS.get(column, MAX_NAME)
        if len(text) <= limit:
            return text
        message = f"{column} has {len(text)} characters, more than {limit}"
        issue = Issue(IssueCode.VALUE_LENGTH, message, column, text[:limit])
        if issue not in self.issues:
            self.issues.append(issue)
        return text[:limit]

    def filled(self, column: str) -> str:
        """The text; blank when it says that there is nothing to say."""
        text = self.text(column)
        if not text or not says_nothing(text):
            return text
        if is_placeholder(text):
            self.placeholders[column] = text
        return ""

    def required(self, column: str, is_blank: Callable[[str], bool] = says_nothing) -> str:
        text = self.text(column)
        if not is_blank(text):
            return text
        self.issues.append(required(column, text))
        return ""

    def number(self) -> str:
        text = self.required("caseid_no", numbers_nothing)
        if not text or is_plain(text):  # most are plain
            return text
        fault = number_fault(text)
        if fault is not None:
            code, meant = IssueCode.CASEID_INVALID, fault.meant
            self.issues.append(Issue(code, fault.message, "caseid_no", text, meant))
        return text

    def value(self, column: str, read: Callable[[str], ValueT], otherwise: ValueT) -> ValueT:
        text = self.filled(column)
        try:
            return read(text)
        except CellFault as fault:
            self.fault(fault, column, text)
            return otherwise

    def count(self, column: str) -> int:
        return self.value(column, count, 0) if self.cells.get(column) else 0

    def names(self) -> Names:
        return Names(
            court=self.name("court")
            if self.court_is_known
            else self.required("court", names_nothing),
            case_type=self.required("case_type", names_nothing),
            activity_type=self.required("comingfor", names_nothing),
            outcome=self.name("outcome"),
            reason=self.name("reason_adj"),
            bench=tuple((column, name) for column in BENCH if (name := self.name(column))),
        )

    def name(self, column: str) -> str:
        text = self.text(column)
        return "" if names_nothing(text) else text

    def original(self) -> OriginalCase:
        year = whole_number(self.filled("original_year")) or None
        return OriginalCase(
            court=zero_is_empty(self.filled("original_court")),
            code=zero_is_empty(self.filled("original_code")),
            number=zero_is_empty(self.filled("original_number")),
            year=year if year and EARLIEST_YEAR <= year <= self.today.year else None,
        )

    def past_date(self, columns: tuple[str, str, str]) -> date | None:
        if self.holds_whole_date(columns):
            return None
        blank = [column for column in columns if not self.required(column)]
        day = None if blank else self.date(columns)
        fault = future_fault(columns[0], day, self.today)
        if fault is not None:
            self.issues.append(Issue(IssueCode.DATE_FUTURE, fault.message, columns[0], str(day)))
        return day

    def next_date(self) -> date | None:
        parts = [zero_is_empty(self.filled(column)) for column in NEXT_DATE]
        if not any(parts) or self.holds_whole_date(NEXT_DATE):
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

    def holds_whole_date(self, columns: tuple[str, str, str]) -> bool:
        """Whether one of the cells has a date, or a spreadsheet's number for one, in it."""
        for column in columns:
            text = self.text(column)
            meant = whole_date(text)
            if meant is not None:
                message = f"{text} is not a {_PART_OF_DATE[column.rpartition('_')[2]]}"
                self.issues.append(Issue(IssueCode.DATE_INVALID, message, column, text, meant))
                return True
        return False

    def fault(self, fault: CellFault, column: str, value: str) -> None:
        self.issues.append(Issue(fault.code, fault.message, column, value, fault.suggestion))
