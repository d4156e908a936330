"""The issue codes of the rows of a return, each of one severity."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Severity(StrEnum):
    """What an issue does to its row: the first two keep it from being applied."""

    REJECTED = "rejected"
    HELD = "held"
    WARNING = "warning"
    INFO = "info"


class IssueCode(StrEnum):
    """Every issue code with its severity; stable, since clerks and other programs know them."""

    severity: Severity

    def __new__(cls, code: str, severity: Severity) -> Self:
        """A member whose value is the code alone."""
        member = str.__new__(cls, code)
        member._value_, member.severity = code, severity
        return member

    HDR_MISSING = "HDR_MISSING", Severity.REJECTED
    HDR_DUPLICATE = "HDR_DUPLICATE", Severity.REJECTED
    ROW_LENGTH = "ROW_LENGTH", Severity.REJECTED
    NOT_A_ROW = "NOT_A_ROW", Severity.REJECTED
    REQ_BLANK = "REQ_BLANK", Severity.REJECTED
    DATE_INVALID = "DATE_INVALID", Severity.REJECTED
    DATE_NONEXISTENT = "DATE_NONEXISTENT", Severity.REJECTED
    DATE_FUTURE = "DATE_FUTURE", Severity.REJECTED
    COUNT_RANGE = "COUNT_RANGE", Severity.REJECTED
    CASEID_INVALID = "CASEID_INVALID", Severity.REJECTED
    VALUE_LENGTH = "VALUE_LENGTH", Severity.REJECTED
    COURT_NOT_GRANTED = "COURT_NOT_GRANTED", Severity.REJECTED
    NAME_REJECTED = "NAME_REJECTED", Severity.REJECTED
    ROW_REFUSED = "ROW_REFUSED", Severity.REJECTED

    COURT_UNKNOWN = "COURT_UNKNOWN", Severity.HELD
    JUDGE_UNKNOWN = "JUDGE_UNKNOWN", Severity.HELD
    TYPE_UNKNOWN = "TYPE_UNKNOWN", Severity.HELD
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN", Severity.HELD
    SPELLING_LIMIT = "SPELLING_LIMIT", Severity.HELD
    GRANT_MISSING = "GRANT_MISSING", Severity.HELD

    FILED_AFTER_ACTIVITY = "FILED_AFTER_ACTIVITY", Severity.WARNING
    FILED_CONFLICT = "FILED_CONFLICT", Severity.WARNING
    CASE_FACT_DIFFERS = "CASE_FACT_DIFFERS", Severity.WARNING
    POSSIBLE_DUPLICATE = "POSSIBLE_DUPLICATE", Severity.WARNING
    NEXT_PARTIAL = "NEXT_PARTIAL", Severity.WARNING
    NEXT_IN_PAST = "NEXT_IN_PAST", Severity.WARNING
    NEXT_ON_CLOSED = "NEXT_ON_CLOSED", Severity.WARNING
    NEXT_NON_SITTING = "NEXT_NON_SITTING", Severity.WARNING
    JUDGE_ON_BENCH_TWICE = "JUDGE_ON_BENCH_TWICE", Severity.WARNING
    JUDGE_NO_POSTING = "JUDGE_NO_POSTING", Severity.WARNING
    OUTCOME_BLANK = "OUTCOME_BLANK", Severity.WARNING
    ADJOURNED_NO_REASON = "ADJOURNED_NO_REASON", Severity.WARNING
    REASON_NOT_ADJOURNED = "REASON_NOT_ADJOURNED", Severity.WARNING
    REASON_UNKNOWN = "REASON_UNKNOWN", Severity.WARNING
    ACTIVITY_AFTER_CLOSURE = "ACTIVITY_AFTER_CLOSURE", Severity.WARNING
    SECOND_CLOSURE = "SECOND_CLOSURE", Severity.WARNING
    REOPENED_IMPLICIT = "REOPENED_IMPLICIT", Severity.WARNING
    LEGALREP_VALUE = "LEGALREP_VALUE", Severity.WARNING
    CUSTODY_NONCRIMINAL = "CUSTODY_NONCRIMINAL", Severity.WARNING
    COURT_TYPE_MISMATCH = "COURT_TYPE_MISMATCH", Severity.WARNING
    COURT_OTHER = "COURT_OTHER", Severity.WARNING

    CELL_SWALLOWS_ROWS = "CELL_SWALLOWS_ROWS", Severity.WARNING
    CELL_NOT_READABLE = "CELL_NOT_READABLE", Severity.WARNING
    CELL_HAS_NO_VALUE = "CELL_HAS_NO_VALUE", Severity.WARNING

    HDR_REPEATED = "HDR_REPEATED", Severity.INFO
    LINES_ABOVE_HEADER = "LINES_ABOVE_HEADER", Severity.INFO
    SHEET_SKIPPED = "SHEET_SKIPPED", Severity.INFO
    SEPARATOR_FALLBACK = "SEPARATOR_FALLBACK", Severity.INFO
    HDR_UNKNOWN = "HDR_UNKNOWN", Severity.INFO
    HDR_MAPPED = "HDR_MAPPED", Severity.INFO
    ENC_FALLBACK = "ENC_FALLBACK", Severity.INFO
    EMPTY_ROW = "EMPTY_ROW", Severity.INFO
    CELL_PLACEHOLDER = "CELL_PLACEHOLDER", Severity.INFO
    JUDGE_PLACEHOLDER = "JUDGE_PLACEHOLDER", Severity.INFO
    JUDGE_REGISTRAR = "JUDGE_REGISTRAR", Severity.INFO
    JUDGE_SPELLING = "JUDGE_SPELLING", Severity.INFO
    DUP_FILE = "DUP_FILE", Severity.INFO
    DUP_ROW = "DUP_ROW", Severity.INFO
    DUP_IN_FILE = "DUP_IN_FILE", Severity.INFO
    CORRECTION = "CORRECTION", Severity.INFO


# Remarks of these lower a row's quality; the others explain what became of it. By their codes,
# which an index has, and not by their severity.
FAULTS: Final = tuple(code for code in IssueCode if code.severity is not Severity.INFO)


@dataclass(frozen=True, slots=True)
class Issue:
    """One remark on one cell of a row, on the row (no column), or on the file (no row either)."""

    code: IssueCode
    message: str
    column: str | None = None
    value: str | None = None
    suggestion: str | None = None

    @property
    def severity(self) -> Severity:
        return self.code.severity


def worst(issues: tuple[Issue, ...]) -> Severity | None:
    """The gravest severity among issues; None when there are none."""
    found = {issue.code.severity for issue in issues}
    return next((severity for severity in Severity if severity in found), None)
