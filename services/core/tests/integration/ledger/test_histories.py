"""Random histories through the real service: the incremental ledger equals a rebuilt one."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from sqlmodel import col, select

from common.clock import FrozenClock
from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.ledger.models import CaseActivity, CaseStatusEvent, EventKind
from core_service.rebuild import RebuildReport, rebuild
from core_service.sources import SYSTEM_ITSELF
from testkit.core.registry import case_type, content, filing

OUTCOMES: Final = (
    "Case Registered/Filed",
    "Judgment Delivered",
    "Struck Out",
    "Application Allowed",
    "File Transferred",
    "Stood Over Generally",
    "Re-activation",
    "Adjournment",
    "Part Heard",
    None,
)
COMING: Final = {
    EventKind.FILED,
    EventKind.REOPENED,
    EventKind.REACTIVATED,
    EventKind.TRANSFER_IN,
}
FILED_ON: Final = date(2025, 1, 15)
CASES: Final = 4
STEPS: Final = 30


@dataclass
class RandomHistory:
    """Records random activities and corrections, each in its own transaction and moment."""

    core: Units
    clock: FrozenClock
    chance: Random

    async def step(self) -> None:
        self.clock.advance(hours=7)
        async with self.core.database.transaction() as session:
            record = self._record(await self._correctable(session))
            await self.core.container(session).get(ActivityService).record(record, SYSTEM)

    async def _correctable(self, session: Any) -> CaseActivity | None:
        if self.chance.random() > 0.3:
            return None
        live = select(CaseActivity).where(col(CaseActivity.voided_at).is_(None))
        rows = (await session.exec(live.order_by(col(CaseActivity.id)))).all()
        return self.chance.choice(rows) if rows else None

    def _record(self, old: CaseActivity | None) -> ActivityRecord:
        if old is not None:
            return ActivityRecord(old.case_id, self._content(), SYSTEM_ITSELF, supersedes=old.id)
        number = self.chance.randrange(CASES)
        kind = case_type(("CIVSUIT", "CIVAPP")[number % 2])
        filed = filing(number=f"E{number}", filed_on=FILED_ON, case_type_id=kind)
        return ActivityRecord(filed, self._content(), SYSTEM_ITSELF)

    def _content(self) -> ActivityContent:
        day = FILED_ON + timedelta(days=self.chance.randrange(-10, 90))
        return content(
            day,
            "Mention",
            self.chance.choice(OUTCOMES),
            next_on=day + timedelta(days=30) if self.chance.random() < 0.5 else None,
            custody_count=self.chance.choice((None, 0, 2)),
        )


def begin(core: Units, clock: FrozenClock, seed: int) -> RandomHistory:
    return RandomHistory(core, clock, Random(seed))  # noqa: S311 - repeatable, nothing secret


async def write_history(core: Units, clock: FrozenClock, seed: int) -> None:
    chronicle = begin(core, clock, seed)
    for _ in range(STEPS):
        await chronicle.step()


async def snapshot(core: Units) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    async with core.database.snapshot() as session:
        cases = (await session.exec(select(Case).order_by(col(Case.id)))).all()
        events = (
            await session.exec(select(CaseStatusEvent).order_by(col(CaseStatusEvent.id)))
        ).all()
    return [case.model_dump() for case in cases], [event.model_dump() for event in events]


@pytest.mark.parametrize("seed", range(3))
async def test_a_rebuild_changes_nothing(core: Units, clock: FrozenClock, seed: int) -> None:
    await write_history(core, clock, seed)
    grown = await snapshot(core)

    report = await rebuild(core)

    assert report == RebuildReport(len(grown[0]), 0)
    assert await snapshot(core) == grown


@pytest.mark.parametrize("seed", range(3, 5))
async def test_a_wiped_ledger_is_rebuilt_to_the_same_figures(
    core: Units, clock: FrozenClock, seed: int, database_url: str
) -> None:
    await write_history(core, clock, seed)
    before = await live_events(core)
    with psycopg.connect(database_url) as owner:  # core itself may delete none
        owner.execute("DELETE FROM case_status_events")

    report = await rebuild(core)

    assert report.changed == report.cases
    assert await live_events(core) == before


async def live_events(core: Units) -> list[tuple[UUID, str, date, UUID | None]]:
    """The live events, without their IDs and the time of their recording."""
    _, events = await snapshot(core)
    return sorted(
        (
            (event["case_id"], event["kind"].value, event["effective_on"], event["activity_id"])
            for event in events
            if event["retracted_at"] is None
        ),
        key=str,
    )


@pytest.mark.parametrize("seed", range(5, 7))
async def test_what_was_known_on_an_earlier_day_never_changes(
    core: Units, clock: FrozenClock, seed: int
) -> None:
    chronicle = begin(core, clock, seed)
    known = {}
    for _ in range(STEPS):
        await chronicle.step()
        known[clock.now()] = await live_events(core)

    _, events = await snapshot(core)

    for moment, then in known.items():
        as_known = sorted(
            (
                (event["case_id"], event["kind"].value, event["effective_on"], event["activity_id"])
                for event in events
                if event["recorded_at"] <= moment
                and (event["retracted_at"] is None or event["retracted_at"] > moment)
            ),
            key=str,
        )
        assert as_known == then


@pytest.mark.parametrize("seed", range(7, 9))
async def test_the_identity_holds_for_every_month(
    core: Units, clock: FrozenClock, seed: int
) -> None:
    await write_history(core, clock, seed)
    events = [(kind, on) for _, kind, on, _ in await live_events(core)]
    cases, _ = await snapshot(core)

    def active_before(day: date) -> int:
        return sum(1 if kind in COMING else -1 for kind, on in events if on < day)

    for month in range(1, 6):
        first, following = date(2025, month, 1), date(2025, month + 1, 1)
        flow = sum(1 if kind in COMING else -1 for kind, on in events if first <= on < following)
        assert active_before(following) == active_before(first) + flow
    pending = sum(case["status"] == "pending" for case in cases)
    assert active_before(date(2030, 1, 1)) == pending
