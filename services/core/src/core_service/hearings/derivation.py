"""From a case's live activities and manual plans to its hearings.

An activity that names a next date plans a hearing. A later activity before that date which names
another date, or closes the case, vacates it. What came up on the day decides the rest. `derive` is
pure, like the ledger's replay; `Diary` writes what differs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from common.clock import Clock
from common.ids import uuid7
from core_service.access.actors import SYSTEM, creation_columns
from core_service.bulk import delete_rows, insert_rows
from core_service.hearings.models import Hearing, HearingStatus
from core_service.hearings.repository import HearingRepository, StoredHearing
from core_service.ledger.facts import ReplayedCase
from core_service.ledger.models import EventKind
from core_service.ledger.replay import ActivityFact, CaseFacts, Replay
from core_service.ledger.steps import CLOSED
from core_service.reference.models import Effect

CLOSINGS: Final = frozenset(
    {EventKind.DISPOSED, EventKind.REOPENED_DISPOSED, EventKind.TRANSFER_OUT}
)


@dataclass(frozen=True, slots=True)
class ManualPlan:
    on: date
    judge_id: UUID | None = None
    purpose_id: UUID | None = None
    is_vacated: bool = False


@dataclass(frozen=True, slots=True)
class HearingState:
    """All of a hearing that follows from facts."""

    hearing_on: date
    judge_id: UUID | None
    purpose_id: UUID | None
    setting_no: int
    status: HearingStatus
    set_by_id: UUID | None
    actual_id: UUID | None

    def columns(self, court_id: UUID) -> dict[str, Any]:
        """As columns of the hearing's row."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {"court_id": court_id, **values}


@dataclass(slots=True)
class _Plan:
    on: date
    set_by_id: UUID | None = None
    judge_id: UUID | None = None
    purpose_id: UUID | None = None
    is_vacated: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A case's history as far as hearings go; `facts` are in the ledger's order."""

    case: CaseFacts
    facts: Sequence[ActivityFact]
    closings: frozenset[UUID]
    closed_on: date | None

    @classmethod
    def of(cls, case: CaseFacts, facts: Sequence[ActivityFact], result: Replay) -> "History":
        closings = {event.activity_id for event in result.events if event.kind in CLOSINGS}
        state = result.state
        closed_on = state.status_since if state.status in CLOSED else None
        return cls(case, facts, frozenset(closings - {None}), closed_on)  # type: ignore[arg-type]  # None is taken out

    def held(self) -> Mapping[date, ActivityFact]:
        """The activity that is each day's hearing: one that went on before one that did not."""
        found: dict[date, ActivityFact] = {}
        for fact in self.facts:
            if not fact.counts_as_hearing:
                continue
            known = found.get(fact.activity_on)
            if known is None or (self.adjourns(known) and not self.adjourns(fact)):
                found[fact.activity_on] = fact
        return found

    def adjourns(self, fact: ActivityFact) -> bool:
        return fact.effect_on(self.case) == Effect.ADJOURN


def derive(history: History, manual: Iterable[ManualPlan]) -> list[HearingState]:
    plans = _Plans(history)
    for fact in history.facts:
        plans.add_activity(fact)
    for plan in manual:
        plans.add_manual(plan)
    return plans.states()


@dataclass(slots=True)
class _Plans:
    """The plans of one case while its history is read."""

    history: History
    by_day: dict[date, _Plan] = field(default_factory=dict)
    current: _Plan | None = None
    judge_id: UUID | None = None

    def add_activity(self, fact: ActivityFact) -> None:
        closes = fact.activity_id in self.history.closings
        self.judge_id = fact.lead_judge_id or self.judge_id
        planned = self.current
        moved = fact.next_on is not None and planned is not None and fact.next_on != planned.on
        if planned is not None and fact.activity_on < planned.on and (closes or moved):
            planned.is_vacated = True
        if fact.next_on is not None and fact.next_on > fact.activity_on:
            purpose_id = self._set_down_for(fact)
            self.current = _Plan(
                fact.next_on, fact.activity_id, self.judge_id, purpose_id, is_vacated=closes
            )
            self.by_day[fact.next_on] = self.current

    def _set_down_for(self, fact: ActivityFact) -> UUID | None:
        """What the next date is for: the outcome says so, or the matter comes up for the same."""
        same = fact.activity_type_id if self.history.adjourns(fact) else None
        return fact.sets_down_for_id or same

    def add_manual(self, manual: ManualPlan) -> None:
        """A manual plan says who and what for; an activity may have set the same day as well."""
        plan = self.by_day.get(manual.on) or _Plan(manual.on)
        plan.judge_id = manual.judge_id or plan.judge_id
        plan.purpose_id = manual.purpose_id or plan.purpose_id
        plan.is_vacated = manual.is_vacated
        self.by_day[manual.on] = plan

    def states(self) -> list[HearingState]:
        held = self.history.held()
        setting_no = 0
        found = []
        for day in sorted({*self.by_day, *held}):
            plan, fact = self.by_day.get(day) or _Plan(day), held.get(day)
            status = self._status(plan, fact)
            setting_no += 1
            found.append(_state(plan, fact, status, setting_no))
            if status == HearingStatus.HEARD:
                setting_no = 0
        return found

    def _status(self, plan: _Plan, fact: ActivityFact | None) -> HearingStatus:
        if fact is not None:
            adjourned = self.history.adjourns(fact)
            return HearingStatus.ADJOURNED if adjourned else HearingStatus.HEARD
        closed_on, facts = self.history.closed_on, self.history.facts
        if plan.is_vacated or (closed_on is not None and closed_on < plan.on):
            return HearingStatus.VACATED
        passed = bool(facts) and facts[-1].activity_on >= plan.on
        return HearingStatus.NOT_REACHED if passed else HearingStatus.SCHEDULED


