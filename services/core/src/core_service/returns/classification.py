"""From a row that could be applied to its one result, by what the registry holds already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core_service.ledger.replay import Flag
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.models import RowResult


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the event that a row speaks of, before the row is applied.

    `said_here`: another row of this file says just the same. `said_before`: the registry has it so.
    `event_known`: the event is there, said as it may be. `overtaken`: it is said otherwise, and by
    a row that comes after this one; `overtaken_here` when that row is of this file.
    """

    said_here: bool = False
    said_before: bool = False
    event_known: bool = False
    overtaken: bool = False
    overtaken_here: bool = False


def classify(standing: Standing) -> RowResult:
    """The result. What is compared is normalised, so spelling inflates no counter."""
    if standing.said_here or standing.overtaken_here:
        return RowResult.DUPLICATE
    if standing.said_before or standing.overtaken:
        return RowResult.UNCHANGED
    return RowResult.CORRECTION if standing.event_known else RowResult.NEW


def result_note(standing: Standing) -> tuple[Issue, ...]:
    """What the clerk is told about a row that was not simply new."""
    match classify(standing):
        case RowResult.DUPLICATE if standing.said_here:
            return (Issue(IssueCode.DUP_IN_FILE, "Another row of this file says the same"),)
        case RowResult.DUPLICATE:
            return (Issue(IssueCode.DUP_IN_FILE, "A later row of this file corrects this one"),)
        case RowResult.UNCHANGED if standing.said_before:
            return (Issue(IssueCode.DUP_ROW, "An earlier file has brought this row already"),)
        case RowResult.UNCHANGED:
            return (Issue(IssueCode.DUP_ROW, "A later file has corrected this row already"),)
        case RowResult.CORRECTION:
            message = "Corrects what was recorded for this case, day, purpose and judge"
            return (Issue(IssueCode.CORRECTION, message),)
        case _:
            return ()


def flag_issues(flags: frozenset[Flag], outcome: str) -> tuple[Issue, ...]:
    """The ledger's remarks on an activity, as issues of its row."""
    return tuple(
        Issue(*_FLAGS[flag], "outcome", outcome or None) for flag in sorted(flags) if flag in _FLAGS
    )


# BEFORE_FILING is left out: the row's own rule FILED_AFTER_ACTIVITY has said it.
_FLAGS: Final[Mapping[Flag, tuple[IssueCode, str]]] = {
    Flag.AFTER_CLOSURE: (
        IssueCode.ACTIVITY_AFTER_CLOSURE,
        "The case was closed before this activity",
    ),
    Flag.SECOND_CLOSURE: (
        IssueCode.SECOND_CLOSURE,
        "The case was closed already; it is counted as disposed once",
    ),
    Flag.REOPENED_IMPLICIT: (
        IssueCode.REOPENED_IMPLICIT,
        "The case was closed and is pending again without an order to reopen",
    ),
}
