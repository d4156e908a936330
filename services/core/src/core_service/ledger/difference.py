"""What must be added to and retracted from the ledger so that it says what the history says."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core_service.ledger.models import CaseStatusEvent
from core_service.ledger.replay import StatusEvent


@dataclass(frozen=True, slots=True)
class Difference:
    """Events that are new, and live ones that no longer hold."""

    appended: Sequence[StatusEvent]
    retracted: Sequence[CaseStatusEvent]


def difference(live: Iterable[CaseStatusEvent], wanted: Iterable[StatusEvent]) -> Difference:
    """Match live events with wanted ones, each once; what stays over on either side differs."""
    standing: dict[StatusEvent, list[CaseStatusEvent]] = defaultdict(list)
    for event in live:
        standing[_value(event)].append(event)
    appended = []
    for value in wanted:
        if standing[value]:
            standing[value].pop()
        else:
            appended.append(value)
    return Difference(appended, [event for events in standing.values() for event in events])


def _value(event: CaseStatusEvent) -> StatusEvent:
    return StatusEvent(event.kind, event.effective_on, event.court_id, event.activity_id)
