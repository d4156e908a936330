"""The issue codes of the rows of a return, each of one severity."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """What an issue does to its row: the first two keep it from being applied."""

    REJECTED = "rejected"
    HELD = "held"
    WARNING = "warning"
    INFO = "info"


class IssueCode(StrEnum):
    """Every issue code; stable, since clerks' habits and other programs hang on them."""

    HDR_MISSING = "HDR_MISSING"
    HDR_DUPLICATE = "HDR_DUPLICATE"
    ROW_LENGTH = "ROW_LENGTH"
    REQ_BLANK = "REQ_BLANK"
    DATE_INVALID = "DATE_INVALID"
    DATE_NONEXISTENT = "DATE_NONEXISTENT"
    DATE_FUTURE = "DATE_FUTURE"
    COUNT_RANGE = "COUNT_RANGE"
    CASEID_INVALID = "CASEID_INVALID"
    VALUE_LENGTH = "VALUE_LENGTH"
    COURT_NOT_GRANTED = "COURT_NOT_GRANTED"
    NAME_REJECTED = "NAME_REJECTED"
    ROW_REFUSED = "ROW_REFUSED"

    COURT_UNKNOWN = "COURT_UNKNOWN"
    JUDGE_UNKNOWN = "JUDGE_UNKNOWN"
    TYPE_UNKNOWN = "TYPE_UNKNOWN"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    SPELLING_LIMIT = "SPELLING_LIMIT"
    GRANT_MISSING = "GRANT_MISSING"

    FILED_AFTER_ACTIVITY = "FILED_AFTER_ACTIVITY"
    FILED_CONFLICT = "FILED_CONFLICT"
    NEXT_PARTIAL = "NEXT_PARTIAL"
    NEXT_IN_PAST = "NEXT_IN_PAST"
    NEXT_ON_CLOSED = "NEXT_ON_CLOSED"
    NEXT_NON_SITTING = "NEXT_NON_SITTING"
    JUDGE_ON_BENCH_TWICE = "JUDGE_ON_BENCH_TWICE"
    OUTCOME_BLANK = "OUTCOME_BLANK"
    ADJOURNED_NO_REASON = "ADJOURNED_NO_REASON"
    REASON_NOT_ADJOURNED = "REASON_NOT_ADJOURNED"
    REASON_UNKNOWN = "REASON_UNKNOWN"
    ACTIVITY_AFTER_CLOSURE = "ACTIVITY_AFTER_CLOSURE"
    SECOND_CLOSURE = "SECOND_CLOSURE"
    REOPENED_IMPLICIT = "REOPENED_IMPLICIT"
    LEGALREP_VALUE = "LEGALREP_VALUE"
    CUSTODY_NONCRIMINAL = "CUSTODY_NONCRIMINAL"
    COURT_TYPE_MISMATCH = "COURT_TYPE_MISMATCH"
    COURT_OTHER = "COURT_OTHER"

    HDR_UNKNOWN = "HDR_UNKNOWN"
    HDR_MAPPED = "HDR_MAPPED"
    ENC_FALLBACK = "ENC_FALLBACK"
    EMPTY_ROW = "EMPTY_ROW"
    JUDGE_PLACEHOLDER = "JUDGE_PLACEHOLDER"
    JUDGE_REGISTRAR = "JUDGE_REGISTRAR"
    JUDGE_SPELLING = "JUDGE_SPELLING"
    DUP_ROW = "DUP_ROW"
    DUP_IN_FILE = "DUP_IN_FILE"
    CORRECTION = "CORRECTION"


_REJECTING: Final = frozenset(
    {
        IssueCode.HDR_MISSING,
        IssueCode.HDR_DUPLICATE,
        IssueCode.ROW_LENGTH,
        IssueCode.REQ_BLANK,
        IssueCode.DATE_INVALID,
        IssueCode.DATE_NONEXISTENT,
        IssueCode.DATE_FUTURE,
        IssueCode.COUNT_RANGE,
        IssueCode.CASEID_INVALID,
        IssueCode.VALUE_LENGTH,
        IssueCode.COURT_NOT_GRANTED,
        IssueCode.NAME_REJECTED,
        IssueCode.ROW_REFUSED,
    }
)
_HOLDING: Final = frozenset(
    {
        IssueCode.COURT_UNKNOWN,
        IssueCode.JUDGE_UNKNOWN,
        IssueCode.TYPE_UNKNOWN,
        IssueCode.OUTCOME_UNKNOWN,
        IssueCode.SPELLING_LIMIT,
        IssueCode.GRANT_MISSING,
    }
)
_INFORMATION: Final = frozenset(
    {
        IssueCode.HDR_UNKNOWN,
        IssueCode.HDR_MAPPED,
        IssueCode.ENC_FALLBACK,
        IssueCode.EMPTY_ROW,
        IssueCode.JUDGE_PLACEHOLDER,
        IssueCode.JUDGE_REGISTRAR,
        IssueCode.JUDGE_SPELLING,
        IssueCode.DUP_ROW,
        IssueCode.DUP_IN_FILE,
        IssueCode.CORRECTION,
    }
)


def severity_of(code: IssueCode) -> Severity:
    """The one severity that a code always has."""
    if code in _REJECTING:
        return Severity.REJECTED
    if code in _HOLDING:
        return Severity.HELD
    return Severity.INFO if code in _INFORMATION else Severity.WARNING


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
        return severity_of(self.code)


def worst(issues: tuple[Issue, ...]) -> Severity | None:
    """The gravest severity among issues; None when there are none."""
    order = list(Severity)
    return min((issue.severity for issue in issues), key=order.index, default=None)
