"""Which entry a spelling stands for: aliases, dated editions, merged judges, shared names."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from common.ids import uuid7
from core_service.aliases.models import Alias, AliasKind, AliasState
from core_service.reference.models import (
    Cadre,
    Court,
    CourtType,
    Effect,
    Judge,
    Outcome,
)
from core_service.reference.spelling import normal_spelling
from core_service.returns.judging.vocabulary import (
    CourtDecision,
    ReferenceRows,
    Unresolved,
    Vocabulary,
)

DAY = date(2026, 2, 23)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def _record() -> dict[str, Any]:
    return {"id": uuid7(), "created_at": NOW, "updated_at": NOW}


def _alias(kind: AliasKind, spelling: str, state: AliasState, target: UUID | None = None) -> Alias:
    return Alias(
        **_record(), kind=kind, spelling=spelling, raw=spelling, state=state, target_id=target
    )


def test_an_accepted_alias_means_its_target(reference: ReferenceRows) -> None:
    judge = reference.judges[0]
    alias = _alias(AliasKind.JUDGE, "hon amina", AliasState.ACCEPTED, judge.id)
    judges = Vocabulary.of(replace(reference, aliases=[alias])).judges
    assert judges.find("Hon. Amina", DAY) is judge


def test_an_alias_of_one_kind_says_nothing_of_another(reference: ReferenceRows) -> None:
    alias = _alias(AliasKind.COURT, "hon amina", AliasState.ACCEPTED, reference.courts[0].id)
    judges = Vocabulary.of(replace(reference, aliases=[alias])).judges
    assert judges.find("Hon. Amina", DAY) is Unresolved.WAITING


def test_a_pending_alias_waits_and_a_rejected_one_refuses(reference: ReferenceRows) -> None:
    for state, expected in [
        (AliasState.PENDING, Unresolved.WAITING),
        (AliasState.REJECTED, Unresolved.REFUSED),
    ]:
        words = Vocabulary.of(replace(reference, aliases=[_alias(AliasKind.COURT, "x", state)]))
        assert words.courts.find("X", DAY) is expected


def test_each_day_has_its_own_edition_of_an_outcome(reference: ReferenceRows) -> None:
    editions = [
        Outcome(
            **_record(),
            label="Stayed",
            label_norm="stayed",
            effect=effect,
            valid_from=begin,
            valid_to=end,
        )
        for effect, begin, end in [
            (Effect.NONE, None, date(2025, 1, 1)),
            (Effect.INACTIVATE, date(2025, 1, 1), None),
        ]
    ]
    alias = _alias(AliasKind.OUTCOME, "staid", AliasState.ACCEPTED, editions[1].id)
    words = Vocabulary.of(replace(reference, outcomes=editions, aliases=[alias]))
    for spelling in ("Stayed", "Staid"):
        assert words.outcomes.find(spelling, date(2024, 12, 31)) is editions[0]
        assert words.outcomes.find(spelling, date(2025, 1, 1)) is editions[1]


def test_a_merged_judge_goes_on_under_both_names(reference: ReferenceRows) -> None:
    remaining = reference.judges[0]
    merged = Judge(
        **_record(),
        surname="Exampel",
        given_names="A",
        display_name="Exampel, A",
        name_norm="exampel a",
        cadre=Cadre.JUDGE,
        merged_into_id=remaining.id,
    )
    words = Vocabulary.of(replace(reference, judges=[*reference.judges, merged]))
    assert words.judges.find("exampel a", DAY) is remaining
    assert words.judges.find("Example, Amina Wanja", DAY) is remaining


def test_a_name_that_two_courts_share_is_settled_only_by_the_files_court(
    reference: ReferenceRows,
) -> None:
    second = Court(
        **_record(),
        name="Testville",
        code="TESTMC",
        court_type=CourtType.MAGISTRATES,
        station="Testville",
    )
    words = Vocabulary.of(replace(reference, courts=[*reference.courts, second]))
    assert words.courts.find("Testville", DAY) is Unresolved.WAITING
    assert words.courts.find("Testville", DAY, prefer=second.id) is second


def test_a_court_is_known_by_its_station_unless_a_court_has_that_name(
    reference: ReferenceRows,
) -> None:
    words = Vocabulary.of(reference)
    assert words.courts.find("Demoville", DAY) is reference.courts[1]
    assert words.courts.find("Testville", DAY) is reference.courts[0]


def test_a_court_s_own_decision_goes_before_the_shared_one_and_after_the_names(
    reference: ReferenceRows,
) -> None:
    first, second = reference.judges[:2]
    here, there = reference.courts[0].id, reference.courts[1].id

    def of_court(spelling: str, state: AliasState, target: UUID | None = None) -> CourtDecision:
        return CourtDecision(AliasKind.JUDGE, spelling, here, state, target)

    rows = replace(
        reference,
        aliases=[_alias(AliasKind.JUDGE, "hon amina", AliasState.ACCEPTED, first.id)],
        of_courts=[
            of_court("hon amina", AliasState.ACCEPTED, second.id),
            of_court("mh john", AliasState.REJECTED),
            of_court(normal_spelling(first.display_name), AliasState.REJECTED),
        ],
    )
    judges = Vocabulary.of(rows).judges

    assert judges.find("Hon. Amina", DAY, court_id=here) is second
    assert judges.find("Hon. Amina", DAY, court_id=there) is first
    assert judges.find("Hon. Amina", DAY) is first
    assert judges.find("Mh. John", DAY, court_id=here) is Unresolved.REFUSED
    assert judges.find("Mh. John", DAY, court_id=there) is Unresolved.WAITING
    assert judges.find(first.display_name, DAY, court_id=here) is first
