"""From a row that could be applied to its one result, by what the registry holds already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core_service.ledger.replay import Flag
from core_service.returns.issues import Code, Issue
from core_service.returns.models import Result


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the event that a row speaks of, before the row is applied.

    `said_here` is whether an earlier row of this file said just the same; `said_before` whether
    the registry has it so; `event_known` whether the event is there at all, said as it may be.
    """

    said_here: bool = False
    said_before: bool = False
    event_known: bool = False


def classify(standing: Standing) -> Result:
    """The result. What is compared is normalised, so spelling inflates no counter."""
    if standing.said_here:
        return Result.DUPLICATE
    if standing.said_before:
        return Result.UNCHANGED
    return Result.CORRECTION if standing.event_known else Result.NEW


def result_note(result: Result) -> tuple[Issue, ...]:
    """What the clerk is told about a row that was not simply new."""
    message = _NOTES.get(result)
    return (Issue(_NOTE_CODES[result], message),) if message else ()


def flag_issues(flags: frozenset[Flag], outcome: str) -> tuple[Issue, ...]:
    """The ledger's remarks on an activity, as issues of its row."""
    return tuple(
        Issue(_FLAG_CODES[flag], _FLAG_MESSAGES[flag], "outcome", outcome or None)
        for flag in sorted(flags)
        if flag in _FLAG_CODES
    )


_NOTE_CODES: Final[Mapping[Result, Code]] = {
    Result.DUPLICATE: Code.DUP_IN_FILE,
    Result.UNCHANGED: Code.DUP_ROW,
    Result.CORRECTION: Code.CORRECTION,
}
_NOTES: Final[Mapping[Result, str]] = {
    Result.DUPLICATE: "An earlier row of this file says the same",
    Result.UNCHANGED: "An earlier file has brought this row already",
    Result.CORRECTION: "Corrects what was recorded for this case, day, purpose and judge",
}
# BEFORE_FILING is left out: the row's own rule FILED_AFTER_ACTIVITY has said it.
_FLAG_CODES: Final[Mapping[Flag, Code]] = {
    Flag.AFTER_CLOSURE: Code.ACTIVITY_AFTER_CLOSURE,
    Flag.SECOND_CLOSURE: Code.SECOND_CLOSURE,
    Flag.REOPENED_IMPLICIT: Code.REOPENED_IMPLICIT,
}
_FLAG_MESSAGES: Final[Mapping[Flag, str]] = {
    Flag.AFTER_CLOSURE: "The case was closed before this activity",
    Flag.SECOND_CLOSURE: "The case was closed already; it is counted as disposed once",
    Flag.REOPENED_IMPLICIT: "The case was closed and is pending again without an order to reopen",
}
