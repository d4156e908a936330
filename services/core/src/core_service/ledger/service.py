"""Keeps the ledger, each case's standing and its hearings equal to what its activities say."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from common.clock import Clock
from core_service.assignments.book import AssignmentBook
from core_service.assignments.spans import Sitting
from core_service.cases.models import Case
from core_service.hearings.derivation import History
from core_service.hearings.diary import Diary
from core_service.ledger.difference import difference
from core_service.ledger.models import CaseStatusEvent
from core_service.ledger.replay import ActivityFact, CaseState, Replay, in_order, replay
from core_service.ledger.repository import LedgerRepository


@dataclass(frozen=True, slots=True)
class Ledger:
    """Replays cases. The caller holds the case's row lock, so replays of one case never overlap."""

    events: LedgerRepository
    diary: Diary
    assignments: AssignmentBook
    clock: Clock

    async def refresh(self, case: Case) -> tuple[Replay, bool]:
        """Replay a locked case and write what differs; says whether anything did."""
        facts = await self.events.facts(case)
        happened = in_order(await self.events.activity_facts(case.id))
        result = replay(facts, happened)
        events_changed = await self._write_events(case, result)
        lead_id, bench_changed = await self.assignments.keep(case.id, _sittings(happened))
        result = replace(result, state=replace(result.state, lead_judge_id=lead_id))
        state_changed = write_state(case, result.state)
        diary_changed = await self.diary.keep(case, History.of(facts, happened, result))
        await self.events.session.flush()
        return result, events_changed or state_changed or diary_changed or bench_changed

    async def of_case(self, case_id: UUID) -> Sequence[CaseStatusEvent]:
        """Every event of a case, retracted ones too, in the order they took effect."""
        return await self.events.all(self.events.of_case(case_id))

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

    async def _write_events(self, case: Case, result: Replay) -> bool:
        live = await self.events.all(self.events.live_of_case(case.id))
        found = difference(live, result.events)
        now = self.clock.now()
        for event in found.retracted:
            event.retracted_at = now
        self.events.session.add_all(
            CaseStatusEvent(
                case_id=case.id,
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
