"""The benchmark's cases are what core itself would have made of their activities."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
from bench.generate import Size, generate
from sqlalchemy import text

from common.composition import Units
from core_service.rebuild import rebuild
from core_service.wiring import wire
from testkit.core.settings import make_settings
from testkit.databases import DatabaseTemplate

SIZE: Final = Size(cases=900, activities=4_500)
SHARES: Final = """
SELECT count(*) AS activities,
  count(*) FILTER (WHERE outcome_id IS NULL AND sets_status IS NULL) AS blank_outcomes,
  count(*) FILTER (WHERE void_reason = 'corrected') AS corrected,
  count(*) FILTER (WHERE EXISTS (
    SELECT FROM activity_judges AS seat JOIN judges ON judges.id = seat.judge_id
    WHERE seat.activity_id = case_activities.id AND judges.cadre = 'placeholder')) AS placeholders,
  count(*) FILTER (WHERE outcome_id = (
    SELECT id FROM outcomes WHERE effect = 'register')) AS filings
FROM case_activities
"""
SPOIL: Final = (
    "UPDATE cases SET activity_count = 99 WHERE id = (SELECT id FROM cases ORDER BY id LIMIT 1)"
)
CHECKSUM: Final = (
    "SELECT md5(string_agg(id::text || content_hash::text, ',' ORDER BY id)) FROM case_activities"
)


@pytest.fixture(scope="module")
def generated_url(database_template: DatabaseTemplate) -> Iterator[str]:
    with database_template.clone() as url:
        generate(url, SIZE)
        yield url


@pytest.fixture
async def generated(generated_url: str) -> AsyncIterator[Units]:
    core = wire(make_settings(generated_url))
    yield core
    await core.close()


async def test_a_rebuild_of_generated_cases_changes_nothing(generated: Units) -> None:
    report = await rebuild(generated)
    assert (report.cases, report.changed) == (SIZE.cases, 0)


async def test_a_rebuild_repairs_a_case_that_was_tampered_with(generated: Units) -> None:
    async with generated.database.transaction() as session:
        await (await session.connection()).execute(text(SPOIL))
    assert (await rebuild(generated)).changed == 1
    assert (await rebuild(generated)).changed == 0


async def test_generated_activities_have_the_mess_of_real_returns(generated: Units) -> None:
    async with generated.database.snapshot() as session:
        found = (await (await session.connection()).execute(text(SHARES))).one()
    assert found.activities == pytest.approx(SIZE.activities, rel=0.01)
    assert found.blank_outcomes / found.activities == pytest.approx(0.009, abs=0.003)
    assert found.placeholders / found.activities == pytest.approx(0.06, abs=0.02)
    assert found.corrected / found.activities == pytest.approx(0.012, abs=0.006)
    assert found.activities / found.filings == pytest.approx(9.9, rel=0.15)


async def test_the_same_size_generates_the_same_cases(
    generated: Units, database_template: DatabaseTemplate
) -> None:
    async def checksum(core: Units) -> str:
        async with core.database.snapshot() as session:
            connection = await session.connection()
            return str(await connection.scalar(text(CHECKSUM)))

    with database_template.clone() as url:
        await asyncio.to_thread(generate, url, SIZE)
        again = wire(make_settings(url))
        try:
            assert await checksum(again) == await checksum(generated)
        finally:
            await again.close()
