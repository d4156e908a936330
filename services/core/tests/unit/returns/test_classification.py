"""One result for each row, by what is known of its event."""

import pytest

from core_service.ledger.replay import Flag
from core_service.returns.classification import Standing, classify, flag_issues, result_note
from core_service.returns.issues import IssueCode
from core_service.returns.models import RowResult


@pytest.mark.parametrize(
    ("standing", "result", "codes"),
    [
        (Standing(), RowResult.NEW, []),
        (Standing(event_known=True), RowResult.CORRECTION, [IssueCode.CORRECTION]),
        (Standing(event_known=True, said_before=True), RowResult.UNCHANGED, [IssueCode.DUP_ROW]),
        (Standing(event_known=True, said_here=True), RowResult.DUPLICATE, [IssueCode.DUP_IN_FILE]),
        (
            Standing(event_known=True, said_here=True, said_before=True),
            RowResult.DUPLICATE,
            [IssueCode.DUP_IN_FILE],
        ),
        (Standing(event_known=True, overtaken=True), RowResult.UNCHANGED, [IssueCode.DUP_ROW]),
        (
            Standing(event_known=True, overtaken=True, overtaken_here=True),
            RowResult.DUPLICATE,
            [IssueCode.DUP_IN_FILE],
        ),
    ],
)
def test_every_standing_has_one_result_and_its_note(
    standing: Standing, result: RowResult, codes: list[IssueCode]
) -> None:
    assert classify(standing) is result
    assert [issue.code for issue in result_note(standing)] == codes


def test_the_ledgers_flags_become_warnings() -> None:
    issues = flag_issues(frozenset(Flag), "Struck Out")
    assert {issue.code for issue in issues} == {
        IssueCode.ACTIVITY_AFTER_CLOSURE,
        IssueCode.SECOND_CLOSURE,
        IssueCode.REOPENED_IMPLICIT,
    }
    assert {issue.value for issue in issues} == {"Struck Out"}
