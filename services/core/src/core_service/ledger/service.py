"""Keeps the ledger and each case's status equal to what the case's activities say."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Final, Protocol, TypeVar
from uuid import UUID

from sqlmodel import col

from common.clock import Clock
from common.ids import uuid7
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.bulk import insert_rows
from core_service.cases.models import Case
from core_service.cases.records import AnyCase
from core_service.ledger.arrivals import Arrivals
from core_service.ledger.facts import (
    HearingDerivation,
    LeadDerivation,
    OutcomeEffects,
    ReplayedCase,
)
from core_service.ledger.models import CaseStatusEvent, EventKind
from core_service.ledger.replay import (
    ActivityFact,
    CaseFacts,
    CaseState,
    Replay,
    StatusEvent,
    in_order,
    replay,
)
from core_service.ledger.repository import AS_THEY_TOOK_EFFECT, LedgerRepository, LiveEvent


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A replayed case, and whether anything that follows from it was changed."""

    result: Replay
    changed: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The cases where anything has changed, and what was replayed of files received by it."""

    changed: set[UUID]
    arrived: Mapping[UUID, Replay]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Replays cases. The caller holds the case's row lock, so replays of one case never overlap."""

    events: LedgerRepository
    leads: LeadDerivation
    hearings: HearingDerivation
    arrivals: Arrivals
    clock: Clock

    async def begin(self, case: Case) -> None:
        """Write the first events of a case that has just been registered."""
        facts = await self.events.facts([case])
        replayed = _replayed(case, facts[case.id], ())
        write_state(case, replayed.result.state)
        await self._write_events([replayed])
        await self.events.session.flush()

    async def refresh(self, case: Case) -> Refreshed:
        """Replay a locked case and write what differs."""
        return (await self.refresh_all([case]))[case.id]

    async def refresh_all(self, cases: Collection[Case]) -> dict[UUID, Refreshed]:
        """Replay locked cases together: as many statements as one case takes.

        What they say of files that have left may mean that others were received: they follow.
        """
        replayed = await self._replay(cases)
        written = await self.write(replayed, self.events.session.flush)
        found = {
            each.case.id: Refreshed(each.result, each.case.id in written.changed)
            for each in replayed
        }
        return found | {case_id: Refreshed(each, True) for case_id, each in written.arrived.items()}

    async def write(
        self, replayed: Sequence[ReplayedCase], write_facts: Callable[[], Awaitable[None]]
    ) -> Written:
        """Write what follows from replays, and before it by `write_facts` the cases, whose state
        has been set, and their activities.
        """
        changed, departing = await self._write(replayed, write_facts)
        marked = await self.arrivals.settle(replayed, departing)
        after = await self._replay(marked) if marked else []
        if after:
            await self._write(after, self.events.session.flush)
        return Written(changed, {each.case.id: each.result for each in after})

    async def _replay(self, cases: Collection[Case]) -> list[ReplayedCase]:
        histories = await self.histories(cases)
        return [_replayed(case, *histories[case.id]) for case in cases]

    async def _write(
        self, replayed: Sequence[ReplayedCase], write_facts: Callable[[], Awaitable[None]]
    ) -> tuple[set[UUID], set[UUID]]:
        """The cases where anything has changed, and those that have left, or had before."""
        changed = {each.case.id for each in replayed if write_state(each.case, each.result.state)}
        leads = {each.case.id: each.case.lead_judge_id for each in replayed}
        derived = [await derivation.derive(replayed) for derivation in (self.leads, self.hearings)]
        changed |= {
            each.case.id for each in replayed if each.case.lead_judge_id != leads[each.case.id]
        }
        await write_facts()
        events_differ, departing = await self._write_events(replayed)
        changed |= events_differ
        for each in derived:
            await each.write()
            changed |= each.cases()
        await self.events.session.flush()
        return changed, departing

    async def histories(
        self, cases: Iterable[AnyCase]
    ) -> dict[UUID, tuple[CaseFacts, list[ActivityFact]]]:
        facts = await self.events.facts(cases)
        recorded = await self.events.activity_facts(facts.keys())
        return {case_id: (facts[case_id], found) for case_id, found in recorded.items()}

    async def outcome_effects(self) -> OutcomeEffects:
        return await self.events.outcome_effects()

    async def caused_by(
        self, case_id: UUID, activity_ids: Sequence[UUID]
    ) -> Sequence[CaseStatusEvent]:
        """The live events that follow from these activities."""
        caused = col(CaseStatusEvent.activity_id).in_(activity_ids)
        return await self.events.all(self.events.live_of_case(case_id).where(caused))

    async def caused_by_none(self, case_id: UUID) -> Sequence[CaseStatusEvent]:
        """The live events that follow from no activity: the filing."""
        uncaused = col(CaseStatusEvent.activity_id).is_(None)
        return await self.events.all(self.events.live_of_case(case_id).where(uncaused))

    async def page(self, case_id: UUID, page: PageRequest, pager: Pager) -> Slice[CaseStatusEvent]:
        """A page of every event, retracted ones too. Raises CursorInvalid."""
        statement = self.events.of_case(case_id)
        purpose = f"status-events\x00{case_id}"
        return await pager.cut(self.events, statement, AS_THEY_TOOK_EFFECT, page, purpose=purpose)

    async def live_events(self, case_id: UUID) -> Sequence[CaseStatusEvent]:
        """The events of a case that are not retracted."""
        return await self.events.all(self.events.live_of_case(case_id))

    async def record_again(self, case: Case, since: datetime) -> None:
        """Retract the case's events as of `since`, and record them again as of now.

        A deleted case is left out of figures; once it is restored, what was known while it was
        deleted must stay as it was.
        """
        for event in await self.events.all(self.events.of_case(case.id)):
            # Also what was retracted meanwhile, by the void of a transfer's other end.
            if event.retracted_at is None or event.retracted_at > since:
                event.retracted_at = max(since, event.recorded_at)
        await self.events.session.flush()
        await self.refresh(case)

    async def _write_events(self, replayed: Sequence[ReplayedCase]) -> tuple[set[UUID], set[UUID]]:
        live = defaultdict(list)
        for event in await self.events.live_of_cases([each.case.id for each in replayed]):
            live[event.case_id].append(event)
        now = self.clock.now()
        changed: set[UUID] = set()
        departing: set[UUID] = set()
        rows: list[dict[str, object]] = []
        disproved: list[LiveEvent] = []
        for each in replayed:
            case_id, type_id = each.case.id, each.case.case_type_id
            kinds = {event.kind for event in live[case_id]}
            if EventKind.TRANSFER_OUT in kinds | {event.kind for event in each.result.events}:
                departing.add(case_id)
            appended, retracted = difference(live[case_id], each.result.events, type_id)
            if appended or retracted:
                changed.add(case_id)
            disproved += retracted
            rows += [_event_columns(each.case, event, now) for event in appended]
        await self.events.retract(disproved, now)
        await insert_rows(self.events.session, CaseStatusEvent, rows)
        return changed, departing


