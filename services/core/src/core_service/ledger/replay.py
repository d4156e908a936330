"""The rules of the ledger, pure: from a case's live activities to its status and its events.

What an outcome does is data (`Effect`); which effect changes which status is `STEPS`.
A case is disposed once, by the first activity that disposes of it; later ones are flagged unless a
reopening lies between. An inactive case is not on the active docket, so whatever takes it off the
docket must first bring it back: that keeps the caseload identity exact.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from core_service.cases.models import CaseStatus
from core_service.ledger.models import EventKind
from core_service.ledger.steps import (
    CLOSED,
    DISPOSED,
    PENDING,
    STEPS,
    TRANSFERRED,
    Flag,
    Step,
    step_to,
)
from core_service.reference.models import Effect
from core_service.reference.seed import seed_id
from core_service.reference.spelling import normal_spelling

_ValueT = TypeVar("_ValueT")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the ledger needs to know of a case itself.

    A `received` case was filed at another court and is not here until its file arrives: by the act
    of a transfer or, `by_return`, with the first thing that happens to it here.
    """

    court_id: UUID
    category_id: UUID
    filed_on: date
    received: bool = False
    by_return: bool = False


@dataclass(frozen=True, slots=True)
class ActivityFact:
    """What the ledger needs to know of one live activity. A placeholder judge is no judge.

    `sets_status` is the status that an act of the registry gives the case, whatever it had.
    """

    activity_id: UUID
    activity_on: date
    seq: int
    effect: Effect
    limited_to: frozenset[UUID] = frozenset()
    next_on: date | None = None
    lead_judge_id: UUID | None = None
    custody_count: int | None = None
    legal_representation: bool | None = None
    member_ids: tuple[UUID, ...] = ()
    sets_status: CaseStatus | None = None
    activity_type_id: UUID | None = None
    counts_as_hearing: bool = False
    sets_down_for_id: UUID | None = None

    @property
    def reports_arrival(self) -> bool:
        """Whether a court reports by it that the file has come from another one."""
        return self.activity_type_id == FILE_RECEIVED and self.sets_status is None

    def effect_on(self, case: CaseFacts) -> Effect:
        """The effect, or none where it is limited to other categories than the case's."""
        limited = self.limited_to and case.category_id not in self.limited_to
        return Effect.NONE if limited else self.effect


