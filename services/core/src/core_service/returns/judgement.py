"""The verdict on one row of the file, as far as the row and the vocabulary alone can tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core_service.cases.numbers import CaseNumber, case_number
from core_service.returns.columns import Header
from core_service.returns.issues import Issue, IssueCode, Severity, worst
from core_service.returns.models import RowResult
from core_service.returns.reading import SourceRow
from core_service.returns.resolution import ResolvedRow, Spelling, Terms, resolve
from core_service.returns.rows import Cells, ReturnRow, parse_row
from core_service.returns.rules import remarks
from core_service.returns.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row that is `resolved` has no result yet: what is in the registry decides that."""

    issues: tuple[Issue, ...]
    result: RowResult | None = None
    resolved: ResolvedRow | None = None
    spellings: Mapping[Issue, Spelling] = field(default_factory=dict)
    court_id: UUID | None = None
    number: CaseNumber | None = None
    """The case that a row which is not resolved names, as far as its court is known."""


def split(header: Header, source: SourceRow) -> tuple[dict[str, str], Judgement | None]:
    """The row's cells by column, and a judgement when they cannot be a row."""
    cells = header.cells(source.values)
    for position, value in enumerate(source.values[len(header.names) :], len(header.names) + 1):
        cells[f"column_{position}"] = value
    if source.is_blank:
        several = f"{source.count} rows are blank, up to row {source.last_row_no}"
        message = "Every cell is blank" if source.count == 1 else several
        issue = Issue(IssueCode.EMPTY_ROW, message)
        return cells, Judgement((issue,), RowResult.EMPTY)
    if source.fault is not None:
        issue = Issue(IssueCode.ROW_LENGTH, f"The row is refused: {source.fault}")
        return cells, Judgement((issue,), RowResult.REJECTED)
    found, wanted = len(source.values), len(header.names)
    if found != wanted:
        message = f"The row has {found} cells and the header {wanted}"
        return cells, Judgement(
            (Issue(IssueCode.ROW_LENGTH, message, value=str(found), suggestion=str(wanted)),),
            RowResult.REJECTED,
        )
    return cells, None


def judge(cells: Cells, vocabulary: Vocabulary, terms: Terms, today: date) -> Judgement:
    """Judge a row by its cells. The same cells get the same judgement whenever they are read."""
    parsed = parse_row(cells, today)
    if parsed.row is None:
        return Judgement(parsed.issues, RowResult.REJECTED)
    resolution = resolve(parsed.row, vocabulary, terms)
    resolved = resolution.resolved
    issues = (
        *parsed.issues,
        *resolution.issues,
        *(remarks(resolved) if resolved is not None else ()),
    )
    if resolved is None:
        rejected = worst(issues) is Severity.REJECTED
        return Judgement(
            issues,
            RowResult.REJECTED if rejected else RowResult.HELD,
            None,
            resolution.spellings,
            resolution.court_id,
            _number(parsed.row, resolution.court_id),
        )
    return Judgement(issues, None, resolved, court_id=resolution.court_id)


def _number(row: ReturnRow, court_id: UUID | None) -> CaseNumber | None:
    if court_id is None:
        return None
    return case_number(court_id, row.caseid_type, row.number, row.filed_on.year)