def _event_columns(case: AnyCase, event: StatusEvent, now: datetime) -> dict[str, object]:
    return {
        "id": uuid7(),
        "case_id": case.id,
        "court_id": event.court_id,
        "case_type_id": case.case_type_id,
        "kind": event.kind,
        "effective_on": event.effective_on,
        "recorded_at": now,
        "activity_id": event.activity_id,
    }


def _replayed(case: AnyCase, facts: CaseFacts, activities: Iterable[ActivityFact]) -> ReplayedCase:
    ordered = in_order(activities)
    return ReplayedCase(case, facts, ordered, replay(facts, ordered))


# The lead is left to assignments, which may overrule the bench.
STATE: Final = tuple(each.name for each in fields(CaseState) if each.name != "lead_judge_id")
STATED: Final = frozenset({"custody_count", "legal_representation"})
_values: Final = attrgetter(*STATE)


def write_state(case: AnyCase, state: CaseState) -> bool:
    """Write the state on the case; whether it differed.

    Counts that no live activity states stay as the case was registered with.
    """
    changed: Mapping[str, object] = {
        name: value
        for name, value, before in zip(STATE, _values(state), _values(case), strict=True)
        if before != value and not (value is None and name in STATED)
    }
    for name, value in changed.items():
        setattr(case, name, value)
    return bool(changed)


class AnyEvent(Protocol):
    """An event as far as it is compared."""

    @property
    def kind(self) -> EventKind: ...
    @property
    def effective_on(self) -> date: ...
    @property
    def court_id(self) -> UUID: ...
    @property
    def activity_id(self) -> UUID | None: ...
    @property
    def case_type_id(self) -> UUID: ...


EventT = TypeVar("EventT", bound=AnyEvent)


def difference(
    live: Iterable[EventT], wanted: Iterable[StatusEvent], case_type_id: UUID
) -> tuple[list[StatusEvent], list[EventT]]:
    """The events to append and the live ones to retract, so that the wanted ones are live.

    Those of a case whose type has changed are recorded again, so that what was known of the former
    type stays known.
    """
    unmatched: dict[StatusEvent, list[EventT]] = defaultdict(list)
    disproved: list[EventT] = []
    for event in live:
        if event.case_type_id != case_type_id:
            disproved.append(event)
            continue
        value = StatusEvent(event.kind, event.effective_on, event.court_id, event.activity_id)
        unmatched[value].append(event)
    appended = []
    for value in wanted:
        if unmatched[value]:
            unmatched[value].pop()
        else:
            appended.append(value)
    return appended, disproved + [event for events in unmatched.values() for event in events]
