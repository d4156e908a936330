"""Cases in memory: many activities are compared and recorded, then written at once.

An activity by itself takes some twenty statements; hundreds in a batch take that many together.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor, mark_updated
from core_service.activities.records import (
    ActivityContent,
    ActivityRecord,
    Match,
    Recorded,
    activity_row,
    bench_rows,
    compare,
)
from core_service.activities.repository import ActivityRepository, KnownDays
from core_service.cases.errors import CaseNotFound
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling
from core_service.cases.service import CaseService, number_of, require_not_deleted
from core_service.ledger.facts import OutcomeEffects
from core_service.ledger.models import ActivityJudge, CaseActivity
from core_service.ledger.replay import ActivityFact, CaseFacts, Flag, replay
from core_service.ledger.service import Ledger


@dataclass(slots=True)
class LedgerHistory:
    facts: CaseFacts
    activities: list[ActivityFact] = field(default_factory=list)

    def add(self, fact: ActivityFact) -> frozenset[Flag]:
        """Add a new activity; the flags that the ledger puts on it."""
        self.activities.append(fact)
        return replay(self.facts, self.activities).flags.get(fact.activity_id, frozenset())


@dataclass(slots=True)
class LoadedCase:
    """One case, and what is known of the days in question."""

    case: Case
    known: KnownDays = field(default_factory=KnownDays)


@dataclass(slots=True)
class PendingWrites:
    """What has been recorded since the last write."""

    cases: list[Case] = field(default_factory=list)
    activities: list[CaseActivity] = field(default_factory=list)
    bench: list[ActivityJudge] = field(default_factory=list)
    changed: dict[UUID, Case] = field(default_factory=dict)


@dataclass(slots=True)
class CaseBatch:
    """Cases by number, and what is recorded of them until `write`.

    What was read stays true while the cases' locks are held. `write` raises IntegrityError when
    another transaction has registered one of the new cases meanwhile.
    """

    activities: ActivityRepository
    cases: CaseService
    ledger: Ledger
    clock: Clock
    days: Collection[date]
    effects: OutcomeEffects
    loaded: dict[CaseNumber, LoadedCase] = field(default_factory=dict)
    histories: dict[UUID, LedgerHistory] = field(default_factory=dict)
    pending: PendingWrites = field(default_factory=PendingWrites)

    async def load(self, numbers: Collection[CaseNumber], *, lock: bool) -> None:
        """Read the cases with these numbers as they are now.

        With `lock` they are held until the transaction ends; without, it is for comparing.
        """
        cases = await self.cases.numbered(numbers, lock=lock)
        known = await self.activities.known_on_days([case.id for case in cases.values()], self.days)
        for number, case in cases.items():
            self.loaded[number] = LoadedCase(case, known[case.id])
            self.histories.pop(case.id, None)

    def find(self, number: CaseNumber) -> Case | None:
        """The case with this number; None when it is new. Raises CaseDeleted."""
        entry = self.loaded.get(number)
        return None if entry is None else require_not_deleted(entry.case)

    def match(self, number: CaseNumber, content: ActivityContent) -> Match:
        """Whether the case has this activity already, or another one that this corrects."""
        entry = self.loaded.get(number)
        return compare(content, entry.known.on(content.activity_on) if entry is not None else ())

    async def record(self, number: CaseNumber, record: ActivityRecord, by: Actor) -> Recorded:
        """Record a new activity, of a case that may be new as well. Raises CaseDeleted."""
        content, now = record.content, self.clock.now()
        created = self.find(number) is None
        entry = self._register(number, record, by) if created else self.loaded[number]
        case, history = entry.case, await self._history(entry.case)
        if not created:
            mark_updated(case, by, now)
        activity = activity_row(record, case.id, entry.known.next_seq(content.activity_on), by, now)
        activity.case_version = case.version
        self.pending.activities.append(activity)
        self.pending.bench += bench_rows(activity.id, content)
        self.pending.changed[case.id] = case
        entry.known.add(activity, content.judge_ids[0] if content.judge_ids else None)
        flags = history.add(self.effects.fact(activity, content.judge_ids))
        return Recorded(activity.id, case.id, created, flags)

    async def write(self) -> None:
        """Write what has been recorded, and all that follows from it."""
        pending, self.pending = self.pending, PendingWrites()
        # In one order, so that two batches with the same new cases do not deadlock. A batch that is
        # written in parts, as before each correction, keeps the order within a part only: the
        # deadlock that remains possible ends one transaction, and its job is tried again.
        cases = sorted(pending.cases, key=number_of)
        session = self.activities.session
        for rows in (cases, pending.activities, pending.bench):
            session.add_all(rows)
            await session.flush()
        if pending.changed:
            await self.ledger.refresh_all(pending.changed.values())

    def case_ids(self) -> dict[CaseNumber, UUID]:
        return {number: entry.case.id for number, entry in self.loaded.items()}

    def activity_ids(self) -> list[UUID]:
        """The live activities that it knows of the days in question."""
        return [known.activity_id for entry in self.loaded.values() for known in entry.known.live]

    async def _history(self, case: Case) -> LedgerHistory:
        """A case's history, read with those of all others when it is first needed: comparing needs
        none, and many rows bring nothing new.
        """
        if case.id not in self.histories:
            unread = [
                entry.case for entry in self.loaded.values() if entry.case.id not in self.histories
            ]
            histories = await self.ledger.histories(unread)
            self.histories |= {
                case_id: LedgerHistory(*history) for case_id, history in histories.items()
            }
        return self.histories[case.id]

    def _register(self, number: CaseNumber, record: ActivityRecord, by: Actor) -> LoadedCase:
        filing = record.case
        if not isinstance(filing, CaseFiling):
            raise CaseNotFound
        case = self.cases.unregistered(filing, record.source, by)
        category_id = self.effects.categories[filing.case_type_id]
        self.histories[case.id] = LedgerHistory(
            CaseFacts(case.court_id, category_id, case.filed_on)
        )
        self.loaded[number] = entry = LoadedCase(case)
        self.pending.cases.append(case)
        return entry
