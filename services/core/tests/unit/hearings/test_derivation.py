"""What hearings follow from a case's activities."""

from datetime import date
from uuid import UUID

from common.ids import uuid7
from core_service.hearings.derivation import HearingState, History, ManualPlan, derive
from core_service.hearings.models import HearingStatus
from core_service.ledger.replay import ActivityFact, CaseFacts, in_order, replay
from core_service.reference.models import Effect

CASE = CaseFacts(uuid7(), uuid7(), date(2026, 1, 5))
JUDGE = uuid7()
SCHEDULED, HEARD, ADJOURNED, NOT_REACHED, VACATED = HearingStatus


def day(number: int) -> date:
    return date(2026, 1, number)


def came_up(
    on: int,
    next_on: int | None = None,
    effect: Effect = Effect.NONE,
    *,
    hearing: bool = True,
    judge: UUID | None = None,
) -> ActivityFact:
    return ActivityFact(
        activity_id=uuid7(),
        activity_on=day(on),
        seq=1,
        effect=effect,
        next_on=day(next_on) if next_on else None,
        lead_judge_id=judge,
        activity_type_id=uuid7(),
        counts_as_hearing=hearing,
    )


def hearings(*facts: ActivityFact, typed: tuple[ManualPlan, ...] = ()) -> list[HearingState]:
    ordered = in_order(facts)
    return derive(History.of(CASE, ordered, replay(CASE, ordered)), typed)


def summary(*facts: ActivityFact, typed: tuple[ManualPlan, ...] = ()) -> list[tuple[int, str, int]]:
    found = hearings(*facts, typed=typed)
    return [(each.hearing_on.day, each.status.value, each.setting_no) for each in found]


def test_a_next_date_schedules_a_hearing() -> None:
    setting = came_up(6, 9, hearing=False, judge=JUDGE)

    (hearing,) = hearings(setting)

    assert hearing.status == SCHEDULED
    assert hearing.set_by_id == setting.activity_id
    assert hearing.actual_id is None
    assert hearing.judge_id == JUDGE


def test_the_plan_and_what_happened_stay_apart() -> None:
    setting, held = came_up(6, 9, hearing=False), came_up(9)

    (hearing,) = hearings(setting, held)

    assert (hearing.set_by_id, hearing.actual_id) == (setting.activity_id, held.activity_id)
    assert hearing.status == HEARD
    assert hearing.purpose_id == held.activity_type_id


def test_settings_are_counted_until_the_case_is_heard() -> None:
    facts = (
        came_up(6, 9, hearing=False),
        came_up(9, 12, Effect.ADJOURN),
        came_up(12, 15, Effect.ADJOURN),
        came_up(15, 18),
        came_up(18),
    )

    assert summary(*facts) == [
        (9, ADJOURNED, 1),
        (12, ADJOURNED, 2),
        (15, HEARD, 3),
        (18, HEARD, 1),
    ]


def test_another_date_before_the_day_vacates_it() -> None:
    assert summary(came_up(6, 20, hearing=False), came_up(8, 12, hearing=False)) == [
        (12, SCHEDULED, 1),
        (20, VACATED, 2),
    ]


def test_a_day_that_history_has_passed_was_not_reached() -> None:
    assert summary(came_up(6, 9, hearing=False), came_up(11, hearing=False))[0] == (
        9,
        NOT_REACHED,
        1,
    )


def test_a_closed_case_is_not_heard_again() -> None:
    assert summary(came_up(6, 20, hearing=False), came_up(8, None, Effect.DISPOSE)) == [
        (8, HEARD, 1),
        (20, VACATED, 1),
    ]


def test_an_unplanned_hearing_counts_too() -> None:
    (hearing,) = hearings(came_up(7))

    assert hearing.status == HEARD
    assert hearing.set_by_id is None


def test_two_sittings_on_one_day_are_one_hearing_that_went_on() -> None:
    adjourned, heard = came_up(9, None, Effect.ADJOURN), came_up(9)

    (hearing,) = hearings(adjourned, heard)

    assert hearing.actual_id == heard.activity_id


def test_a_next_date_before_the_activity_schedules_nothing() -> None:
    assert summary(came_up(9, 7, hearing=False)) == []


def test_a_typed_in_plan_is_vacated_by_hand() -> None:
    assert summary(typed=(ManualPlan(day(9)),)) == [(9, SCHEDULED, 1)]
    assert summary(typed=(ManualPlan(day(9), is_vacated=True),)) == [(9, VACATED, 1)]
    assert summary(came_up(9), typed=(ManualPlan(day(9)),)) == [(9, HEARD, 1)]
