"""The judgement of one row of the file, by the row and the vocabulary alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from core_service.cases.numbers import CaseNumber, case_number
from core_service.reference.models import Cadre, CaseNature, CourtType, Effect
from core_service.returns.files.header import Header
from core_service.returns.files.tables import SourceRow
from core_service.returns.issues import Issue, IssueCode, Severity, worst
from core_service.returns.judging.resolution import ResolvedRow, Spelling, Terms, resolve
from core_service.returns.judging.row import Cells, ReturnRow, parse_row
from core_service.returns.judging.vocabulary import Vocabulary
from core_service.returns.models import RowResult

Rule = Callable[[ResolvedRow], Iterator[Issue]]

CLOSING: Final = frozenset({Effect.DISPOSE, Effect.TRANSFER_OUT})
# Longest first, so that SCC is not taken for SC, nor ELRC for ELC.
_COURT_TYPES: Final = sorted((kind.value for kind in CourtType), key=len, reverse=True)


def remarks(resolved: ResolvedRow) -> tuple[Issue, ...]:
    """The issues of all rules."""
    return tuple(issue for rule in RULES for issue in rule(resolved))


def filed_after_activity(resolved: ResolvedRow) -> Iterator[Issue]:
    row = resolved.row
    if row.filed_on > row.activity_on:
        message = f"The case was filed on {row.filed_on}, after this activity"
        yield Issue(IssueCode.FILED_AFTER_ACTIVITY, message, "filed_dd", row.filed_on.isoformat())


def next_in_past(resolved: ResolvedRow) -> Iterator[Issue]:
    row = resolved.row
    if row.next_on is not None and row.next_on < row.activity_on:
        message = "The next date is before the activity"
        yield Issue(IssueCode.NEXT_IN_PAST, message, "next_dd", row.next_on.isoformat())


def next_on_closed(resolved: ResolvedRow) -> Iterator[Issue]:
    row = resolved.row
    if row.next_on is not None and resolved.effect in CLOSING:
        message = "The outcome closes the case, but there is a next date"
        yield Issue(IssueCode.NEXT_ON_CLOSED, message, "next_dd", row.next_on.isoformat())


def next_non_sitting(resolved: ResolvedRow) -> Iterator[Issue]:
    row = resolved.row
    if row.next_on is not None and not resolved.sits_on_next:
        message = f"The court does not sit on {row.next_on:%A, %d %B %Y}"
        yield Issue(IssueCode.NEXT_NON_SITTING, message, "next_dd", row.next_on.isoformat())


def outcome_blank(resolved: ResolvedRow) -> Iterator[Issue]:
    if resolved.outcome is None:
        yield Issue(IssueCode.OUTCOME_BLANK, "The row has no outcome", "outcome")


def adjourned_no_reason(resolved: ResolvedRow) -> Iterator[Issue]:
    if resolved.effect is Effect.ADJOURN and not resolved.row.names.reason:
        yield Issue(IssueCode.ADJOURNED_NO_REASON, "Adjourned without a reason", "reason_adj")


def reason_not_adjourned(resolved: ResolvedRow) -> Iterator[Issue]:
    reason = resolved.row.names.reason
    if reason and resolved.effect is not Effect.ADJOURN:
        message = "A reason for adjournment, but the outcome is no adjournment"
        yield Issue(IssueCode.REASON_NOT_ADJOURNED, message, "reason_adj", reason)


def custody_noncriminal(resolved: ResolvedRow) -> Iterator[Issue]:
    custody = resolved.row.custody
    if custody and resolved.nature is not CaseNature.CRIMINAL:
        message = f"{custody} in custody, in a case that is not criminal"
        yield Issue(IssueCode.CUSTODY_NONCRIMINAL, message, "custody", str(custody))


def court_type_mismatch(resolved: ResolvedRow) -> Iterator[Issue]:
    caseid_type, actual = resolved.row.caseid_type, resolved.court.court_type.value
    stated = next((kind for kind in _COURT_TYPES if caseid_type.startswith(kind)), actual)
    if stated != actual:
        message = f"{caseid_type} is a number of {stated}, and the court is {actual}"
        yield Issue(IssueCode.COURT_TYPE_MISMATCH, message, "caseid_type", caseid_type)


def judge_placeholder(resolved: ResolvedRow) -> Iterator[Issue]:
    for seat in resolved.seats:
        if seat.judge.cadre is Cadre.PLACEHOLDER:
            message = "Not a judge; the seat is left empty"
            yield Issue(IssueCode.JUDGE_PLACEHOLDER, message, seat.column, seat.raw)


def judge_registrar(resolved: ResolvedRow) -> Iterator[Issue]:
    for seat in resolved.seats:
        if seat.judge.cadre is Cadre.REGISTRAR:
            yield Issue(IssueCode.JUDGE_REGISTRAR, "A registrar sat", seat.column, seat.raw)


def judge_spelling(resolved: ResolvedRow) -> Iterator[Issue]:
    for seat in resolved.seats:
        name = seat.judge.display_name
        if seat.raw != name:
            message = f"Read as {name}"
            yield Issue(IssueCode.JUDGE_SPELLING, message, seat.column, seat.raw, name)


def judge_no_posting(resolved: ResolvedRow) -> Iterator[Issue]:
    for seat in resolved.seats:
        if not seat.is_posted:
            message = f"{seat.judge.display_name} is posted to other courts on this day"
            yield Issue(IssueCode.JUDGE_NO_POSTING, message, seat.column, seat.raw)


def judge_on_bench_twice(resolved: ResolvedRow) -> Iterator[Issue]:
    seen = set()
    for seat in resolved.seats:
        if seat.judge.id in seen and seat.judge.cadre is not Cadre.PLACEHOLDER:
            message = "The same judge sits twice; counted once"
            yield Issue(IssueCode.JUDGE_ON_BENCH_TWICE, message, seat.column, seat.raw)
        seen.add(seat.judge.id)


RULES: Final[tuple[Rule, ...]] = (
    filed_after_activity,
    next_in_past,
    next_on_closed,
    next_non_sitting,
    outcome_blank,
    adjourned_no_reason,
    reason_not_adjourned,
    custody_noncriminal,
    court_type_mismatch,
    judge_placeholder,
    judge_registrar,
    judge_spelling,
    judge_no_posting,
    judge_on_bench_twice,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row that is `resolved` has no result yet: what the registry holds decides that."""

    issues: tuple[Issue, ...]
    result: RowResult | None = None
    resolved: ResolvedRow | None = None
    spellings: Mapping[Issue, Spelling] = field(default_factory=dict)
    court_id: UUID | None = None
    number: CaseNumber | None = None
    """The case that a row which is not resolved names, as far as its court is known."""


