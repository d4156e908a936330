"""One table of a file, a sheet or the text as a whole: its header, and its rows under it."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Final

from core_service.returns.files.encodings import SEPARATORS
from core_service.returns.files.header import (
    QUOTE_COLUMN,
    QUOTE_LINE,
    SHEET,
    Header,
    known_columns,
    looks_like_header,
    read_header,
)
from core_service.returns.files.limits import (
    HEADER_LINES,
    SHOWN_CHARACTERS,
    Blank,
    FileTooCostly,
    Line,
    OpenQuote,
    RefusedLine,
    within_limits,
)
from core_service.returns.files.two_line_headers import joined_names
from core_service.returns.issues import Issue, IssueCode

Item = Line | RefusedLine | OpenQuote | Blank
NAMED: Final = 5  # of what is many, as many are named


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the file, numbered from 1 after the header; `fault` when it is refused unread.

    Blank rows that follow each other are one of these, `count` of them from `row_no` on. `values`
    are in the order of the file's header; `more` has what that has no column for, by name.
    """

    row_no: int
    values: Line
    fault: str | None = None
    count: int = 1
    more: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(value.strip() for value in self.values)

    @property
    def characters(self) -> int:
        return sum(map(len, self.values)) + sum(map(len, self.more.values()))

    @property
    def last_row_no(self) -> int:
        return self.row_no + self.count - 1


def values_of(item: Item) -> Line:
    """The cells of a line, as far as it has any."""
    if isinstance(item, tuple):
        return item
    return item.line if isinstance(item, Blank) else item.values  # type: ignore[union-attr]  # a Line is a tuple here


def joined(items: Iterator[Item], at_end: Callable[[int], None]) -> Iterator[Item]:
    """Count blank lines that follow each other; those without a cell are no rows at the end."""
    blank = waiting = 0
    first: Line = ()
    for item in items:
        if isinstance(item, Blank):
            waiting += item.count
        elif not isinstance(item, tuple) or any(map(str.strip, item)):
            if blank + waiting:
                yield Blank(blank + waiting, first)
            blank, waiting, first = 0, 0, ()
            yield item
        elif item:
            first = first or item
            blank, waiting = blank + waiting + 1, 0
        else:
            waiting += 1
    if blank:
        yield Blank(blank, first)
    at_end(waiting)


@dataclass(slots=True)
class Remarks:
    """What is known of a table only when it has been read to its end."""

    above: list[str] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)
    blank_at_end: int = 0

    def issues(self, place: str) -> Iterator[Issue]:
        """The remarks as issues of the file; `place` names the sheet."""
        if self.above:
            number, shown = len(self.above), "; ".join(self.above[:NAMED])
            lines = "1 line" if number == 1 else f"{number} lines"
            message = f"{lines} above the header{place}: not read as rows"
            yield Issue(IssueCode.LINES_ABOVE_HEADER, message, value=shown[:SHOWN_CHARACTERS])
        if self.headers:
            shown = ", ".join(map(str, self.headers[:NAMED]))
            number = len(self.headers)
            times = "once" if number == 1 else f"{number} times"
            message = f"The header{place} is repeated {times}, before row {shown}"
            yield Issue(IssueCode.HDR_REPEATED, message, value=shown)
        if self.blank_at_end > 1:
            message = f"{self.blank_at_end} blank rows{place} follow the last row; not counted"
            yield Issue(IssueCode.EMPTY_ROW, message, value=str(self.blank_at_end))


