"""Properties that hold for every history, however odd and in whatever order it becomes known."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core_service.cases.models import CaseStatus
from core_service.ledger.models import EventKind
from core_service.ledger.replay import ActivityFact, CaseFacts, StatusEvent, replay
from core_service.reference.models import Effect

CATEGORIES = [UUID(int=1), UUID(int=2)]
FILED_ON = date(2025, 1, 15)
COMING = (EventKind.FILED, EventKind.REOPENED, EventKind.REACTIVATED, EventKind.TRANSFER_IN)
STATUS_OF_ACTIVE = {
    CaseStatus.PENDING: 1,
    CaseStatus.INACTIVE: 0,
    CaseStatus.DISPOSED: 0,
    CaseStatus.TRANSFERRED: 0,
}

facts = st.builds(
    ActivityFact,
    activity_id=st.uuids(),
    activity_on=st.integers(-20, 120).map(lambda days: FILED_ON + timedelta(days=days)),
    seq=st.integers(1, 3),
    effect=st.sampled_from(Effect),
    limited_to=st.sampled_from([frozenset[UUID](), frozenset(CATEGORIES[:1])]),
)
histories = st.lists(facts, max_size=12, unique_by=lambda fact: fact.activity_id)
cases = st.sampled_from([CaseFacts(UUID(int=9), category, FILED_ON) for category in CATEGORIES])


def active(events: list[StatusEvent]) -> int:
    return sum(1 if event.kind in COMING else -1 for event in events)


@given(cases, histories, st.randoms())
def test_the_order_of_recording_does_not_matter(
    case: CaseFacts, history: list[ActivityFact], chance: Random
) -> None:
    shuffled = history.copy()
    chance.shuffle(shuffled)

    assert replay(case, shuffled) == replay(case, history)


@given(cases, histories)
def test_a_case_is_active_once_or_not_at_all_after_every_event(
    case: CaseFacts, history: list[ActivityFact]
) -> None:
    result = replay(case, history)

    running = [active(list(result.events[:end])) for end in range(1, len(result.events) + 1)]

    assert set(running) <= {0, 1}
    assert running[-1] == STATUS_OF_ACTIVE[result.state.status]


@given(cases, histories)
def test_events_take_effect_in_order_and_never_before_the_filing(
    case: CaseFacts, history: list[ActivityFact]
) -> None:
    days = [event.effective_on for event in replay(case, history).events]

    assert days == sorted(days)
    assert days[0] == FILED_ON


@given(cases, histories, st.integers(-5, 100), st.integers(0, 60))
def test_the_identity_holds_for_every_period(
    case: CaseFacts, history: list[ActivityFact], start: int, length: int
) -> None:
    events = replay(case, history).events
    first = FILED_ON + timedelta(days=start)
    last = first + timedelta(days=length)
    before = [event for event in events if event.effective_on < first]
    during = Counter(event.kind for event in events if first <= event.effective_on <= last)
    until = [event for event in events if event.effective_on <= last]

    flow = sum(count if kind in COMING else -count for kind, count in during.items())

    assert active(until) == active(before) + flow
    assert active(before) in (0, 1)


@given(cases, histories)
def test_every_disposal_after_the_first_is_one_of_a_reopened_case(
    case: CaseFacts, history: list[ActivityFact]
) -> None:
    kinds = Counter(event.kind for event in replay(case, history).events)

    assert kinds[EventKind.FILED] == 1
    assert kinds[EventKind.DISPOSED] <= 1
    assert kinds[EventKind.REOPENED_DISPOSED] <= kinds[EventKind.REOPENED]
