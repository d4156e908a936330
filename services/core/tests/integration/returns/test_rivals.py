"""Concurrent writers of the same cases: good rows are applied, without a deadlock."""

import asyncio
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.cases.models import Case
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL
from core_service.returns.processing import BatchProcessing
from core_service.sources import MANUAL
from testkit.core.registry import filing
from testkit.core.returns import ReturnsClient, as_csv

PATIENCE_SECONDS: Final = 10
POLL_SECONDS: Final = 0.01
WAITS: Final = "SELECT pg_blocking_pids({pid}) <> '{{}}'"
WAITED_FOR: Final = (
    "SELECT EXISTS (SELECT FROM pg_locks"
    " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
)


async def _ask(session: AsyncSession, sql: str) -> int:
    answer: int = (await (await session.connection()).execute(text(sql))).scalar_one()
    return answer


async def _until(session: AsyncSession, sql: str, running: "asyncio.Task[None]") -> None:
    """Poll until it is so, or the batch has ended."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (running.done() or await _ask(session, sql)):  # noqa: ASYNC110 - locks set no event
            await asyncio.sleep(POLL_SECONDS)


async def _register(core: Units, session: AsyncSession, number: str) -> Case:
    case, _ = (
        await core.container(session)
        .get(CaseService)
        .find_or_register(filing(number=number), MANUAL, SYSTEM)
    )
    return case


async def test_rows_go_in_whose_cases_others_register_at_this_moment(
    returns: ReturnsClient, core: Units
) -> None:
    batch = (await returns.send(as_csv([{}, {"caseid_no": "E015"}]))).json()
    async with asyncio.TaskGroup() as tasks, core.database.transaction() as second:
        await _register(core, second, "E015")
        async with core.database.transaction() as first:
            await _register(core, first, "E014")
            running = tasks.create_task(core.get(BatchProcessing).run(UUID(batch["id"])))
            await _until(first, WAITED_FOR, running)
        await _until(second, WAITED_FOR, running)
    assert await returns.results(batch) == ["NEW", "NEW"]
    for number in ("E014", "E015"):
        assert (await returns.case(f"HCCC {number} of 2025"))["activity_count"] == 1


async def test_rows_that_go_in_one_by_one_take_their_cases_in_the_order_of_everybody(
    returns: ReturnsClient, core: Units
) -> None:
    async with core.database.transaction() as session:
        low = await _register(core, session, "E015")
        high = await _register(core, session, "E014")
    assert low.id < high.id
    rows = [{}, {"caseid_no": "E015"}, {"caseid_no": "E016"}]
    batch = (await returns.send(as_csv(rows))).json()
    async with asyncio.TaskGroup() as tasks, core.database.transaction() as rival:
        waits = WAITS.format(pid=await _ask(rival, "SELECT pg_backend_pid()"))
        async with core.database.transaction() as other:
            await _register(core, other, "E016")
            running = tasks.create_task(core.get(BatchProcessing).run(UUID(batch["id"])))
            await _until(other, WAITED_FOR, running)
            taken = tasks.create_task(core.container(rival).get(CaseService).lock(low.id, ALL))
            await _until(other, waits, running)
        # The chunk has failed and lets go of its cases; its rows follow one by one.
        await taken
        await _until(rival, WAITED_FOR, running)
        await core.container(rival).get(CaseService).lock(high.id, ALL)
    assert await returns.results(batch) == ["NEW"] * 3
