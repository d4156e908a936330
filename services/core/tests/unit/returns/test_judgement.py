"""Whole rows: each code that a row alone can give, on the row that deserves it and on no other."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.identity import CourtScope
from common.ids import uuid7
from core_service.aliases.models import AliasKind
from core_service.returns.files.header import COLUMNS, read_header
from core_service.returns.files.tables import SourceRow
from core_service.returns.issues import IssueCode, Severity
from core_service.returns.judging.judgement import Judgement, judge, read_cells
from core_service.returns.judging.resolution import Terms
from core_service.returns.judging.vocabulary import ReferenceRows, Vocabulary
from core_service.returns.models import RowResult

TODAY = date(2026, 6, 1)
JudgeCells = Callable[..., Judgement]


def _codes(judgement: Judgement) -> list[IssueCode]:
    return [issue.code for issue in judgement.issues]


def test_a_good_row_needs_no_remark(judged: JudgeCells) -> None:
    judgement = judged()
    assert judgement.resolved is not None
    assert judgement.issues == ()


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"court": ""}, IssueCode.REQ_BLANK, "court"),
        ({"court": " - "}, IssueCode.REQ_BLANK, "court"),
        ({"date_dd": ""}, IssueCode.REQ_BLANK, "date_dd"),
        ({"caseid_type": ""}, IssueCode.REQ_BLANK, "caseid_type"),
        ({"caseid_no": ""}, IssueCode.REQ_BLANK, "caseid_no"),
        ({"caseid_no": "--"}, IssueCode.REQ_BLANK, "caseid_no"),
        ({"caseid_no": "NIL"}, IssueCode.REQ_BLANK, "caseid_no"),
        ({"caseid_no": "Petition"}, IssueCode.CASEID_INVALID, "caseid_no"),
        ({"caseid_no": "1" * 41}, IssueCode.VALUE_LENGTH, "caseid_no"),
        ({"caseid_type": "HC" * 11}, IssueCode.VALUE_LENGTH, "caseid_type"),
        ({"judge_1": "x" * 201}, IssueCode.VALUE_LENGTH, "judge_1"),
        ({"filed_yyyy": ""}, IssueCode.REQ_BLANK, "filed_yyyy"),
        ({"case_type": ""}, IssueCode.REQ_BLANK, "case_type"),
        ({"comingfor": ""}, IssueCode.REQ_BLANK, "comingfor"),
        ({"date_mon": "Foo"}, IssueCode.DATE_INVALID, "date_dd"),
        ({"filed_yyyy": "1959"}, IssueCode.DATE_INVALID, "filed_dd"),
        ({"date_dd": "31"}, IssueCode.DATE_NONEXISTENT, "date_dd"),
        (
            {"next_dd": "31", "next_mon": "Feb", "next_yyyy": "2027"},
            IssueCode.DATE_NONEXISTENT,
            "next_dd",
        ),
        (
            {"next_dd": "x", "next_mon": "Feb", "next_yyyy": "2027"},
            IssueCode.DATE_INVALID,
            "next_dd",
        ),
        ({"date_mon": "Jul"}, IssueCode.DATE_FUTURE, "date_dd"),
        ({"filed_yyyy": "2027"}, IssueCode.DATE_FUTURE, "filed_dd"),
        ({"male_applicant": "1000"}, IssueCode.COUNT_RANGE, "male_applicant"),
        ({"custody": "-1"}, IssueCode.COUNT_RANGE, "custody"),
        ({"applicant_witness": "two"}, IssueCode.COUNT_RANGE, "applicant_witness"),
    ],
)
def test_what_cannot_stand_rejects_the_row(
    judged: JudgeCells, changes: dict[str, str], code: IssueCode, column: str
) -> None:
    judgement = judged(**changes)
    assert judgement.result is RowResult.REJECTED
    assert [(issue.code, issue.column) for issue in judgement.issues] == [(code, column)]


@pytest.mark.parametrize(
    ("changes", "code", "kind"),
    [
        ({"court": "Nowhere"}, IssueCode.COURT_UNKNOWN, AliasKind.COURT),
        ({"judge_2": "Unlisted, Ann May"}, IssueCode.JUDGE_UNKNOWN, AliasKind.JUDGE),
        ({"case_type": "Dispute"}, IssueCode.TYPE_UNKNOWN, AliasKind.CASE_TYPE),
        ({"comingfor": "Tea"}, IssueCode.TYPE_UNKNOWN, AliasKind.ACTIVITY_TYPE),
        ({"outcome": "Perhaps"}, IssueCode.OUTCOME_UNKNOWN, AliasKind.OUTCOME),
    ],
)
def test_an_unknown_name_holds_the_row(
    judged: JudgeCells, changes: dict[str, str], code: IssueCode, kind: AliasKind
) -> None:
    judgement = judged(**changes)
    assert judgement.result is RowResult.HELD
    assert _codes(judgement) == [code]
    (spelling,) = judgement.spellings.values()
    assert (spelling.kind, spelling.raw) == (kind, *changes.values())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (
            {"filed_dd": "2", "filed_mon": "Mar", "filed_yyyy": "2026"},
            IssueCode.FILED_AFTER_ACTIVITY,
        ),
        ({"next_dd": "1", "next_mon": "Jul"}, IssueCode.NEXT_PARTIAL),
        ({"next_dd": "20", "next_mon": "Feb", "next_yyyy": "2026"}, IssueCode.NEXT_IN_PAST),
        ({"next_dd": "4", "next_mon": "Jul", "next_yyyy": "2026"}, IssueCode.NEXT_NON_SITTING),
        ({"judge_2": "Example, Amina Wanja"}, IssueCode.JUDGE_ON_BENCH_TWICE),
        ({"outcome": ""}, IssueCode.OUTCOME_BLANK),
        ({"outcome": "Adjournment"}, IssueCode.ADJOURNED_NO_REASON),
        ({"reason_adj": "Party absent"}, IssueCode.REASON_NOT_ADJOURNED),
        ({"outcome": "Adjournment", "reason_adj": "Rain"}, IssueCode.REASON_UNKNOWN),
        ({"legalrep": "perhaps"}, IssueCode.LEGALREP_VALUE),
        ({"custody": "2"}, IssueCode.CUSTODY_NONCRIMINAL),
        ({"caseid_type": "COACRA"}, IssueCode.COURT_TYPE_MISMATCH),
        ({"judge_1": "Not Yet Assigned"}, IssueCode.JUDGE_PLACEHOLDER),
        ({"judge_1": "Clerkson, Rita"}, IssueCode.JUDGE_REGISTRAR),
        ({"judge_1": "example,amina  wanja"}, IssueCode.JUDGE_SPELLING),
    ],
)
def test_a_warning_does_not_stop_the_row(
    judged: JudgeCells, changes: dict[str, str], code: IssueCode
) -> None:
    judgement = judged(**changes)
    assert judgement.resolved is not None
    assert _codes(judgement) == [code]


def test_a_next_date_on_a_closed_case_is_odd(judged: JudgeCells) -> None:
    changes = {"next_dd": "1", "next_mon": "Jul", "next_yyyy": "2026"}
    assert _codes(judged(outcome="Struck Out", **changes)) == [IssueCode.NEXT_ON_CLOSED]
    assert _codes(judged(**changes)) == []


def test_every_fault_of_a_row_is_named_not_just_the_first(judged: JudgeCells) -> None:
    judgement = judged(court="", date_dd="x", custody="-1")
    assert set(_codes(judgement)) == {
        IssueCode.REQ_BLANK,
        IssueCode.DATE_INVALID,
        IssueCode.COUNT_RANGE,
    }


def test_a_next_date_in_the_coming_year_is_right_in_december(judged: JudgeCells) -> None:
    december = {"date_dd": "22", "date_mon": "Dec", "date_yyyy": "2025"}
    judgement = judged(**december, next_dd="12", next_mon="Jan", next_yyyy="2026")
    assert judgement.issues == ()


@pytest.mark.parametrize(
    "name",
    [
        "example, amina wanja",
        "EXAMPLE,AMINA WANJA",
        "Example  Amina Wanja",
        "  Example ,Amina  Wanja ",
        "Éxample, Amina Wanja.",
    ],
)
def test_a_judge_is_known_in_any_case_comma_and_spacing(judged: JudgeCells, name: str) -> None:
    judgement = judged(judge_1=name)
    assert judgement.resolved is not None
    assert [seat.judge.surname for seat in judgement.resolved.seats] == ["Example"]


def test_double_and_trailing_spaces_in_types_and_outcomes_do_not_matter(judged: JudgeCells) -> None:
    judgement = judged(
        case_type="Civil  Suit ", outcome="Mention Date  Given ", comingfor=" mention"
    )
    assert judgement.issues == ()


def test_the_placeholder_is_no_judge_of_the_bench(judged: JudgeCells) -> None:
    judgement = judged(judge_1="Not Yet Assigned", judge_2="Not Yet Assigned")
    assert _codes(judgement) == [IssueCode.JUDGE_PLACEHOLDER, IssueCode.JUDGE_PLACEHOLDER]


def test_scc_is_not_sc_and_kc_matches_only_itself(judged: JudgeCells) -> None:
    for name, court in [("SCC", "SCC"), ("SC", "SC"), ("KC", "KADHI")]:
        resolved = judged(court=name, caseid_type="X").resolved
        assert resolved is not None
        assert resolved.court.code == court
    assert _codes(judged(court="K")) == [IssueCode.COURT_UNKNOWN]
    assert _codes(judged(court="KC Mombasa")) == [IssueCode.COURT_UNKNOWN]


def test_a_number_of_small_claims_is_not_taken_for_the_supreme_courts(judged: JudgeCells) -> None:
    assert _codes(judged(court="SCC", caseid_type="SCCOMM")) == []
    assert _codes(judged(court="SC", caseid_type="SCCOMM")) == [IssueCode.COURT_TYPE_MISMATCH]


def test_a_court_outside_the_senders_grants_rejects_the_row_and_notes_no_spelling(
    cells: dict[str, str], vocabulary: Vocabulary
) -> None:
    terms = Terms(CourtScope(frozenset({uuid7()})))
    judgement = judge(cells | {"judge_1": "Unlisted"}, vocabulary, terms, TODAY)
    assert judgement.result is RowResult.REJECTED
    assert _codes(judgement) == [IssueCode.COURT_NOT_GRANTED]
    assert judgement.spellings == {}


def test_a_row_of_another_court_than_the_files_is_remarked_upon(
    cells: dict[str, str], vocabulary: Vocabulary, reference: ReferenceRows
) -> None:
    terms = Terms(CourtScope(None), reference.courts[1].id)
    judgement = judge(cells, vocabulary, terms, TODAY)
    assert judgement.resolved is not None
    assert _codes(judgement) == [IssueCode.COURT_OTHER]


def test_zero_in_the_original_case_means_nothing(judged: JudgeCells) -> None:
    zeros = dict.fromkeys(
        ("original_court", "original_code", "original_number", "original_year"), "0"
    )
    resolved = judged(**zeros).resolved
    assert resolved is not None
    original = resolved.row.original
    assert (original.court, original.code, original.number, original.year) == (None,) * 4


def test_a_row_of_blanks_is_empty_and_not_rejected() -> None:
    header = read_header(COLUMNS)
    for values in ((), ("", " ", ""), ("",) * 38, ("",) * 40):
        _, judgement = read_cells(header, SourceRow(1, values))
        assert judgement is not None
        assert judgement.result is RowResult.EMPTY


def test_a_row_with_more_than_the_headers_cells_is_rejected_with_all_of_them() -> None:
    length = 39
    cells, judgement = read_cells(read_header(COLUMNS), SourceRow(1, ("x",) * length))
    assert judgement is not None
    assert judgement.result is RowResult.REJECTED
    assert _codes(judgement) == [IssueCode.ROW_LENGTH]
    assert list(cells.values()) == ["x"] * length


def test_the_severity_of_a_code_never_varies() -> None:
    assert {code.severity for code in IssueCode} == set(Severity)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=8), max_size=8))
def test_any_cells_are_judged_alike_each_time_and_never_raise(
    cells: dict[str, str], vocabulary: Vocabulary, changes: dict[str, str]
) -> None:
    first, second = (
        judge(cells | changes, vocabulary, Terms(CourtScope(None)), TODAY) for _ in range(2)
    )
    assert first == second
    assert (first.result is None) is (first.resolved is not None)
    assert first.result in (None, RowResult.HELD, RowResult.REJECTED)


@pytest.mark.parametrize(
    "column",
    [
        *(f"judge_{position}" for position in range(2, 8)),
        *("original_court", "original_code", "original_number", "original_year"),
        *("next_dd", "next_mon", "next_yyyy", "reason_adj"),
    ],
)
@pytest.mark.parametrize("zero", ["0", "0.0", "00", " 0 "])
def test_zero_in_a_column_that_may_be_blank_is_blank(
    judged: JudgeCells, column: str, zero: str
) -> None:
    assert judged(**{column: zero}).issues == ()


@pytest.mark.parametrize("text", ["#N/A", "TRUE", "false", "=A1"])
@pytest.mark.parametrize("column", ["judge_1", "outcome", "comingfor", "case_type", "court"])
def test_no_name_is_made_of_what_a_spreadsheet_shows_for_nothing(
    judged: JudgeCells, column: str, text: str
) -> None:
    judgement = judged(**{column: text})
    assert judgement.spellings == {}
    assert judgement.issues[0].code is IssueCode.CELL_HAS_NO_VALUE
    assert (judgement.issues[0].column, judgement.issues[0].value) == (column, text)


@pytest.mark.parametrize("prefix", ["date", "filed", "next"])
@pytest.mark.parametrize("part", ["dd", "mon", "yyyy"])
@pytest.mark.parametrize("text", ["2026-02-03", "46056", "3/2/2026", "2026-02-03 00:00:00"])
def test_a_whole_date_in_a_part_of_one_is_refused_with_its_meaning(
    judged: JudgeCells, prefix: str, part: str, text: str
) -> None:
    parts = {"next_dd": "3", "next_mon": "3", "next_yyyy": "2026"}
    judgement = judged(**parts | {f"{prefix}_{part}": text})
    assert judgement.result is RowResult.REJECTED
    (issue,) = judgement.issues
    assert (issue.code, issue.column) == (IssueCode.DATE_INVALID, f"{prefix}_{part}")
    assert (issue.value, issue.suggestion) == (text, "2026-02-03")


@pytest.mark.parametrize("prefix", ["date", "filed", "next"])
def test_a_whole_date_in_the_first_part_alone_is_refused_with_its_meaning(
    judged: JudgeCells, prefix: str
) -> None:
    parts = {f"{prefix}_dd": "2026-02-03", f"{prefix}_mon": "", f"{prefix}_yyyy": ""}
    judgement = judged(**parts)
    assert judgement.result is RowResult.REJECTED
    assert [issue.suggestion for issue in judgement.issues] == ["2026-02-03"]


def test_bytes_that_are_lost_are_a_remark_on_their_cell(judged: JudgeCells) -> None:
    judgement = judged(other_details="caf\ufffd")
    assert judgement.resolved is not None
    assert [(issue.code, issue.column) for issue in judgement.issues] == [
        (IssueCode.CELL_NOT_READABLE, "other_details")
    ]


def test_true_and_false_say_whether_a_party_was_represented(judged: JudgeCells) -> None:
    resolved = judged(legalrep="FALSE").resolved
    assert resolved is not None
    assert resolved.row.legal_representation is False
