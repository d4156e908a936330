"""The import's entry: the same row twice changes nothing, other content corrects."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlmodel import func, select

from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityContent, ActivityRecord, Applied, Likeness
from core_service.activities.service import ActivityService
from core_service.cases.models import Case
from core_service.ledger.models import CaseActivity
from core_service.sources import Source, SourceKind
from testkit.core.registry import AMINA, content, filing

SOURCE = Source(SourceKind.IMPORT, UUID(int=5), "return.csv", 1)
HEARING = content(date(2026, 1, 9), "Hearing", "Adjournment", judge_ids=(AMINA,))


async def apply(core: Units, entry: ActivityContent, *, number: str = "E014") -> Applied:
    async with core.database.transaction() as session:
        record = ActivityRecord(filing(number=number), entry, SOURCE)
        return await core.container(session).get(ActivityService).apply(record, SYSTEM)


async def count(core: Units, model: type[Case] | type[CaseActivity]) -> int:
    async with core.database.snapshot() as session:
        return (await session.exec(select(func.count()).select_from(model))).one()


async def test_a_new_row_registers_its_case(core: Units) -> None:
    applied = await apply(core, HEARING)

    assert applied.match.likeness == Likeness.NEW
    assert applied.recorded is not None
    assert applied.recorded.case_created


async def test_the_same_row_again_changes_nothing(core: Units) -> None:
    first = await apply(core, HEARING)
    again = await apply(core, HEARING, number="e14")

    assert first.recorded is not None
    assert again.recorded is None
    assert (again.match.likeness, again.match.activity_id) == (
        Likeness.SAME,
        first.recorded.activity_id,
    )
    assert await count(core, CaseActivity) == 1


async def test_other_content_of_the_same_event_corrects_it(core: Units) -> None:
    await apply(core, HEARING)

    corrected = await apply(core, replace(HEARING, details="advocate bereaved"))

    assert corrected.match.likeness == Likeness.CORRECTION
    async with core.database.snapshot() as session:
        case = (await session.exec(select(Case))).one()
    assert (case.activity_count, case.adjournment_count) == (1, 1)


async def test_the_same_row_from_many_senders_at_once_is_recorded_once(core: Units) -> None:
    applied = await asyncio.gather(*(apply(core, HEARING) for _ in range(6)))

    likenesses = sorted(one.match.likeness.value for one in applied)
    assert likenesses == ["new", *["same"] * 5]
    assert (await count(core, Case), await count(core, CaseActivity)) == (1, 1)


async def test_one_number_in_two_years_is_two_cases(core: Units) -> None:
    async with core.database.transaction() as session:
        for year in (2024, 2025):
            filed = filing(number="E001", filed_on=date(year, 2, 3))
            record = ActivityRecord(filed, HEARING, SOURCE)
            await core.container(session).get(ActivityService).apply(record, SYSTEM)

    assert await count(core, Case) == 2


async def test_matching_says_beforehand_what_applying_would_do(core: Units) -> None:
    async def match(entry: ActivityContent) -> Likeness:
        async with core.database.transaction() as session:
            number, days = filing().key, {entry.activity_on}
            batch = (
                await core.container(session)
                .get(ActivityService)
                .open_batch({number}, days, lock=False)
            )
            return batch.match(number, entry).likeness

    assert await match(HEARING) == Likeness.NEW
    await apply(core, HEARING)
    assert await match(HEARING) == Likeness.SAME
    assert await match(replace(HEARING, details="x")) == Likeness.CORRECTION
