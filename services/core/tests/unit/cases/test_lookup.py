"""What a typed number may mean, how its matches are ranked, and what each matched by."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_service.cases.lookup import MOST_READINGS, MatchedBy, parse_query, rank
from core_service.cases.models import Case
from core_service.cases.numbers import case_number, display_number
from core_service.sources import SourceKind

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def case(caseid_type: str, year: int = 2025, number: str = "E014") -> Case:
    return Case(
        created_at=NOW,
        updated_at=NOW,
        court_id=UUID(int=1),
        caseid_type=caseid_type,
        number_raw=number,
        number_norm=case_number(UUID(int=1), caseid_type, number, year).number_norm,
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
        ("HCCC 14 of 2025", MatchedBy.SIMILAR_NUMBER, 0.6),
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


def finds(typed: str, wanted: Case) -> bool:
    """Whether a reading fits the case, of its type where one is named."""
    query = parse_query(typed)
    return (
        query is not None
        and query.reading_of(wanted) is not None
        and (not query.caseid_types or wanted.caseid_type in query.caseid_types)
    )


SPELLINGS = """
HCCC-E074-2025 | HCCC E074\u20132025 | HCCC E074 of 2025. | (HCCC E074 of 2025) | HCCC E074 (2025)
H.C.C.C No.E074/2025 | HCCC_E074_2025 | 2025 HCCC E074 | HCCC E074/25 | HCCC 74 of 2025
HCCC/E074/2025 | hccc e74 of 2025 | HCCC E074 OF 2025 | HCCCE074/2025 | HCCCE0742025
HCCCE074 2025 | HCCC:E074:2025 | HCCC\\E074\\2025 | HCCC#E074#2025 | HCCC E074 2025
HCCC.E074.2025 | [HCCC E074/2025] | {HCCC E074 of 2025} | HCCC (E074) 2025 | HCCC No E074 of 2025
HCCC No. E074 of 2025 | HCCC Number E74 of 2025 | HCCC Nambari E074 ya 2025
hccc nambari 74 ya 2025 | HCCC EO74 of 2025 | HCCC E074 of 2O25 | HCCC O74/2025 | HCCC 074/25
E074/2025 | E74/25 | 74 of 2025 | E074-25 | 2025/HCCC/E074 | 2025-E074 | H C C C E 074 2025
H.C.C.C. E.074 of 2025 | Milimani HCCC E074 of 2025 | HCCC E074 of 2025 (Testville)
E074 HCCC 2025 | E074 of 2025 HCCC | HCCC E074 | E074 | HCCC E074 of '25 | HCCC, E074, 2025
"HCCC E074 of 2025" | HCCC E 74/2025 | HCCC E-074/2025 | HCCC No.74 of 2025 | HCCC;E074;2025
HCCC \u2116 E074 of 2025
\uff28\uff23\uff23\uff23 \uff25\uff10\uff17\uff14 \uff12\uff10\uff12\uff15
Case No. HCCC E074 of 2025 | HCCC 2025 E074 | hcccE74of2025 | HCCC E074of2025
Kesi Nambari HCCC E074 ya mwaka 2025 | HCCC E074.0 of 2025 | HCC\u00adC E074/2025
"""


@pytest.mark.parametrize(
    "typed", [each.strip() for line in SPELLINGS.strip().splitlines() for each in line.split("|")]
)
def test_every_reasonable_spelling_is_found(typed: str) -> None:
    assert finds(typed, case("HCCC", number="E074"))


@pytest.mark.parametrize("other", ["E75", "E740", "E174", "E074A"])
def test_another_number_is_not_found(other: str) -> None:
    assert not finds("HCCC E074 of 2025", case("HCCC", number=other))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("HCCE014 of 2025", case("HCCE", number="14")),
        ("HCCE014 of 2025", case("HCC", number="E14")),
        ("2025/22", case("HCCC", number="22")),
        ("12/3 of 2025", case("HCCC", number="12/3")),
        ("HCCC COMM E330 of 2025", case("HCCC", number="COMM E330")),
        ("HCCC E77/2024", case("HCCC", 2025, "E77/2024")),
        ("HCCC 2025 of 2025", case("HCCC", number="2025")),
        ("HCCC 22/98", case("HCCC", 1998, "22")),
        ("E330A", case("HCCC", number="E330 A")),
    ],
)
def test_what_may_be_read_in_two_ways_is_read_in_both(typed: str, wanted: Case) -> None:
    assert finds(typed, wanted)


SEPARATORS = st.sampled_from(
    ["/", "-", "\u2013", "_", ":", "\\", "#", " ", " - ", ", ", " No. ", " No.", " Nambari ", "/ "]
)
BEFORE_YEAR = st.one_of(
    SEPARATORS, st.sampled_from([" of ", " OF ", " ya ", " of the year ", "of"])
)
AROUND = st.sampled_from([("", ""), ("(", ")"), ("[", "]"), ("", "."), (" ", " "), ('"', '"')])
TYPES = st.sampled_from(["HCCC", "hccc", "H.C.C.C", "H.C.C.C.", "H C C C", "Hccc"])


@given(
    st.data(),
    st.integers(1, 9999),
    st.integers(1960, 2059),
    st.booleans(),
)
def test_every_combination_of_the_grammar_finds_the_case(
    data: st.DataObject, count: int, year: int, e_filed: bool
) -> None:
    prefix = "E" if e_filed else ""
    wanted = case("HCCC", year, f"{prefix}{count:03d}")
    number = f"{'0' * data.draw(st.integers(0, 2))}{count}"
    number = data.draw(st.sampled_from([number, number.replace("0", "O")]))
    number = f"{data.draw(st.sampled_from([prefix, prefix.lower(), '']))}{number}"
    kind, first, second = data.draw(TYPES), data.draw(SEPARATORS), data.draw(BEFORE_YEAR)
    short = data.draw(st.booleans()) and second != "of"
    written = f"{year % 100:02d}" if short else str(year)
    start, end = data.draw(AROUND)

    assert finds(f"{start}{kind}{first}{number}{second}{written}{end}", wanted)


@given(st.sampled_from(["HCCC", "KCSUCC", "MCTR"]), st.integers(1, 9999), st.booleans())
def test_a_shown_number_is_found_exactly(caseid_type: str, count: int, e_filed: bool) -> None:
    number = f"{'E' if e_filed else ''}{count:03d}"
    query = parse_query(display_number(caseid_type, number, 2025))
    assert query is not None

    (match,) = rank(query, [case(caseid_type, number=number)])

    assert (match.matched_by, match.score) == (MatchedBy.TYPE_NUMBER_YEAR, 1.0)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_and_all_readings_are_few(text: str) -> None:
    query = parse_query(text)
    assert query is None or 0 < len(query.readings) <= MOST_READINGS
    assert query is None or all(reading.number_norm for reading in query.readings)


@pytest.mark.parametrize("typed", ["", "HCCC", "of", "/ /", "???"])
def test_text_without_a_number_is_no_query(typed: str) -> None:
    assert parse_query(typed) is None


def test_a_guess_in_the_named_register_comes_before_the_number_in_another() -> None:
    query = parse_query("HCCC 74 of 2025")
    assert query is not None
    guessed, other = case("HCCC", number="E074"), case("MCCC", number="74")

    assert [match.case for match in rank(query, [other, guessed])] == [guessed, other]
