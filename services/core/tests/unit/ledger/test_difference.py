"""What is appended to and retracted from the ledger."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from core_service.ledger.models import CaseStatusEvent, EventKind
from core_service.ledger.replay import StatusEvent
from core_service.ledger.service import difference

COURT, TYPE = UUID(int=1), UUID(int=2)


def wanted(kind: EventKind, day: int, activity_id: UUID | None = None) -> StatusEvent:
    return StatusEvent(kind, date(2025, 3, day), COURT, activity_id)


def stored(event: StatusEvent) -> CaseStatusEvent:
    return CaseStatusEvent(
        case_id=uuid4(),
        court_id=event.court_id,
        case_type_id=TYPE,
        kind=event.kind,
        effective_on=event.effective_on,
        activity_id=event.activity_id,
        recorded_at=datetime(2025, 3, 1, tzinfo=UTC),
    )


def test_an_equal_ledger_stays_as_it_is() -> None:
    events = [wanted(EventKind.FILED, 1), wanted(EventKind.DISPOSED, 4)]

    appended, retracted = difference([stored(event) for event in events], events, TYPE)

    assert (list(appended), list(retracted)) == ([], [])


def test_missing_events_are_retracted_and_new_ones_appended() -> None:
    filed, disposed = wanted(EventKind.FILED, 1), wanted(EventKind.DISPOSED, 4)
    old, later = stored(disposed), wanted(EventKind.DISPOSED, 6)

    appended, retracted = difference([stored(filed), old], [filed, later], TYPE)

    assert list(retracted) == [old]
    assert list(appended) == [later]


def test_equal_events_are_matched_one_to_one() -> None:
    event = wanted(EventKind.REOPENED, 4)

    appended, _ = difference([stored(event)], [event, event], TYPE)

    assert list(appended) == [event]


def test_events_of_a_former_case_type_are_recorded_again() -> None:
    events = [wanted(EventKind.FILED, 1), wanted(EventKind.DISPOSED, 4)]
    old = [stored(event) for event in events]

    appended, retracted = difference(old, events, UUID(int=3))

    assert (list(appended), list(retracted)) == (events, old)
