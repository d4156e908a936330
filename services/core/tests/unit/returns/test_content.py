"""Digests: what makes two rows about one event, with the same content."""

from collections.abc import Callable

import pytest

from core_service.returns.judging.judgement import Judgement
from core_service.returns.judging.resolution import ResolvedRow
from core_service.returns.recording import corrected_facts
from core_service.returns.reported import Digests, activity_content, case_filing, digests_of
from core_service.returns.seen import SeenInFile

JudgeCells = Callable[..., Judgement]


def _resolved(judgement: Judgement) -> ResolvedRow:
    assert judgement.resolved is not None
    return judgement.resolved


def _digests(judgement: Judgement) -> Digests:
    resolved = _resolved(judgement)
    filing = case_filing(resolved)
    reason = resolved.row.names.reason
    return digests_of(filing, filing.key, activity_content(resolved), reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"judge_1": "EXAMPLE,amina  wanja"},
        {"date_mon": "2", "date_dd": "23.0"},
        {"caseid_no": "e-14", "caseid_type": "hccc"},
        {"male_applicant": "0", "legalrep": "Y"},
        {"original_court": "0"},
        {"outcome": "Mention Date Given "},
    ],
)
def test_spelling_changes_neither_event_nor_content(
    judged: JudgeCells, changes: dict[str, str]
) -> None:
    assert _digests(judged(**changes)) == _digests(judged())


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "Struck Out"},
        {"male_applicant": "2"},
        {"case_type": "Murder"},
        {"custody": "0"},
        {"other_details": "by video"},
        {"filed_dd": "4"},
        {"judge_2": "Sample, John"},
        {"original_number": "7"},
        {"reason_adj": "Rain"},
    ],
)
def test_other_content_of_the_same_event_has_another_digest(
    judged: JudgeCells, changes: dict[str, str]
) -> None:
    before, after = _digests(judged()), _digests(judged(**changes))
    assert after.identity == before.identity
    assert after.content != before.content


@pytest.mark.parametrize(
    "changes",
    [
        {"date_dd": "24"},
        {"comingfor": "Hearing"},
        {"judge_1": "Sample, John"},
        {"caseid_no": "E015"},
        {"filed_yyyy": "2024"},
        {"court": "KC"},
    ],
)
def test_another_day_purpose_judge_or_case_is_another_event(
    judged: JudgeCells, changes: dict[str, str]
) -> None:
    assert _digests(judged(**changes)).identity != _digests(judged()).identity


def test_only_facts_in_which_the_rows_differ_are_corrected(judged: JudgeCells) -> None:
    before = case_filing(_resolved(judged(male_applicant="1", female_defendant="3", custody="1")))
    after = case_filing(_resolved(judged(male_applicant="2", female_defendant="3", custody="2")))
    assert corrected_facts(before, after) == {"male_applicant": 2}


def test_rows_of_a_file_are_seen_by_content(judged: JudgeCells) -> None:
    first, other = (_digests(judged(outcome=text)) for text in ("Struck Out", ""))
    seen = SeenInFile()
    seen.add(first)
    assert seen.has_row(first)
    assert not seen.has_row(other)