@dataclass(frozen=True, slots=True)
class StatusEvent:
    kind: EventKind
    effective_on: date
    court_id: UUID
    activity_id: UUID | None


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything on a case that its activities decide."""

    status: CaseStatus
    status_since: date
    disposed_on: date | None = None
    next_hearing_on: date | None = None
    last_activity_on: date | None = None
    activity_count: int = 0
    adjournment_count: int = 0
    lead_judge_id: UUID | None = None
    custody_count: int | None = None
    legal_representation: bool | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    state: CaseState
    events: tuple[StatusEvent, ...]
    flags: Mapping[UUID, frozenset[Flag]]


# Labels may be changed; the IDs are the same in every installation.
FILE_RECEIVED: Final = seed_id("activity_type", normal_spelling("File Received From Another Court"))


def replay(case: CaseFacts, activities: Iterable[ActivityFact]) -> Replay:
    """Replay a case from its filing. The same activities in any order give the same result."""
    return RunningReplay(case, in_order(activities)).result()


def in_order(activities: Iterable[ActivityFact]) -> list[ActivityFact]:
    """The activities as they happened, whenever they were recorded."""
    return sorted(activities, key=_order)


def _order(fact: ActivityFact) -> tuple[date, bool, int, UUID]:
    # A registration opens its day, whenever it was recorded.
    return (fact.activity_on, fact.effect != Effect.REGISTER, fact.seq, fact.activity_id)


def _reported_as_arrived(ordered: Sequence[ActivityFact]) -> bool:
    """Whether the first day of a case here is that of its arrival."""
    return any(
        fact.reports_arrival for fact in ordered if fact.activity_on == ordered[0].activity_on
    )


def _registers(case: CaseFacts, fact: ActivityFact) -> bool:
    return fact.effect_on(case) == Effect.REGISTER


@dataclass(slots=True)
class _LedgerState:
    case: CaseFacts
    status: CaseStatus
    received: bool = False
    arrives: bool = False
    was_disposed: bool = False
    events: list[StatusEvent] = field(default_factory=list)
    flags: dict[UUID, set[Flag]] = field(default_factory=dict)

    def file(self, registration: ActivityFact | None) -> None:
        """Every case is filed on its filing date, registered by an activity or not; but at one
        court only.
        """
        if not self.received:
            self._emit(EventKind.FILED, self.case.filed_on, registration)

    def apply(self, fact: ActivityFact) -> None:
        # Nothing takes effect before the case is filed.
        effective_on = max(fact.activity_on, self.case.filed_on)
        if self.arrives or (fact.reports_arrival and self.status is TRANSFERRED):
            self._emit(EventKind.TRANSFER_IN, effective_on, fact)
            self.status, self.arrives = PENDING, False
        step = self._step(fact)
        if fact.activity_on < self.case.filed_on:
            self._flag(fact, Flag.BEFORE_FILING)
        if step is None:
            if self.status in CLOSED and fact.sets_status is None:
                self._flag(fact, Flag.AFTER_CLOSURE)
            return
        if step.flag is not None:
            self._flag(fact, step.flag)
        for kind in step.kinds:
            self._emit(kind, effective_on, fact)
        self.status = step.status

    def _step(self, fact: ActivityFact) -> Step | None:
        if fact.sets_status is not None:
            return step_to(self.status, fact.sets_status)
        return STEPS.get((self.status, fact.effect_on(self.case)))

    def _emit(self, kind: EventKind, on: date, fact: ActivityFact | None) -> None:
        if kind == EventKind.DISPOSED:
            kind = EventKind.REOPENED_DISPOSED if self.was_disposed else kind
            self.was_disposed = True
        activity_id = fact.activity_id if fact else None
        self.events.append(StatusEvent(kind, on, self.case.court_id, activity_id))

    def _flag(self, fact: ActivityFact, flag: Flag) -> None:
        self.flags.setdefault(fact.activity_id, set()).add(flag)


@dataclass(slots=True)
class RunningReplay:
    """A replay that goes on with each new activity; `activities` are in the ledger's order."""

    case: CaseFacts
    activities: list[ActivityFact] = field(default_factory=list)
    ledger: _LedgerState = field(init=False)

    def __post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        case = self.case
        arrives = case.by_return or _reported_as_arrived(self.activities)
        received = case.received or arrives
        self.ledger = _LedgerState(case, TRANSFERRED if received else PENDING, received, arrives)
        self.ledger.file(next((fact for fact in self.activities if _registers(case, fact)), None))
        for fact in self.activities:
            self.ledger.apply(fact)

    def add(self, fact: ActivityFact) -> frozenset[Flag]:
        """Add an activity; the flags that the ledger puts on it."""
        follows = not self.activities or _order(self.activities[-1]) < _order(fact)
        if follows:
            self.activities.append(fact)
        else:
            insort(self.activities, fact, key=_order)
        if follows and not _registers(self.case, fact) and not fact.reports_arrival:
            self.ledger.apply(fact)
        else:
            self._begin()
        return frozenset(self.ledger.flags.get(fact.activity_id, ()))

    def replace(self, activity_id: UUID, fact: ActivityFact) -> frozenset[Flag]:
        """Add an activity in the place of another."""
        self.activities = [each for each in self.activities if each.activity_id != activity_id]
        self._begin()
        return self.add(fact)

    def result(self) -> Replay:
        """What follows from the activities so far."""
        flags = {activity: frozenset(found) for activity, found in self.ledger.flags.items()}
        state = _state(self.case, self.activities, self.ledger)
        return Replay(state, tuple(self.ledger.events), flags)


def _state(case: CaseFacts, ordered: Sequence[ActivityFact], ledger: _LedgerState) -> CaseState:
    since = ledger.events[-1].effective_on if ledger.events else case.filed_on
    status = ledger.status
    backwards = list(reversed(ordered))
    return CaseState(
        status=status,
        status_since=since,
        disposed_on=since if status == DISPOSED else None,
        next_hearing_on=None if status in CLOSED else _next_hearing(ordered),
        last_activity_on=ordered[-1].activity_on if ordered else None,
        activity_count=len(ordered),
        adjournment_count=sum(fact.effect_on(case) == Effect.ADJOURN for fact in ordered),
        lead_judge_id=_first(fact.lead_judge_id for fact in backwards),
        custody_count=_first(fact.custody_count for fact in backwards),
        legal_representation=_first(fact.legal_representation for fact in backwards),
    )


def _next_hearing(ordered: Sequence[ActivityFact]) -> date | None:
    """The date set last, as long as nothing has happened on it or after it."""
    for fact in reversed(ordered):
        if fact.next_on is not None:
            return fact.next_on if fact.next_on > ordered[-1].activity_on else None
    return None


def _first(values: Iterable[_ValueT | None]) -> _ValueT | None:
    return next((value for value in values if value is not None), None)
