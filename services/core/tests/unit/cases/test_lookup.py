"""How matches of a typed number are ranked, and what each matched by."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from core_service.cases.models import Case
from core_service.cases.numbers import MatchedBy, parse_query, rank
from core_service.sources import SourceKind

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def case(caseid_type: str, year: int = 2025) -> Case:
    return Case(
        created_at=NOW,
        updated_at=NOW,
        court_id=UUID(int=1),
        caseid_type=caseid_type,
        number_raw="E014",
        number_norm="E14",
        number_serial=14,
        filed_year=year,
        filed_on=date(year, 2, 3),
        case_type_id=UUID(int=2),
        status_since=date(year, 2, 3),
        source_kind=SourceKind.MANUAL,
    )


@pytest.mark.parametrize(
    ("typed", "matched_by", "score"),
    [
        ("HCCC/E014/2025", MatchedBy.TYPE_NUMBER_YEAR, 1.0),
        ("E14/2025", MatchedBy.NUMBER_YEAR, 0.8),
        ("HCCC E14", MatchedBy.TYPE_NUMBER, 0.7),
        ("E14", MatchedBy.NUMBER, 0.5),
        ("MCCC/E014/2025", MatchedBy.NUMBER_YEAR, 0.4),
        ("MCCC E14", MatchedBy.NUMBER, 0.25),
    ],
)
def test_a_match_says_what_agrees(typed: str, matched_by: MatchedBy, score: float) -> None:
    query = parse_query(typed)
    assert query is not None

    (match,) = rank(query, [case("HCCC")])

    assert (match.matched_by, match.score) == (matched_by, score)


def test_the_likeliest_comes_first_and_equals_keep_their_order() -> None:
    query = parse_query("HCCC E14")
    assert query is not None
    newer, older, other = case("HCCC", 2025), case("HCCC", 2024), case("MCCC", 2025)

    assert [match.case for match in rank(query, [other, newer, older])] == [newer, older, other]