@dataclass(slots=True)
class Table:
    """A table that is being read. `expect` tells its lines the header, when it is known."""

    items: Iterator[Item]
    name: str | None = None
    about: int = 0
    expect: Callable[[Header], None] = lambda _header: None
    head: list[Item] = field(default_factory=list)
    header: Header | None = None
    position: int = -1
    remarks: Remarks = field(default_factory=Remarks)
    court_is_known: bool = False
    in_one_cell: str = ""
    """The separator, where each line is in one cell."""

    def find_header(self) -> None:
        """Look for the header among the first lines with something in them.

        The first complete one is taken, else the one that names the most columns.
        """
        self.items = joined(self.items, self._end)
        best = 0
        filled = 0
        while filled < HEADER_LINES and (item := next(self.items, None)) is not None:
            item = self._split(item)
            self.head.append(item)
            filled += not isinstance(item, Blank)
            values = values_of(item)
            if not looks_like_header(values):
                continue
            if isinstance(item, RefusedLine):
                raise FileTooCostly(f"The header is refused: {item.reason}")
            header = read_header(values, court_is_known=self.court_is_known)
            if header.is_usable or known_columns(values) > best:
                best, self.header = known_columns(values), header
                self.position = len(self.head) - 1
                self.expect(header)
            if header.is_usable:
                return
        self._find_header_of_two_lines()

    def _find_header_of_two_lines(self) -> None:
        for place, (above, below) in enumerate(pairwise(map(values_of, self.head)), 1):
            header = read_header(joined_names(above, below), court_is_known=self.court_is_known)
            if header.is_usable:
                self.header, self.position = header, place
                self.expect(header)
                return

    def _split(self, item: Item) -> Item:
        """The cells of a line that is in one cell, where the header is so too."""
        only = item[0] if isinstance(item, tuple) and not any(item[1:]) and item else ""
        if not only or not (self.in_one_cell or any(map(only.count, SEPARATORS))):
            return item
        for separator in self.in_one_cell or SEPARATORS:
            try:
                cells = next(csv.reader([only], delimiter=separator), [])
            except csv.Error:
                continue
            if self.in_one_cell or looks_like_header(cells):
                self.in_one_cell = separator
                return within_limits(tuple(cells))
        return item

    def take_header(self, header: Header) -> bool:
        """Read the table under another's header, when its first line is a row; whether it is."""
        first = next((item for item in self.head if not isinstance(item, Blank)), None)
        if first is None or not header.is_row(values_of(first)):
            return False
        self.header = header
        return True

    @property
    def is_empty(self) -> bool:
        return all(isinstance(item, Blank) for item in self.head)

    @property
    def has_days_and_numbers(self) -> bool:
        """Whether it has the columns without which a table holds no activities of cases."""
        needed = {"date_dd", "date_yyyy", "caseid_no"}
        return self.header is not None and needed <= set(self.header.names)

    @property
    def place(self) -> str:
        """Where a remark on the table is about."""
        return "" if self.name is None else f" of the sheet {self.name}"

    def rows(self, names: tuple[str | None, ...], row_no: int) -> Iterator[SourceRow]:
        """The rows, numbered from `row_no` on, with their cells in the order of `names`."""
        header = self.header or Header(())
        self.expect(header)
        more = {} if self.name is None else {SHEET: self.name}
        for item in self._items_of_rows(header):
            if isinstance(item, tuple) and not header.has_year(item):
                other = self._other_header(item)
                if other is not None:
                    self.remarks.headers.append(row_no)
                    header = other
                    self.expect(header)
                    continue
            row = _row(row_no, item, header, names, more)
            row_no = row.last_row_no + 1
            yield row

    def _items_of_rows(self, header: Header) -> Iterator[Item]:
        """What is below the header, and what above it is a row as well: sorting moves headers."""
        for item in self.head[: self.position + 1]:
            values = values_of(item)
            if header.is_row(values):
                yield item
            elif any(map(str.strip, values)) and item is not self.head[self.position]:
                self.remarks.above.append(" ".join(filter(None, map(str.strip, values)))[:80])
        rest = map(self._split, self.items) if self.in_one_cell else self.items
        yield from chain(self.head[self.position + 1 :], rest)

    def _other_header(self, values: Line) -> Header | None:
        """The header that a line repeats, perhaps with its columns in another order."""
        if not looks_like_header(values):
            return None
        return read_header(values, court_is_known=self.court_is_known)

    def _end(self, blank: int) -> None:
        self.remarks.blank_at_end = blank


def _row(
    row_no: int,
    item: Item,
    header: Header,
    names: tuple[str | None, ...],
    more: dict[str, str],
) -> SourceRow:
    if isinstance(item, RefusedLine):
        return SourceRow(row_no, item.values, item.reason, 1, more)
    values, count = values_of(item), item.count if isinstance(item, Blank) else 1
    if isinstance(item, OpenQuote):
        column = (*header.names, None)[min(len(values) - 1, len(header.names))]
        more = more | {QUOTE_LINE: str(item.line_no), QUOTE_COLUMN: column or ""}
    if header.names != names:
        values, more = _reordered(values, header, names, more)
    return SourceRow(row_no, _fitted(values, len(names)), None, count, more)


def _reordered(
    values: Line, header: Header, names: tuple[str | None, ...], more: dict[str, str]
) -> tuple[Line, dict[str, str]]:
    """The cells of a table whose columns are in another order than the file's first ones."""
    cells = header.cells(values)
    beyond = values[len(header.names) :]
    placed = tuple(cells.pop(name, "") if name is not None else "" for name in names)
    return (*placed, *beyond), more | cells


def _fitted(line: Line, width: int) -> Line:
    """A row may end with its last value; only filled cells beyond the header are unexpected."""
    if len(line) == width:
        return line
    padded = (*line, *("",) * (width - len(line)))
    return padded if any(map(str.strip, padded[width:])) else padded[:width]
