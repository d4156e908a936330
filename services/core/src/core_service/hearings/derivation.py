"""From a case's live activities and typed-in plans to its hearings; pure, like the ledger's replay.

An activity that names a next date plans a hearing. A later activity before that date which names
another date, or closes the case, vacates it. What came up on the day decides the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from core_service.hearings.models import HearingStatus
from core_service.ledger.models import EventKind
from core_service.ledger.replay import CLOSED, ActivityFact, CaseFacts, Replay
from core_service.reference.models import Effect

CLOSINGS: Final = frozenset(
    {EventKind.DISPOSED, EventKind.REOPENED_DISPOSED, EventKind.TRANSFER_OUT}
)


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """A hearing that somebody has typed in."""

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


@dataclass(slots=True)
class _Plan:
    on: date
    set_by_id: UUID | None = None
    judge_id: UUID | None = None
    purpose_id: UUID | None = None
    is_vacated: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A case's past as far as hearings go; `facts` are in the ledger's order."""

    case: CaseFacts
    facts: Sequence[ActivityFact]
    closings: frozenset[UUID]
    closed_on: date | None

    @classmethod
    def of(cls, case: CaseFacts, facts: Sequence[ActivityFact], result: Replay) -> "History":
        """The history that a replay was made from."""
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
        """Whether nothing came of it."""
        return fact.effect_on(self.case) == Effect.ADJOURN


def derive(history: History, typed: Iterable[TypedPlan]) -> list[HearingState]:
    """The case's hearings in the order of their days."""
    book = _Book(history)
    for fact in history.facts:
        book.take(fact)
    for plan in typed:
        book.type_in(plan)
    return book.states()


@dataclass(slots=True)
class _Book:
    """The plans of one case while its history is gone through."""

    history: History
    plans: dict[date, _Plan] = field(default_factory=dict)
    current: _Plan | None = None
    judge_id: UUID | None = None

    def take(self, fact: ActivityFact) -> None:
        closes = fact.activity_id in self.history.closings
        self.judge_id = fact.lead_judge_id or self.judge_id
        planned = self.current
        moved = fact.next_on is not None and planned is not None and fact.next_on != planned.on
        if planned is not None and fact.activity_on < planned.on and (closes or moved):
            planned.is_vacated = True
        if fact.next_on is not None and fact.next_on > fact.activity_on:
            self.current = _Plan(fact.next_on, fact.activity_id, self.judge_id, is_vacated=closes)
            self.plans[fact.next_on] = self.current

    def type_in(self, typed: TypedPlan) -> None:
        """A typed-in plan says who and what for; an activity may have set the same day as well."""
        plan = self.plans.get(typed.on) or _Plan(typed.on)
        plan.judge_id = typed.judge_id or plan.judge_id
        plan.purpose_id = typed.purpose_id
        plan.is_vacated = typed.is_vacated
        self.plans[typed.on] = plan

    def states(self) -> list[HearingState]:
        held = self.history.held()
        setting_no = 0
        found = []
        for day in sorted({*self.plans, *held}):
            plan, fact = self.plans.get(day) or _Plan(day), held.get(day)
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
