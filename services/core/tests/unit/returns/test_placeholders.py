"""Cells that say that there is nothing to say: blank, never a name that waits for a decision."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from common.identity import CourtScope
from common.ids import uuid7
from core_service.aliases.models import Alias, AliasKind, AliasState
from core_service.reference.models import Cadre, Effect, Judge, Outcome
from core_service.reference.spelling import normal_spelling
from core_service.returns.files.header import BENCH, COLUMNS, PARTIES
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.judging.judgement import Judgement, judge
from core_service.returns.judging.placeholders import is_placeholder
from core_service.returns.judging.resolution import Terms
from core_service.returns.judging.vocabulary import ReferenceRows, Vocabulary
from core_service.returns.models import RowResult

TODAY: Final = date(2026, 6, 1)
JudgeCells = Callable[..., Judgement]

WORDS: Final = ("N/A", "n.a.", "NA", "NIL", "Nil.", "TBA", "T.B.A", "None", "null", "Not Stated")
MARKS: Final = ("-", "--", " - ", "\u2013", "?", "...", "____")
ZEROS: Final = ("0", "0.0", "00")
NEEDED_NAMES: Final = ("court", "case_type", "comingfor")
NEEDED_PARTS: Final = ("date_dd", "date_mon", "date_yyyy", "filed_dd", "caseid_type", "caseid_no")
NUMBERS: Final = (*PARTIES, "applicant_witness", "defendant_witness", "custody")
OPTIONAL: Final = ("outcome", "reason_adj", "legalrep", "original_court", "original_number")
NEXT: Final = ("next_dd", "next_mon", "next_yyyy")


def record() -> dict[str, Any]:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return {"id": uuid7(), "created_at": now, "updated_at": now}


def found(judgement: Judgement) -> list[tuple[IssueCode, str | None, str | None]]:
    return [(issue.code, issue.column, issue.value) for issue in judgement.issues]


@pytest.mark.parametrize("text", [*WORDS, r"\N", "nan", "<NA>", "(blank)", "hakuna", "Not known"])
def test_words_for_nothing_are_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["Nilla", "Not Yet Assigned", "Nancy", "Tabby", "0", "E014", "No"])
def test_other_words_are_none(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize("column", [*NEEDED_NAMES, *NEEDED_PARTS])
@pytest.mark.parametrize("text", [*WORDS, *MARKS])
def test_a_cell_that_must_not_be_blank_is_named_with_what_it_holds(
    judged: JudgeCells, column: str, text: str
) -> None:
    judgement = judged(**{column: text})
    assert judgement.result is RowResult.REJECTED
    assert found(judgement) == [(IssueCode.REQ_BLANK, column, text.strip())]
    assert not judgement.spellings


@pytest.mark.parametrize("column", [*NEEDED_NAMES, "caseid_type", "caseid_no"])
@pytest.mark.parametrize("text", ZEROS)
def test_zero_names_no_court_type_purpose_or_case(
    judged: JudgeCells, column: str, text: str
) -> None:
    judgement = judged(**{column: text})
    assert found(judgement) == [(IssueCode.REQ_BLANK, column, text)]


@pytest.mark.parametrize("column", [*OPTIONAL, *NUMBERS])
@pytest.mark.parametrize("text", WORDS)
def test_a_word_for_nothing_is_read_as_blank_and_noted(
    judged: JudgeCells, column: str, text: str
) -> None:
    judgement, blank = judged(**{column: text}), judged(**{column: ""})
    assert judgement.resolved == blank.resolved
    assert judgement.resolved is not None
    noted = (IssueCode.CELL_PLACEHOLDER, column, text)
    assert [each for each in found(judgement) if each not in found(blank)] == [noted]


@pytest.mark.parametrize("column", [*OPTIONAL, *NUMBERS, *BENCH])
@pytest.mark.parametrize("text", MARKS)
def test_punctuation_is_blank_without_a_word(judged: JudgeCells, column: str, text: str) -> None:
    judgement, blank = judged(**{column: text}), judged(**{column: ""})
    assert (judgement.resolved, found(judgement)) == (blank.resolved, found(blank))


@pytest.mark.parametrize("text", [*WORDS, *MARKS, *ZEROS])
def test_a_next_date_of_nothing_is_none(judged: JudgeCells, text: str) -> None:
    judgement = judged(**dict.fromkeys(NEXT, text))
    assert judgement.resolved is not None
    assert judgement.resolved.row.next_on is None
    assert all(issue.severity is Severity.INFO for issue in judgement.issues)


@pytest.mark.parametrize("text", WORDS)
def test_a_word_for_no_judge_leaves_the_seat_empty(judged: JudgeCells, text: str) -> None:
    judgement = judged(judge_1=text, judge_3=text)
    assert judgement.resolved is not None
    assert judgement.resolved.seats == ()
    (issue,) = judgement.issues
    assert (issue.code, issue.column, issue.value) == (IssueCode.JUDGE_PLACEHOLDER, "judge_1", text)
    assert "judge_1, judge_3" in issue.message


def test_a_row_has_one_remark_on_all_its_placeholders(judged: JudgeCells) -> None:
    judgement = judged(custody="Nil", **dict.fromkeys(NEXT, "N/A"))
    (issue,) = judgement.issues
    assert issue.code is IssueCode.CELL_PLACEHOLDER
    assert issue.message.endswith("read as blank: next_dd, next_mon, next_yyyy, custody")


def test_zero_for_a_part_of_the_date_is_no_date(judged: JudgeCells) -> None:
    assert found(judged(date_dd="0")) == [(IssueCode.DATE_INVALID, "date_dd", "0-Feb-2026")]


def test_not_yet_assigned_is_still_a_placeholder_of_the_registry(judged: JudgeCells) -> None:
    judgement = judged(judge_1="Not Yet Assigned")
    assert found(judgement) == [(IssueCode.JUDGE_PLACEHOLDER, "judge_1", "Not Yet Assigned")]
    assert judgement.resolved is not None
    assert judgement.resolved.seats[0].judge.cadre is Cadre.PLACEHOLDER


def test_details_are_text_whatever_they_say(judged: JudgeCells) -> None:
    judgement = judged(other_details="N/A")
    assert judgement.resolved is not None
    assert (judgement.resolved.row.details, judgement.issues) == ("N/A", ())


def test_a_court_that_is_not_stated_is_the_one_that_the_file_was_sent_for(
    cells: dict[str, str], reference: ReferenceRows
) -> None:
    terms = Terms(CourtScope(None), reference.courts[0].id)
    judgement = judge(cells | {"court": "N/A"}, Vocabulary.of(reference), terms, TODAY)
    assert judgement.court_id == reference.courts[0].id
    assert found(judgement) == [(IssueCode.CELL_PLACEHOLDER, "court", "N/A")]


def test_what_the_registry_knows_by_such_a_name_keeps_its_meaning(
    cells: dict[str, str], reference: ReferenceRows
) -> None:
    unknown = Outcome(**record(), label="Unknown", label_norm="unknown", effect=Effect.NONE)
    tba = Judge(
        **record(),
        surname="TBA",
        given_names="",
        display_name="TBA",
        name_norm="tba",
        cadre=Cadre.PLACEHOLDER,
    )
    accepted = Alias(
        **record(),
        kind=AliasKind.CASE_TYPE,
        spelling=normal_spelling("N/A"),
        raw="N/A",
        state=AliasState.ACCEPTED,
        target_id=reference.case_types[0].id,
    )
    rows = replace(
        reference,
        outcomes=[*reference.outcomes, unknown],
        judges=[*reference.judges, tba],
        aliases=[accepted],
    )
    changed = cells | {"outcome": "unknown", "judge_1": "TBA", "case_type": "N/A"}
    judgement = judge(changed, Vocabulary.of(rows), Terms(CourtScope(None)), TODAY)
    assert judgement.resolved is not None
    assert judgement.resolved.outcome == unknown
    assert [seat.judge for seat in judgement.resolved.seats] == [tba]
    assert judgement.resolved.case_type == reference.case_types[0]


def test_a_row_whose_court_is_a_placeholder_lists_no_other_name(judged: JudgeCells) -> None:
    judgement = judged(court="TBA", judge_1="Unlisted, Ann May", outcome="Perhaps")
    assert judgement.result is RowResult.REJECTED
    assert not judgement.spellings


def test_no_column_makes_a_name_that_waits_of_a_placeholder(judged: JudgeCells) -> None:
    for column in COLUMNS:
        for text in (*WORDS, *MARKS, *ZEROS):
            judgement = judged(**{column: text})
            assert not judgement.spellings, (column, text)
            assert judgement.result is not RowResult.HELD