def read_cells(header: Header, source: SourceRow) -> tuple[dict[str, str], Judgement | None]:
    """The row's cells by column, and a judgement when they cannot be a row."""
    cells = header.cells(source.values)
    for position, value in enumerate(source.values[len(header.names) :], len(header.names) + 1):
        cells[f"column_{position}"] = value
    cells |= source.more
    if "\x00" in "".join(cells.values()):  # which Postgres cannot store
        cells = {name: value.replace("\x00", "\ufffd") for name, value in cells.items()}
    if source.is_blank:
        several = f"{source.count} rows are blank, up to row {source.last_row_no}"
        message = "Every cell is blank" if source.count == 1 else several
        issue = Issue(IssueCode.EMPTY_ROW, message)
        return cells, Judgement((issue,), RowResult.EMPTY)
    if source.fault is not None:
        issue = Issue(IssueCode.ROW_LENGTH, f"The row is refused: {source.fault}")
        return cells, Judgement((issue,), RowResult.REJECTED)
    found, wanted = len(source.values), len(header.names)
    if found > wanted:  # the reader has filled up shorter ones
        message = f"The row has {found} cells and the header {wanted}"
        return cells, Judgement(
            (Issue(IssueCode.ROW_LENGTH, message, value=str(found), suggestion=str(wanted)),),
            RowResult.REJECTED,
        )
    return cells, None


def judge(cells: Cells, vocabulary: Vocabulary, terms: Terms, today: date) -> Judgement:
    """Judge a row by its cells. The same cells get the same judgement whenever they are read."""
    parsed = parse_row(cells, today, court_is_known=terms.court_id is not None)
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
