"""Random histories of two courts that pass files between them: corrected, voided, deleted, reopened
and set by order, recorded late and in any order. The figures must balance after every step.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

import pytest
from sqlmodel import col, select

from common.clock import FrozenClock
from common.composition import Units
from common.errors import DomainError
from common.identity import ANONYMOUS
from core_service.access.actors import SYSTEM
from core_service.access.courts import EVERYWHERE
from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.activities.service import ActivityService
from core_service.activities.voiding import Voiding
from core_service.assignments.models import AssignmentRole
from core_service.assignments.service import AssignmentService, NewAssignment
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.models import Case
from core_service.cases.visibility import ALL, Decider
from core_service.ledger.models import CaseActivity, CaseStatusEvent, EventKind
from core_service.proposals.handlers.cases import DELETED
from core_service.proposals.models import Proposal, RequestKind
from core_service.proposals.service import ProposalService
from core_service.rebuild import rebuild
from core_service.sources import SYSTEM_ITSELF
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    TESTVILLE,
    case_type,
    content,
    filing,
)

DECIDER: Final = Decider(ANONYMOUS, ALL, EVERYWHERE, SYSTEM)
OUTCOMES: Final = (
    "Judgment Delivered",
    "Struck Out",
    "Application Allowed",
    "File Transferred",
    "Stood Over Generally",
    "Re-activation",
    "Adjournment",
    None,
)
COMING: Final = frozenset(
    {EventKind.FILED, EventKind.REOPENED, EventKind.REACTIVATED, EventKind.TRANSFER_IN}
)
FILED_ON: Final = date(2025, 1, 15)
MONTHS: Final = [date(2025, month, 1) for month in range(1, 13)]
STEPS: Final = 45

# Case, its court and category, kind, day: what figures are counted from.
Row = tuple[UUID, UUID, UUID, str, date]


@dataclass
class Ledgers:
    """Everything that figures are counted from."""

    cases: Mapping[UUID, Case]
    events: list[CaseStatusEvent]

    def known(self, moment: datetime) -> Counter[Row]:
        """What was known at a moment: events of cases that were not deleted then."""
        return Counter(
            self._row(event)
            for event in self.events
            if event.recorded_at <= moment
            and (event.retracted_at is None or event.retracted_at > moment)
            and self._was_there(event.case_id, moment)
        )

    def _was_there(self, case_id: UUID, moment: datetime) -> bool:
        deleted_at = self.cases[case_id].deleted_at
        return deleted_at is None or deleted_at > moment

    def _row(self, event: CaseStatusEvent) -> Row:
        kind = self.cases[event.case_id].case_type_id
        return (event.case_id, event.court_id, kind, event.kind.value, event.effective_on)


def active(rows: Iterable[Row], until: date) -> Counter[tuple[UUID, UUID]]:
    """The active pending cases of each court and category on the eve of a day."""
    found: Counter[tuple[UUID, UUID]] = Counter()
    for _, court_id, kind, event, on in rows:
        if on < until:
            found[court_id, kind] += 1 if EventKind(event) in COMING else -1
    return found


async def ledgers(core: Units) -> Ledgers:
    async with core.database.snapshot() as session:
        cases = (await session.exec(select(Case))).all()
        events = (await session.exec(select(CaseStatusEvent))).all()
    return Ledgers({case.id: case for case in cases}, list(events))


@dataclass
class Exchange:
    """Does one random thing at a time, each in its own transaction and moment."""

    core: Units
    clock: FrozenClock
    chance: Random
    done: Counter[str] = field(default_factory=Counter)

    async def step(self) -> str:
        self.clock.advance(hours=7)
        operations: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.record, 6),
            (self.correct, 2),
            (self.void, 2),
            (self.transfer, 4),
            (self.set_status, 1),
            (self.delete_or_restore, 1),
            (self.assign, 1),
        ]
        operation = self.chance.choices(
            [each for each, _ in operations], [often for _, often in operations]
        )[0]
        # What the rules refuse must leave no trace either; the checks after each step see to it.
        with suppress(DomainError):
            await operation()
            self.done[operation.__name__] += 1
            return operation.__name__
        return "refused"

    async def record(self) -> None:
        number = self.chance.randrange(4)
        kind = case_type(("CIVSUIT", "CIVAPP")[number % 2])
        court = (TESTVILLE, DEMOVILLE)[number // 2]
        filed = filing(court_id=court, number=f"P{number}", filed_on=FILED_ON, case_type_id=kind)
        case = self.chance.choice([filed, await self.case_id() or filed])
        await self.enter(ActivityRecord(case, self.random_content(), SYSTEM_ITSELF))

    async def correct(self) -> None:
        old = await self.activity()
        if old is not None:
            record = ActivityRecord(
                old.case_id, self.random_content(), SYSTEM_ITSELF, supersedes=old.id
            )
            await self.enter(record)

    async def void(self) -> None:
        old = await self.activity()
        if old is not None:
            async with self.core.database.transaction() as session:
                await self.core.container(session).get(Voiding).void(old.id, "By mistake", SYSTEM)

    async def transfer(self) -> None:
        case = await self.case()
        if case is not None:
            # Later than most of what is recorded, and seldom earlier than the last transfer.
            on = FILED_ON + timedelta(days=90 + self.done.total() + self.chance.randrange(-5, 5))
            to = DEMOVILLE if case.court_id == TESTVILLE else TESTVILLE
            terms = {"to_court_id": str(to), "transferred_on": str(on)}
            await self.do(Proposal(RequestKind.TRANSFER, case.id, to, to, "By order", terms=terms))

    async def set_status(self) -> None:
        case_id, on = await self.case_id(), self.day(60, 130)
        if case_id is not None:
            status = self.chance.choice(["pending", "inactive", "disposed"])
            terms = {"status": status, "effective_on": str(on)}
            at = (case_id, TESTVILLE, TESTVILLE)
            await self.do(Proposal(RequestKind.STATUS, *at, "By order", terms=terms))

    async def delete_or_restore(self) -> None:
        case_id = await self.case_id(deleted=None)
        if case_id is None:
            return
        async with self.core.database.transaction() as session:
            case = await session.get_one(Case, case_id)
            cases = self.core.container(session).get(CaseLifecycle)
            if case.deleted_at is None:
                await cases.delete(case_id, case.version, None, DECIDER)
            else:
                await cases.restore(case_id, DELETED, "Found again", SYSTEM)

    async def assign(self) -> None:
        case_id = await self.case_id()
        if case_id is not None:
            async with self.core.database.transaction() as session:
                given = NewAssignment(JOHN, AssignmentRole.LEAD, self.day(0, 120), "By order")
                service = self.core.container(session).get(AssignmentService)
                await service.assign(case_id, given, DECIDER)

    async def enter(self, record: ActivityRecord) -> None:
        async with self.core.database.transaction() as session:
            await self.core.container(session).get(ActivityService).record(record, SYSTEM)

    async def do(self, proposal: Proposal) -> None:
        async with self.core.database.transaction() as session:
            await self.core.container(session).get(ProposalService).apply(proposal, SYSTEM)

    async def case(self, *, deleted: bool | None = False) -> Case | None:
        async with self.core.database.snapshot() as session:
            cases = (await session.exec(select(Case).order_by(col(Case.id)))).all()
        found = [
            case for case in cases if deleted is None or (case.deleted_at is not None) == deleted
        ]
        return self.chance.choice(found) if found else None

    async def case_id(self, *, deleted: bool | None = False) -> UUID | None:
        case = await self.case(deleted=deleted)
        return case.id if case is not None else None

    async def activity(self) -> CaseActivity | None:
        case_id = await self.case_id()
        live = select(CaseActivity).where(
            col(CaseActivity.voided_at).is_(None), col(CaseActivity.case_id) == case_id
        )
        async with self.core.database.snapshot() as session:
            rows = (await session.exec(live.order_by(col(CaseActivity.id)))).all()
        return self.chance.choice(rows) if rows else None

    def day(self, first: int, last: int) -> date:
        return FILED_ON + timedelta(days=self.chance.randrange(first, last))

    def random_content(self) -> ActivityContent:
        bench = self.chance.choice([(), (AMINA,), (JOHN,), (AMINA, JOHN)])
        outcome = self.chance.choice(OUTCOMES)
        return content(self.day(-10, 110), "Mention", outcome, judge_ids=bench)


# 112: a transfer is voided while one of its ends is deleted, and that is restored later.
@pytest.mark.parametrize("seed", [*range(4), 112])
async def test_the_figures_of_both_courts_balance_after_every_step(
    core: Units, clock: FrozenClock, seed: int
) -> None:
    exchange = Exchange(core, clock, Random(seed))  # noqa: S311 - repeatable, nothing secret
    history: dict[datetime, Counter[Row]] = {}
    before = Ledgers({}, [])
    for _ in range(STEPS):
        operation = await exchange.step()
        now = await ledgers(core)
        rows = now.known(clock.now())
        _require_each_case_active_at_one_court_at_most(now, rows)
        if operation == "transfer":
            _require_the_same_sum(before.known(clock.now()), rows)
        history[clock.now()], before = rows, now

    final = await ledgers(core)
    for moment, then in history.items():
        assert final.known(moment) == then
    assert exchange.done["transfer"] > 0
    assert exchange.done["void"] > 0
    report = await rebuild(core)
    assert (report.cases, report.changed) == (len(final.cases), 0)
    assert (await ledgers(core)).known(clock.now()) == final.known(clock.now())


def _require_each_case_active_at_one_court_at_most(found: Ledgers, rows: Counter[Row]) -> None:
    by_case: dict[UUID, list[Row]] = {}
    for row in rows.elements():
        by_case.setdefault(row[0], []).append(row)
    for case_id, own in by_case.items():
        for month in MONTHS:
            assert sum(active(own, month).values()) in (0, 1)
        pending = found.cases[case_id].status == "pending"
        assert sum(active(own, date.max).values()) == pending
    there = {case.id for case in found.cases.values() if case.deleted_at is None}
    pending_cases = Counter(
        (case.court_id, case.case_type_id)
        for case in found.cases.values()
        if case.id in there and case.status == "pending"
    )
    assert +active(rows.elements(), date.max) == pending_cases


def _require_the_same_sum(before: Counter[Row], after: Counter[Row]) -> None:
    """A file with a reported departure becomes active again; otherwise the sum is the same."""
    unanswered = after.total() - before.total() == 1
    for month in [*MONTHS, date.max]:
        was, now = (sum(active(each.elements(), month).values()) for each in (before, after))
        assert now - was in ((0, 1) if unanswered else (0,))
