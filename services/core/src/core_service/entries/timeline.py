"""A case's history for people: what happened, what it did, who recorded it and from which row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from common.keyset import Keyed, Merged, Pager
from common.pages import PageRequest
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.ledger.models import CaseActivity, CaseStatusEvent
from core_service.ledger.service import Ledger
from core_service.sources import Source

PLAIN_KIND: Final = "activity"
KEY_TYPES: Final = (date.fromisoformat, int, UUID)

# Of activity types, outcomes and reasons, by their IDs.
Labels = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry; `kind` is the status event that it caused last, or `activity`."""

    on: date
    kind: str
    summary: str
    activity_id: UUID | None
    recorded_at: datetime
    recorded_by: UUID | None
    source: Source


@dataclass(frozen=True, slots=True)
class TimelineReading:
    """Reads the histories of cases; the caller has read the case before."""

    activities: ActivityService
    ledger: Ledger
    pager: Pager

    async def page(self, case: Case, page: PageRequest) -> Merged[TimelineEntry]:
        """What counts, the earliest first. Raises CursorInvalid."""

        async def happened(
            after: Sequence[Any] | None, limit: int
        ) -> Sequence[Keyed[TimelineEntry]]:
            rows = await self.activities.as_happened(case.id, after, limit)
            events = await self.ledger.caused_by(case.id, [row.id for row in rows])
            return recorded_entries(rows, events, await self.activities.labels(rows))

        async def filed(after: Sequence[Any] | None, limit: int) -> Sequence[Keyed[TimelineEntry]]:
            found = filed_entries(case, await self.ledger.caused_by_none(case.id))
            return [each for each in found if after is None or each.key > tuple(after)][:limit]

        purpose = f"timeline\x00{case.id}"
        return await self.pager.merge([filed, happened], KEY_TYPES, page, purpose=purpose)


def filed_entries(case: Case, events: Iterable[CaseStatusEvent]) -> list[Keyed[TimelineEntry]]:
    """Filings that no activity records; on their day they come first."""
    entries = [
        Keyed((event.effective_on, 0, event.id), _of_event(case, event))
        for event in events
        if event.activity_id is None
    ]
    return sorted(entries, key=lambda entry: entry.key)


def recorded_entries(
    activities: Sequence[CaseActivity], events: Iterable[CaseStatusEvent], labels: Labels
) -> list[Keyed[TimelineEntry]]:
    caused: dict[UUID | None, list[CaseStatusEvent]] = defaultdict(list)
    for event in events:
        caused[event.activity_id].append(event)
    return [
        Keyed(
            (activity.activity_on, activity.seq, activity.id),
            _of_activity(activity, caused[activity.id], labels),
        )
        for activity in activities
    ]


def _of_event(case: Case, event: CaseStatusEvent) -> TimelineEntry:
    return TimelineEntry(
        on=event.effective_on,
        kind=event.kind.value,
        summary=event.kind.value.replace("_", " ").capitalize(),
        activity_id=None,
        recorded_at=event.recorded_at,
        recorded_by=case.created_by,
        source=Source.of(case),
    )


def _of_activity(
    activity: CaseActivity, events: Sequence[CaseStatusEvent], labels: Labels
) -> TimelineEntry:
    return TimelineEntry(
        on=activity.activity_on,
        kind=events[-1].kind.value if events else PLAIN_KIND,
        summary=_summary(activity, labels),
        activity_id=activity.id,
        recorded_at=activity.created_at,
        recorded_by=activity.created_by,
        source=Source.of(activity),
    )


def _summary(activity: CaseActivity, labels: Labels) -> str:
    """`Hearing: Adjourned (Party absent); next on 2026-03-02`."""
    text = labels[activity.activity_type_id]
    if activity.outcome_id is not None:
        text += f": {labels[activity.outcome_id]}"
    if activity.reason_id is not None:
        text += f" ({labels[activity.reason_id]})"
    if activity.next_on is not None:
        text += f"; next on {activity.next_on}"
    return text
