"""Keeps the ledger and each case's status equal to what the case's activities say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlmodel import col

from common.clock import Clock
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.cases.models import Case
from core_service.ledger.arrivals import Arrivals
from core_service.ledger.derivations import HearingDerivation, LeadDerivation, ReplayedCase
from core_service.ledger.facts import OutcomeEffects
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
from core_service.ledger.repository import AS_THEY_TOOK_EFFECT, LedgerRepository


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A replayed case, and whether anything that follows from it was changed."""

    result: Replay
    changed: bool


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
        result = replay(facts[case.id], ())
        self._write_events(case.id, (), result)
        write_state(case, result.state)
        await self.events.session.flush()

    async def refresh(self, case: Case) -> Refreshed:
        """Replay a locked case and write what differs."""
        return (await self.refresh_all([case]))[case.id]

    async def refresh_all(self, cases: Collection[Case]) -> dict[UUID, Refreshed]:
        """Replay locked cases together: as many statements as one case takes.

        What they say of files that have left may mean that others were received: they follow.
        """
        replayed, refreshed, departing = await self._refresh(cases)
        marked = await self.arrivals.settle(replayed, departing)
        if marked:
            await self.events.session.flush()
            _, after, _ = await self._refresh(marked)
            refreshed |= {case_id: Refreshed(each.result, True) for case_id, each in after.items()}
        return refreshed

    async def _refresh(
        self, cases: Collection[Case]
    ) -> tuple[list[ReplayedCase], dict[UUID, Refreshed], set[UUID]]:
        """The replayed cases, what became of each, and those that have left, or had before."""
        histories = await self.histories(cases)
        replayed = [_replayed(case, *histories[case.id]) for case in cases]
        live = defaultdict(list)
        for event in await self.events.all(self.events.live_of_cases(histories.keys())):
            live[event.case_id].append(event)
        changed, departing = set(), set()
        for each in replayed:
            case_id = each.case.id
            before = {event.kind for event in live[case_id]}
            if EventKind.TRANSFER_OUT in before | {event.kind for event in each.result.events}:
                departing.add(case_id)
            events_differ = self._write_events(case_id, live[case_id], each.result)
            if write_state(each.case, each.result.state) or events_differ:
                changed.add(case_id)
        for derivation in (self.leads, self.hearings):
            changed |= await derivation.derive(replayed)
        await self.events.session.flush()
        found = {each.case.id: Refreshed(each.result, each.case.id in changed) for each in replayed}
        return replayed, found, departing

    async def histories(
        self, cases: Iterable[Case]
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

    def _write_events(self, case_id: UUID, live: Sequence[CaseStatusEvent], result: Replay) -> bool:
        appended, retracted = difference(live, result.events)
        now = self.clock.now()
        for event in retracted:
            event.retracted_at = now
        self.events.session.add_all(
            CaseStatusEvent(
                case_id=case_id,
                court_id=event.court_id,
                kind=event.kind,
                effective_on=event.effective_on,
                recorded_at=now,
                activity_id=event.activity_id,
            )
            for event in appended
        )
        return bool(appended or retracted)


def _replayed(case: Case, facts: CaseFacts, activities: Iterable[ActivityFact]) -> ReplayedCase:
    ordered = in_order(activities)
    return ReplayedCase(case, facts, ordered, replay(facts, ordered))


def write_state(case: Case, state: CaseState) -> bool:
    """Write the state on the case; whether it differed.

    Counts that no live activity states stay as the case was registered with. The lead is left to
    assignments, which may overrule the bench.
    """
    values: Mapping[str, object] = {
        field.name: getattr(state, field.name)
        for field in fields(state)
        if field.name != "lead_judge_id"
    }
    changed = {
        name: value
        for name, value in values.items()
        if getattr(case, name) != value
        and not (value is None and name in ("custody_count", "legal_representation"))
    }
    for name, value in changed.items():
        setattr(case, name, value)
    return bool(changed)


def difference(
    live: Iterable[CaseStatusEvent], wanted: Iterable[StatusEvent]
) -> tuple[list[StatusEvent], list[CaseStatusEvent]]:
    """The events to append and the live ones to retract, so that the wanted ones are live."""
    unmatched: dict[StatusEvent, list[CaseStatusEvent]] = defaultdict(list)
    for event in live:
        value = StatusEvent(event.kind, event.effective_on, event.court_id, event.activity_id)
        unmatched[value].append(event)
    appended = []
    for value in wanted:
        if unmatched[value]:
            unmatched[value].pop()
        else:
            appended.append(value)
    return appended, [event for events in unmatched.values() for event in events]
