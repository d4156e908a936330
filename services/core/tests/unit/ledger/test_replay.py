"""The ledger's rules, each in one history."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from core_service.cases.models import CaseStatus
from core_service.ledger.models import EventKind
from core_service.ledger.replay import ActivityFact, CaseFacts, Replay, replay
from core_service.ledger.steps import Flag
from core_service.reference.models import Effect

COURT = UUID(int=1)
CATEGORY = UUID(int=2)
OTHER_CATEGORY = UUID(int=3)
FILED_ON = date(2025, 2, 3)
CASE = CaseFacts(COURT, CATEGORY, FILED_ON)


def on(day: int, effect: Effect, **changes: object) -> ActivityFact:
    values: dict[str, object] = {"activity_id": uuid4(), "seq": 1} | changes
    return ActivityFact(activity_on=date(2025, 3, day), effect=effect, **values)  # type: ignore[arg-type]  # a test's shorthand


def kinds(result: Replay) -> list[tuple[str, int]]:
    return [(event.kind.value, event.effective_on.day) for event in result.events[1:]]


def test_a_case_without_activities_is_filed_and_pending() -> None:
    result = replay(CASE, [])

    assert [(event.kind, event.effective_on) for event in result.events] == [
        (EventKind.FILED, FILED_ON)
    ]
    assert result.state.status == CaseStatus.PENDING
    assert result.state.status_since == FILED_ON
    assert result.state.last_activity_on is None


def test_the_registration_is_what_files_a_case() -> None:
    registration = on(1, Effect.REGISTER)

    result = replay(CASE, [on(2, Effect.NONE), registration])

    assert result.events[0].activity_id == registration.activity_id
    assert result.events[0].effective_on == FILED_ON
    assert len(result.events) == 1


def test_the_first_disposing_activity_disposes_and_later_ones_are_flagged() -> None:
    second = on(9, Effect.DISPOSE)

    result = replay(CASE, [on(4, Effect.DISPOSE), second])

    assert kinds(result) == [("disposed", 4)]
    assert result.state.disposed_on == date(2025, 3, 4)
    assert result.flags == {second.activity_id: {Flag.SECOND_CLOSURE}}


def test_after_a_reopening_a_case_can_be_disposed_of_again() -> None:
    result = replay(CASE, [on(4, Effect.DISPOSE), on(6, Effect.REOPEN), on(9, Effect.DISPOSE)])

    assert kinds(result) == [("disposed", 4), ("reopened", 6), ("reopened_disposed", 9)]
    assert result.state.disposed_on == date(2025, 3, 9)


def test_a_reopened_case_is_pending_and_not_disposed_of() -> None:
    result = replay(CASE, [on(4, Effect.DISPOSE), on(6, Effect.REOPEN)])

    assert result.state.status == CaseStatus.PENDING
    assert result.state.disposed_on is None
    assert result.state.status_since == date(2025, 3, 6)


def test_reactivating_a_disposed_case_reopens_it_with_a_remark() -> None:
    back = on(6, Effect.REACTIVATE)

    result = replay(CASE, [on(4, Effect.DISPOSE), back])

    assert kinds(result) == [("disposed", 4), ("reopened", 6)]
    assert result.flags[back.activity_id] == {Flag.REOPENED_IMPLICIT}


@pytest.mark.parametrize("effect", [Effect.REACTIVATE, Effect.REOPEN])
def test_an_inactive_case_comes_back(effect: Effect) -> None:
    result = replay(CASE, [on(4, Effect.INACTIVATE), on(6, effect)])

    assert kinds(result) == [("inactivated", 4), ("reactivated", 6)]
    assert result.state.status == CaseStatus.PENDING


@pytest.mark.parametrize(
    ("effect", "kind"), [(Effect.DISPOSE, "disposed"), (Effect.TRANSFER_OUT, "transfer_out")]
)
def test_an_inactive_case_is_active_again_before_it_leaves(effect: Effect, kind: str) -> None:
    result = replay(CASE, [on(4, Effect.INACTIVATE), on(6, effect)])

    assert kinds(result) == [("inactivated", 4), ("reactivated", 6), (kind, 6)]


def test_a_transfer_is_not_a_disposal() -> None:
    result = replay(CASE, [on(4, Effect.TRANSFER_OUT)])

    assert kinds(result) == [("transfer_out", 4)]
    assert result.state.status == CaseStatus.TRANSFERRED
    assert result.state.disposed_on is None


def test_a_file_that_comes_back_is_transferred_in() -> None:
    result = replay(CASE, [on(4, Effect.TRANSFER_OUT), on(6, Effect.REOPEN)])

    assert kinds(result) == [("transfer_out", 4), ("transfer_in", 6)]
    assert result.state.status == CaseStatus.PENDING


def test_what_happens_after_closure_is_flagged_and_changes_nothing() -> None:
    mention = on(9, Effect.NONE)

    result = replay(CASE, [on(4, Effect.DISPOSE), mention])

    assert kinds(result) == [("disposed", 4)]
    assert result.flags[mention.activity_id] == {Flag.AFTER_CLOSURE}


def test_an_effect_limited_to_other_categories_is_none() -> None:
    limited = frozenset({OTHER_CATEGORY})

    elsewhere = replay(CASE, [on(4, Effect.DISPOSE, limited_to=limited)])
    there = replay(
        CaseFacts(COURT, OTHER_CATEGORY, FILED_ON), [on(4, Effect.DISPOSE, limited_to=limited)]
    )

    assert elsewhere.state.status == CaseStatus.PENDING
    assert there.state.status == CaseStatus.DISPOSED


def test_an_activity_before_the_filing_takes_effect_on_the_filing_date() -> None:
    early = ActivityFact(uuid4(), date(2024, 12, 1), 1, Effect.DISPOSE)

    result = replay(CASE, [early])

    assert [event.effective_on for event in result.events] == [FILED_ON, FILED_ON]
    assert result.flags[early.activity_id] == {Flag.BEFORE_FILING}


def test_a_registration_opens_its_day_whenever_it_was_typed_in() -> None:
    disposal = on(4, Effect.DISPOSE, seq=1)
    registration = on(4, Effect.REGISTER, seq=2)

    result = replay(CASE, [disposal, registration])

    assert result.events[0].activity_id == registration.activity_id
    assert not result.flags


def test_on_one_day_the_order_of_recording_decides() -> None:
    result = replay(CASE, [on(4, Effect.REOPEN, seq=2), on(4, Effect.DISPOSE, seq=1)])

    assert kinds(result) == [("disposed", 4), ("reopened", 4)]


def test_counters_and_dates_follow_the_activities() -> None:
    judge = uuid4()

    state = replay(
        CASE,
        [
            on(4, Effect.ADJOURN, lead_judge_id=judge, custody_count=2),
            on(9, Effect.ADJOURN, next_on=date(2026, 1, 9), legal_representation=False),
        ],
    ).state

    assert (state.activity_count, state.adjournment_count) == (2, 2)
    assert state.last_activity_on == date(2025, 3, 9)
    assert state.next_hearing_on == date(2026, 1, 9)
    assert state.lead_judge_id == judge
    assert (state.custody_count, state.legal_representation) == (2, False)


def test_a_next_date_in_the_following_year_is_valid_in_december() -> None:
    december = ActivityFact(uuid4(), date(2025, 12, 19), 1, Effect.NONE, next_on=date(2026, 1, 9))

    assert replay(CASE, [december]).state.next_hearing_on == date(2026, 1, 9)


def test_an_earlier_next_date_is_valid_until_an_activity_on_that_day() -> None:
    set_for_the_20th = on(4, Effect.NONE, next_on=date(2025, 3, 20))
    without_date = on(9, Effect.NONE)
    on_the_20th = on(20, Effect.NONE)

    waiting = replay(CASE, [set_for_the_20th, without_date])
    held = replay(CASE, [set_for_the_20th, without_date, on_the_20th])

    assert waiting.state.next_hearing_on == date(2025, 3, 20)
    assert held.state.next_hearing_on is None


def test_a_closed_case_has_no_next_hearing() -> None:
    result = replay(CASE, [on(4, Effect.DISPOSE, next_on=date(2025, 3, 20))])

    assert result.state.next_hearing_on is None
