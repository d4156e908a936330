"""Acts of the registry: a status set by order, and a file that two courts pass between them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_service.cases.models import CaseStatus
from core_service.ledger.models import EventKind
from core_service.ledger.replay import ActivityFact, CaseFacts, StatusEvent, replay
from core_service.reference.models import Effect

CATEGORY = UUID(int=1)
FILED_ON = date(2025, 1, 15)
HERE = CaseFacts(UUID(int=8), CATEGORY, FILED_ON)
THERE = CaseFacts(UUID(int=9), CATEGORY, FILED_ON, received=True)
COMING = (EventKind.FILED, EventKind.REOPENED, EventKind.REACTIVATED, EventKind.TRANSFER_IN)


def on(day: int, sets: CaseStatus | None = None, effect: Effect = Effect.NONE) -> ActivityFact:
    return ActivityFact(UUID(int=1000 + day), date(2025, 3, day), 1, effect, sets_status=sets)


def kinds(case: CaseFacts, *facts: ActivityFact) -> list[EventKind]:
    return [event.kind for event in replay(case, facts).events]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (CaseStatus.PENDING, CaseStatus.INACTIVE, [EventKind.INACTIVATED]),
        (CaseStatus.PENDING, CaseStatus.DISPOSED, [EventKind.DISPOSED]),
        (CaseStatus.INACTIVE, CaseStatus.DISPOSED, [EventKind.REACTIVATED, EventKind.DISPOSED]),
        (CaseStatus.DISPOSED, CaseStatus.PENDING, [EventKind.REOPENED]),
        (CaseStatus.DISPOSED, CaseStatus.INACTIVE, [EventKind.REOPENED, EventKind.INACTIVATED]),
        (CaseStatus.TRANSFERRED, CaseStatus.PENDING, [EventKind.TRANSFER_IN]),
    ],
)
def test_an_order_leads_from_any_status_to_any_other(
    before: CaseStatus, after: CaseStatus, expected: list[EventKind]
) -> None:
    first = [on(1, before)] if before != CaseStatus.PENDING else []
    known = kinds(HERE, *first)

    assert kinds(HERE, *first, on(2, after)) == [*known, *expected]


def test_an_order_for_the_current_status_changes_nothing() -> None:
    assert kinds(HERE, on(1, CaseStatus.PENDING)) == [EventKind.FILED]


def test_a_case_set_to_disposed_again_is_disposed_as_a_reopened_one() -> None:
    disposed, pending = CaseStatus.DISPOSED, CaseStatus.PENDING

    assert kinds(HERE, on(1, disposed), on(2, pending), on(3, disposed)) == [
        EventKind.FILED,
        EventKind.DISPOSED,
        EventKind.REOPENED,
        EventKind.REOPENED_DISPOSED,
    ]


def test_a_received_case_is_filed_only_at_its_first_court() -> None:
    assert kinds(THERE) == []
    assert replay(THERE, ()).state.status == CaseStatus.TRANSFERRED
    assert kinds(THERE, on(4, CaseStatus.PENDING)) == [EventKind.TRANSFER_IN]
    assert kinds(THERE, on(4, CaseStatus.INACTIVE)) == [
        EventKind.TRANSFER_IN,
        EventKind.INACTIVATED,
    ]


facts = st.builds(
    ActivityFact,
    activity_id=st.uuids(),
    activity_on=st.integers(-20, 60).map(lambda days: FILED_ON + timedelta(days=days)),
    seq=st.integers(1, 3),
    effect=st.sampled_from([effect for effect in Effect if effect != Effect.TRANSFER_OUT]),
    sets_status=st.sampled_from([None, None, None, CaseStatus.INACTIVE, CaseStatus.PENDING]),
)
histories = st.lists(facts, max_size=10, unique_by=lambda fact: fact.activity_id)


def active(events: Iterable[StatusEvent], until: date) -> int:
    found = [event for event in events if event.effective_on <= until]
    return sum(1 if event.kind in COMING else -1 for event in found)


def both(before: Sequence[ActivityFact], carried: CaseStatus) -> list[StatusEvent]:
    """The events at both courts when the file leaves after everything that is known."""
    day = FILED_ON + timedelta(days=61)
    sent = ActivityFact(UUID(int=1), day, 1, Effect.NONE, sets_status=CaseStatus.TRANSFERRED)
    arrived = ActivityFact(UUID(int=2), day, 1, Effect.NONE, sets_status=carried)
    return [*replay(HERE, [*before, sent]).events, *replay(THERE, [arrived]).events]


@given(histories, histories)
def test_a_transfer_leaves_the_sum_over_both_courts_as_it_was(
    known: list[ActivityFact], late: list[ActivityFact]
) -> None:
    before = replay(HERE, known)
    if before.state.status == CaseStatus.DISPOSED:
        return
    carried = before.state.status

    moved = both(known, carried)
    # What becomes known later of the days before cannot call the file back.
    later = both([*known, *late], carried)

    for days in (0, 30, 60, 61, 90):
        until = FILED_ON + timedelta(days=days)
        assert active(moved, until) == active(before.events, until)
    afterwards = FILED_ON + timedelta(days=61)
    assert active(later, afterwards) == active(before.events, afterwards)
    assert [event.kind for event in later].count(EventKind.FILED) == 1
