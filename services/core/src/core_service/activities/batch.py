"""Cases in memory: many activities are compared and recorded, then written at once.

An activity by itself takes some twenty statements; thousands in a batch take that many together,
and each case is replayed once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor
from core_service.activities.errors import ActivityIsAnAct, ActivityNotFound
from core_service.activities.records import (
    ActivityContent,
    ActivityRecord,
    Known,
    Match,
    Recorded,
    activity_columns,
    bench_columns,
    compare,
)
from core_service.activities.repository import ActivityRepository, KnownDays
from core_service.bulk import insert_rows, update_rows
from core_service.cases.errors import CaseNotFound
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling, CaseRow, require_not_deleted
from core_service.cases.service import CaseService
from core_service.ledger.facts import OutcomeEffects, ReplayedCase
from core_service.ledger.models import ActivityJudge, CaseActivity, VoidReason
from core_service.ledger.replay import CaseFacts, RunningReplay, in_order
from core_service.ledger.service import STATE, Ledger
from core_service.ledger.steps import Flag

# What recording changes of a case that is registered.
CHANGED: Final = ("version", "updated_at", "updated_by", "lead_judge_id", *STATE)
Row = dict[str, Any]


@dataclass(slots=True)
class LoadedCase:
    """One case, and what is known of the days in question."""

    case: CaseRow
    known: KnownDays = field(default_factory=KnownDays)


@dataclass(slots=True)
class PendingWrites:
    """What has been recorded since the last write."""

    cases: dict[UUID, CaseRow] = field(default_factory=dict)
    activities: dict[UUID, Row] = field(default_factory=dict)
    bench: list[Row] = field(default_factory=list)
    superseded: list[Row] = field(default_factory=list)
    changed: dict[UUID, CaseRow] = field(default_factory=dict)


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
    histories: dict[UUID, RunningReplay] = field(default_factory=dict)
    expected: set[CaseNumber] = field(default_factory=set)
    """The cases about which something is likely to be recorded: their histories are read at once.
    """
    pending: PendingWrites = field(default_factory=PendingWrites)

    async def load(self, numbers: Collection[CaseNumber], *, lock: bool) -> None:
        """Read the cases with these numbers as they are now.

        With `lock` they are held until the transaction ends; without, it is for comparing.
        """
        cases = await self.cases.rows_numbered(numbers, lock=lock)
        known = await self.activities.known_on_days([case.id for case in cases.values()], self.days)
        for number, case in cases.items():
            self.loaded[number] = LoadedCase(case, known[case.id])
            self.histories.pop(case.id, None)

    async def load_again(self, number: CaseNumber) -> None:
        """Read a case again that was changed by itself, with those that its file may have been
        received as: they have followed it.
        """
        named = (
            each for each, entry in self.loaded.items() if entry.case.original_norm is not None
        )
        await self.load({number, *named}, lock=True)

    def find(self, number: CaseNumber) -> CaseRow | None:
        """The case with this number; None when it is new. Raises CaseDeleted."""
        entry = self.loaded.get(number)
        if entry is None:
            return None
        return require_not_deleted(entry.case, self.cases.calendar)

    def match(self, number: CaseNumber, content: ActivityContent) -> Match:
        """Whether the case has this activity already, or another one that this corrects."""
        entry = self.loaded.get(number)
        return compare(content, entry.known.on(content.activity_on) if entry is not None else ())

    async def record(self, number: CaseNumber, record: ActivityRecord, by: Actor) -> Recorded:
        """Record a new activity, of a case that may be new as well, or correct another one.

        Raises CaseDeleted, ActivityNotFound, ActivityIsAnAct.
        """
        created = self.find(number) is None
        entry = self._register(number, record, by) if created else self.loaded[number]
        history = await self._history(entry.case)
        if record.supersedes is None:
            seq = entry.known.next_seq(record.content.activity_on)
            activity = self._add(entry.case, record, seq, by, created=created)
            entry.known.add(Known.of(activity, record.content))
            flags = history.add(self.effects.fact(activity, record.content.judge_ids))
        else:
            activity, flags = self._correct(entry, record, record.supersedes, history, by)
        return Recorded(activity["id"], entry.case.id, created, flags)

    def _add(
        self, case: CaseRow, record: ActivityRecord, seq: int, by: Actor, *, created: bool
    ) -> Row:
        now = self.clock.now()
        if not created:
            case.version, case.updated_at, case.updated_by = case.version + 1, now, by.user_id
        activity = activity_columns(record, case.id, seq, by, now)
        activity["case_version"] = case.version
        self.pending.activities[activity["id"]] = activity
        self.pending.bench += bench_columns(activity["id"], record.content)
        self.pending.changed[case.id] = case
        return activity

    def _correct(
        self,
        entry: LoadedCase,
        record: ActivityRecord,
        old_id: UUID,
        history: RunningReplay,
        by: Actor,
    ) -> tuple[Row, frozenset[Flag]]:
        old = next((each for each in entry.known.live if each.activity_id == old_id), None)
        if old is None:
            raise ActivityNotFound
        if old.is_act:
            raise ActivityIsAnAct
        activity = self._add(entry.case, record, old.seq, by, created=False)
        now = activity["created_at"]
        voided = {
            "id": old_id,
            "voided_at": now,
            "void_reason": VoidReason.CORRECTED,
            "updated_at": now,
            "updated_by": by.user_id,
            "version": old.version + 1,
        }
        if old_id in self.pending.activities:
            self.pending.activities[old_id] |= voided
        else:
            self.pending.superseded.append(voided)
        entry.known.correct(old_id, Known.of(activity, record.content))
        fact = self.effects.fact(activity, record.content.judge_ids)
        return activity, history.replace(old_id, fact)

    def change_facts(self, number: CaseNumber, changes: Mapping[str, Any]) -> None:
        """Change facts of a case that has been recorded about, in memory alone."""
        case = self.loaded[number].case
        for name, value in changes.items():
            setattr(case, name, value)
        history, category_id = self.histories[case.id], self.effects.categories[case.case_type_id]
        facts = replace(history.case, category_id=category_id, filed_on=case.filed_on)
        self.histories[case.id] = RunningReplay(facts, history.activities)

    async def write(self) -> None:
        """Write what has been recorded, and all that follows from it."""
        pending, self.pending = self.pending, PendingWrites()
        replayed = [
            ReplayedCase(case, history.case, history.activities, history.result())
            for case in pending.changed.values()
            for history in [self.histories[case.id]]
        ]

        async def write_facts() -> None:
            await self._write(pending)

        if replayed:
            written = await self.ledger.write(replayed, write_facts)
            # Files that were received by what these cases report: they are other cases now.
            stale = [
                number for number, each in self.loaded.items() if each.case.id in written.arrived
            ]
            await self.load(stale, lock=True)

    async def _write(self, pending: PendingWrites) -> None:
        # A batch that is written in parts, as before each correction, keeps the order of new cases
        # within a part only: the deadlock that remains possible ends one transaction, and its job
        # is tried again.
        registered = [case for case in pending.changed.values() if case.id not in pending.cases]
        await self.cases.write_rows(pending.cases.values(), registered, CHANGED)
        session = self.activities.session
        await update_rows(session, CaseActivity, ["id"], pending.superseded)
        await insert_rows(session, CaseActivity, list(pending.activities.values()))
        await insert_rows(session, ActivityJudge, pending.bench)

    def restates_corrected(self, number: CaseNumber, content: ActivityContent) -> list[UUID]:
        """The corrected activities that state just this, and who sat; none if it names judges."""
        entry = self.loaded.get(number)
        if entry is None or content.judge_ids:
            return []
        corrected = entry.known.corrected
        return [each.activity_id for each in corrected if each.differs_by_judges_alone(content)]

    def case_ids(self) -> dict[CaseNumber, UUID]:
        return {number: entry.case.id for number, entry in self.loaded.items()}

    def activity_ids(self) -> list[UUID]:
        """The activities of the days in question that are live or were corrected."""
        days = [entry.known for entry in self.loaded.values()]
        return [each.activity_id for known in days for each in (*known.live, *known.corrected)]

    async def _history(self, case: CaseRow) -> RunningReplay:
        """A case's history, read with the others that are expected when it is first needed:
        comparing needs none, and many rows bring nothing new.
        """
        if case.id not in self.histories:
            expected = (self.loaded[number].case for number in self.expected & self.loaded.keys())
            unread = [each for each in (case, *expected) if each.id not in self.histories]
            histories = await self.ledger.histories(unread)
            self.histories |= {
                case_id: RunningReplay(facts, in_order(activities))
                for case_id, (facts, activities) in histories.items()
            }
        return self.histories[case.id]

    def _register(self, number: CaseNumber, record: ActivityRecord, by: Actor) -> LoadedCase:
        filing = record.case
        if not isinstance(filing, CaseFiling):
            raise CaseNotFound
        case = self.cases.unregistered(filing, record.source, by)
        category_id = self.effects.categories[filing.case_type_id]
        facts = CaseFacts(case.court_id, category_id, case.filed_on)
        self.histories[case.id] = RunningReplay(facts)
        self.loaded[number] = entry = LoadedCase(case)
        self.pending.cases[case.id] = case
        return entry
