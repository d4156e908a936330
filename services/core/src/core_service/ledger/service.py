"""Keeps the ledger, each case's standing and its hearings equal to what its activities say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import col

from common.clock import Clock
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.assignments.book import AssignmentBook
from core_service.assignments.spans import Sitting
from core_service.cases.models import Case
from core_service.hearings.derivation import History
from core_service.hearings.diary import Diary
from core_service.ledger.difference import difference
from core_service.ledger.meanings import Meanings
from core_service.ledger.models import CaseStatusEvent
from core_service.ledger.replay import ActivityFact, CaseFacts, CaseState, Replay, in_order, replay
from core_service.ledger.repository import AS_THEY_TOOK_EFFECT, LedgerRepository


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A replayed case, and whether anything that follows from it was written anew."""

    result: Replay
    changed: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """Replays cases. The caller holds the case's row lock, so replays of one case never overlap."""

    events: LedgerRepository
    diary: Diary
    assignments: AssignmentBook
    clock: Clock

    async def begin(self, case: Case) -> None:
        """Write what a case begins with that has just been registered, with nothing to read."""
        facts = await self.events.facts([case])
        result = replay(facts[case.id], ())
        self._write(case.id, (), result)
        write_state(case, result.state)
        await self.events.session.flush()

    async def refresh(self, case: Case) -> Refreshed:
        """Replay a locked case and write what differs."""
        return (await self.refresh_all([case]))[case.id]

    async def refresh_all(self, cases: Collection[Case]) -> dict[UUID, Refreshed]:
        """Replay locked cases together: as many statements as one case takes."""
        histories = await self.histories(cases)
        facts = {case_id: known for case_id, (known, _) in histories.items()}
        happened = {case_id: in_order(found) for case_id, (_, found) in histories.items()}
        results = {case_id: replay(facts[case_id], happened[case_id]) for case_id in histories}
        sittings = {case_id: _sittings(found) for case_id, found in happened.items()}
        benches = await self.assignments.keep(sittings)
        changed = await self._write_events(results) | benches.changed
        for case in cases:
            lead_id = benches.leads[case.id]
            result = results[case.id]
            result = replace(result, state=replace(result.state, lead_judge_id=lead_id))
            results[case.id] = result
            if write_state(case, result.state):
                changed.add(case.id)
        changed |= await self.diary.keep(
            {
                case.id: History.of(facts[case.id], happened[case.id], results[case.id])
                for case in cases
            }
        )
        await self.events.session.flush()
        return {
            case_id: Refreshed(result, case_id in changed) for case_id, result in results.items()
        }

    async def histories(
        self, cases: Iterable[Case]
    ) -> dict[UUID, tuple[CaseFacts, list[ActivityFact]]]:
        """What the ledger replays of each case."""
        facts = await self.events.facts(cases)
        recorded = await self.events.activity_facts(facts.keys())
        return {case_id: (facts[case_id], found) for case_id, found in recorded.items()}

    async def meanings(self) -> Meanings:
        """What the words of an activity mean to the ledger."""
        return await self.events.meanings()

    async def of_case(self, case_id: UUID) -> Sequence[CaseStatusEvent]:
        """Every event of a case, retracted ones too, in the order they took effect."""
        return await self.events.all(self.events.of_case(case_id))

    async def caused_by(
        self, case_id: UUID, activity_ids: Sequence[UUID]
    ) -> Sequence[CaseStatusEvent]:
        """The events that stand and follow from these activities."""
        caused = col(CaseStatusEvent.activity_id).in_(activity_ids)
        return await self.events.all(self.events.live_of_case(case_id).where(caused))

    async def caused_by_none(self, case_id: UUID) -> Sequence[CaseStatusEvent]:
        """The events that stand and follow from no activity: the filing."""
        uncaused = col(CaseStatusEvent.activity_id).is_(None)
        return await self.events.all(self.events.live_of_case(case_id).where(uncaused))

    async def page(self, case_id: UUID, page: PageRequest, pager: Pager) -> Slice[CaseStatusEvent]:
        """A page of every event, retracted ones too. Raises CursorInvalid."""
        statement = self.events.of_case(case_id)
        purpose = f"status-events\x00{case_id}"
        return await pager.cut(self.events, statement, AS_THEY_TOOK_EFFECT, page, purpose=purpose)

    async def standing(self, case_id: UUID) -> Sequence[CaseStatusEvent]:
        """The events of a case that stand."""
        return await self.events.all(self.events.live_of_case(case_id))

    async def record_anew(self, case: Case, since: datetime) -> None:
        """Say that the case's events were not known from `since` until now.

        A deleted case is left out of figures; once it is restored, what was known while it was
        deleted must stay as it was.
        """
        for event in await self.of_case(case.id):
            # Also what was retracted meanwhile, by the void of a transfer's other end.
            if event.retracted_at is None or event.retracted_at > since:
                event.retracted_at = max(since, event.recorded_at)
        await self.events.session.flush()
        await self.refresh(case)

    async def _write_events(self, results: Mapping[UUID, Replay]) -> set[UUID]:
        """Write what differs; says of which cases anything did."""
        standing = await self.events.all(self.events.live_of_cases(results.keys()))
        by_case: dict[UUID, list[CaseStatusEvent]] = {case_id: [] for case_id in results}
        for event in standing:
            by_case[event.case_id].append(event)
        return {
            case_id
            for case_id, result in results.items()
            if self._write(case_id, by_case[case_id], result)
        }

    def _write(self, case_id: UUID, live: Sequence[CaseStatusEvent], result: Replay) -> bool:
        found, now = difference(live, result.events), self.clock.now()
        for gone in found.retracted:
            gone.retracted_at = now
        self.events.session.add_all(
            CaseStatusEvent(
                case_id=case_id,
                court_id=event.court_id,
                kind=event.kind,
                effective_on=event.effective_on,
                recorded_at=now,
                activity_id=event.activity_id,
            )
            for event in found.appended
        )
        return bool(found.appended or found.retracted)


def _sittings(facts: Sequence[ActivityFact]) -> list[Sitting]:
    return [Sitting(fact.activity_on, fact.lead_judge_id, fact.member_ids) for fact in facts]


def write_state(case: Case, state: CaseState) -> bool:
    """Write the standing on the case; says whether it differed.

    Counts that no live activity states stay as the case was registered with.
    """
    changed = False
    for field in fields(state):
        value = getattr(state, field.name)
        unstated = value is None and field.name in ("custody_count", "legal_representation")
        if not unstated and getattr(case, field.name) != value:
            setattr(case, field.name, value)
            changed = True
    return changed
