"""One result for each row, by what is known of its event."""

import pytest

from core_service.ledger.steps import Flag
from core_service.returns.comparison import EventMatch
from core_service.returns.entries import flag_issues
from core_service.returns.issues import IssueCode
from core_service.returns.models import RowResult


@pytest.mark.parametrize(
    ("match", "result", "codes"),
    [
        (EventMatch(), RowResult.NEW, []),
        (EventMatch(event_known=True), RowResult.CORRECTION, [IssueCode.CORRECTION]),
        (
            EventMatch(event_known=True, recorded_already=True),
            RowResult.UNCHANGED,
            [IssueCode.DUP_ROW],
        ),
        (
            EventMatch(event_known=True, repeated_in_file=True),
            RowResult.DUPLICATE,
            [IssueCode.DUP_IN_FILE],
        ),
        (
            EventMatch(event_known=True, repeated_in_file=True, recorded_already=True),
            RowResult.DUPLICATE,
            [IssueCode.DUP_IN_FILE],
        ),
        (EventMatch(event_known=True, superseded=True), RowResult.UNCHANGED, [IssueCode.DUP_ROW]),
        (
            EventMatch(event_known=True, superseded=True, superseded_in_file=True),
            RowResult.DUPLICATE,
            [IssueCode.DUP_IN_FILE],
        ),
    ],
)
def test_every_match_has_one_result_and_its_issue(
    match: EventMatch, result: RowResult, codes: list[IssueCode]
) -> None:
    assert match.result is result
    assert [issue.code for issue in match.issues] == codes


def test_the_ledgers_flags_become_warnings() -> None:
    issues = flag_issues(frozenset(Flag), "Struck Out")
    assert {issue.code for issue in issues} == {
        IssueCode.ACTIVITY_AFTER_CLOSURE,
        IssueCode.SECOND_CLOSURE,
        IssueCode.REOPENED_IMPLICIT,
    }
    assert {issue.value for issue in issues} == {"Struck Out"}