def _state(
    plan: _Plan, fact: ActivityFact | None, status: HearingStatus, setting_no: int
) -> HearingState:
    return HearingState(
        hearing_on=plan.on,
        judge_id=(fact.lead_judge_id if fact else None) or plan.judge_id,
        purpose_id=fact.activity_type_id if fact else plan.purpose_id,
        setting_no=setting_no,
        status=status,
        set_by_id=plan.set_by_id,
        actual_id=fact.activity_id if fact else None,
    )


@dataclass(frozen=True, slots=True)
class Diary:
    """Adds, changes and removes hearings."""

    hearings: HearingRepository
    clock: Clock

    async def derive(self, replayed: Sequence[ReplayedCase]) -> "DiaryChanges":
        stored: dict[UUID, list[StoredHearing]] = {each.case.id: [] for each in replayed}
        for hearing in await self.hearings.stored(stored.keys()):
            stored[hearing.case_id].append(hearing)
        changes = DiaryChanges(self.hearings, self.clock.now())
        for each in replayed:
            changes.compare(each, stored[each.case.id])
        return changes


@dataclass(slots=True)
class DiaryChanges:
    """What has to be written, of all cases together."""

    hearings: HearingRepository
    now: datetime
    removed: list[StoredHearing] = field(default_factory=list)
    changed: list[tuple[StoredHearing, dict[str, Any]]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)

    def cases(self) -> set[UUID]:
        rows = [*self.removed, *(row for row, _ in self.changed)]
        return {row.case_id for row in rows} | {row["case_id"] for row in self.added}

    def compare(self, replayed: ReplayedCase, stored: Sequence[StoredHearing]) -> None:
        case = replayed.case
        history = History.of(replayed.facts, replayed.activities, replayed.result)
        manual = [_manual_plan(hearing) for hearing in stored if hearing.is_manual]
        wanted = {state.hearing_on: state for state in derive(history, manual)}
        for hearing in stored:
            state = wanted.pop(hearing.hearing_on, None)
            if state is None:
                self.removed.append(hearing)
                continue
            values = state.columns(case.court_id)
            if any(getattr(hearing, name) != value for name, value in values.items()):
                self.changed.append((hearing, values))
        self.added += [
            {
                "id": uuid7(),
                **creation_columns(SYSTEM, self.now),
                "version": 1,
                "case_id": case.id,
                **state.columns(case.court_id),
                "is_manual": False,
                "is_vacated": False,
            }
            for state in wanted.values()
        ]

    async def write(self) -> None:
        await self._keep_moved()
        session = self.hearings.session
        await delete_rows(session, Hearing, [row.id for row in self.removed])
        await self.hearings.change(self.changed, self.now)
        await insert_rows(session, Hearing, self.added)

    async def _keep_moved(self) -> None:
        """Of those that no activity states any more, one that a correction has moved stays as
        vacated: it is in diaries, and is cancelled there.
        """
        moved = await self.hearings.moved({row.set_by_id for row in self.removed} - {None})
        vacated = [row for row in self.removed if row.set_by_id in moved]
        self.removed = [row for row in self.removed if row.set_by_id not in moved]
        self.changed += [
            (row, row.state | {"status": HearingStatus.VACATED, "actual_id": None})
            for row in vacated
            if row.status != HearingStatus.VACATED
        ]


def _manual_plan(hearing: StoredHearing) -> ManualPlan:
    return ManualPlan(
        hearing.hearing_on,
        hearing.planned_judge_id,
        hearing.planned_purpose_id,
        hearing.is_vacated,
    )
