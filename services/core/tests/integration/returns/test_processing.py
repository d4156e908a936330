"""Crashes, rivals and the worker itself: no row is lost, none is applied twice."""

import asyncio
from dataclasses import dataclass, replace
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from common.composition import Container, Units, Values
from core_service.jobs import JobQueue
from core_service.returns import tasks
from core_service.returns.models import ImportBatch
from core_service.returns.processing import BatchProcessing
from core_service.returns.repository import ImportRepository
from testkit.core.api import Api
from testkit.core.registry import AMINA
from testkit.core.returns import ReturnsClient, as_csv, work_off_the_queue

ROWS = [{"date_dd": str(day)} for day in range(1, 8)]


class Killed(Exception):
    """Simulates a kill: nothing after it happens, and no handler catches it."""


@dataclass(slots=True)
class Fate:
    """How many writes to the batch a worker has left."""

    writes_left: int


@dataclass(frozen=True, slots=True)
class DyingImports(ImportRepository):
    """Dies at the end of a transaction, when all of its work is done and not yet committed."""

    fate: Fate

    async def change(self, batch: ImportBatch, **values: Any) -> None:
        await ImportRepository.change(self, batch, **values)
        self.fate.writes_left -= 1
        if self.fate.writes_left == 0:
            raise Killed


async def _run_and_die(core: Units, batch_id: str, writes: int) -> bool:
    """Run a batch for so many writes to it; says whether the worker died of them."""
    fate = Fate(writes)

    class DyingUnits(Units):
        """Units of work whose repository of batches dies."""

        def container(self, session: AsyncSession, values: Values | None = None) -> Container:
            dying = {ImportRepository: DyingImports(session, fate)}
            return Units.container(self, session, {**(values or {}), **dying})

    units = DyingUnits(core.registry, core.database)
    processing = replace(core.get(BatchProcessing), units=units, chunk_rows=2)
    try:
        await processing.run(UUID(batch_id))
    except Killed:
        return True
    return False


@pytest.mark.parametrize("seed", [1, 2, None])
async def test_a_batch_killed_again_and_again_goes_on_where_it_was(
    returns: ReturnsClient, core: Units, seed: int | None
) -> None:
    """At random writes, and without a seed at the first, the second and so on: at every one."""
    chance = Random(seed)  # noqa: S311 - repeatable deaths
    sent = (await returns.send(as_csv(ROWS))).json()
    deaths = 0
    while await _run_and_die(
        core, sent["id"], chance.randrange(1, 12) if seed is not None else deaths + 1
    ):
        deaths += 1
        assert deaths < 100
    assert deaths >= 5
    batch = await returns.batch(sent["id"])
    assert batch["state"] == "applied"
    assert batch["counts"] | {"read": 7, "new": 7} == batch["counts"]
    assert await returns.results(batch) == ["NEW"] * 7
    assert (await returns.case())["activity_count"] == 7


async def test_two_workers_on_one_batch_apply_it_once(returns: ReturnsClient, core: Units) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()
    processing = replace(core.get(BatchProcessing), chunk_rows=1)
    await asyncio.gather(*(processing.run(UUID(sent["id"])) for _ in range(3)))
    batch = await returns.batch(sent["id"])
    assert batch["state"] == "applied"
    assert await returns.results(batch) == ["NEW"] * 7
    assert (await returns.case())["activity_count"] == 7


async def test_two_batches_with_the_same_rows_at_once_record_them_once(
    returns: ReturnsClient, core: Units
) -> None:
    files = [as_csv(ROWS), as_csv(ROWS).replace(b"\r\n", b"\n")]
    sent = [(await returns.send(content)).json()["id"] for content in files]
    await asyncio.gather(*(core.get(BatchProcessing).run(UUID(batch_id)) for batch_id in sent))
    results = [await returns.results({"id": batch_id}) for batch_id in sent]
    for pair in zip(*results, strict=True):
        assert sorted(pair) == ["NEW", "UNCHANGED"]
    assert (await returns.case())["activity_count"] == 7


@pytest.mark.parametrize("chunk_rows", [1, 3, 100])
async def test_a_chunks_length_changes_no_result(
    returns: ReturnsClient, core: Units, chunk_rows: int
) -> None:
    of_case = {"date_dd": "2", "male_applicant": "3"}
    of_both = {"date_dd": "3", "female_applicant": "4", "outcome": "Adjourned"}
    rows = [*ROWS, {"date_dd": "x"}, {}, *ROWS, {"judge_1": "Unlisted"}, {"outcome": "Adjourned"}]
    sent = (await returns.send(as_csv([*rows, of_case, of_both]))).json()
    await replace(core.get(BatchProcessing), chunk_rows=chunk_rows).run(UUID(sent["id"]))
    expected = [*["NEW"] * 7, "REJECTED", "NEW", *["DUPLICATE"] * 7, "HELD", *["CORRECTION"] * 3]
    assert await returns.results(sent) == expected
    case = await returns.case()
    parties = case["parties"]
    assert (parties["male_applicant"], parties["female_applicant"]) == (3, 4)
    assert (case["activity_count"], case["adjournment_count"]) == (8, 2)


async def test_the_worker_takes_batches_and_decisions_from_the_queue(
    returns: ReturnsClient, core: Units, admin: Api, sample: bytes
) -> None:
    tasks.register(core.get(JobQueue).app)
    sent = (await returns.send(sample)).json()
    assert (await returns.batch(sent["id"]))["state"] == "uploaded"
    await work_off_the_queue(core)
    batch = await returns.batch(sent["id"])
    assert (batch["state"], batch["counts"]["held"]) == ("partial", 1)
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    await admin.post(f"/aliases/{alias['id']}/accept", {"target_id": str(AMINA)})
    await work_off_the_queue(core)
    assert (await returns.batch(sent["id"]))["counts"]["held"] == 0
    assert await returns.results(batch) == [*["NEW"] * 5, "REJECTED", "NEW", "EMPTY", "NEW", "NEW"]


async def _run_sql(core: Units, sql: str) -> Any:
    async with core.database.transaction() as session:
        return await (await session.connection()).execute(text(sql))


async def test_a_batch_that_lost_a_deadlock_is_tried_again_and_no_row_suffers(
    returns: ReturnsClient, core: Units, database_url: str
) -> None:
    tasks.register(core.get(JobQueue).app)
    sent = (await returns.send(as_csv(ROWS))).json()
    with psycopg.connect(database_url) as owner:
        owner.execute(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE SQLSTATE '40P01'; END $$"
        )
        owner.execute("CREATE TRIGGER lose BEFORE INSERT ON cases EXECUTE FUNCTION lose()")
    await work_off_the_queue(core)
    job = "SELECT status::text, attempts, scheduled_at > now() FROM procrastinate_jobs"
    assert (await _run_sql(core, job)).all() == [("todo", 1, True)]
    assert (await returns.batch(sent["id"]))["state"] == "applying"
    with psycopg.connect(database_url) as owner:
        owner.execute("DROP TRIGGER lose ON cases")
    await _run_sql(core, "UPDATE procrastinate_jobs SET scheduled_at = now()")
    await work_off_the_queue(core)
    assert (await returns.batch(sent["id"]))["state"] == "applied"
    assert await returns.results(sent) == ["NEW"] * 7


async def test_a_fault_of_ours_ends_the_batch_after_the_last_attempt(
    returns: ReturnsClient, core: Units
) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()

    class BrokenUnits(Units):
        def container(self, _session: AsyncSession, _values: Values | None = None) -> Container:
            raise RuntimeError("a fault")

    class Processing:
        """Fails at the first step, and can still end the batch."""

        run = replace(
            core.get(BatchProcessing), units=BrokenUnits(core.registry, core.database)
        ).run
        fail = core.get(BatchProcessing).fail

    worker: Any = SimpleNamespace(get=lambda _kind: Processing)
    for attempts in range(tasks.MAX_ATTEMPTS + 1):
        context: Any = SimpleNamespace(
            job=SimpleNamespace(attempts=attempts), additional_context={"core": worker}
        )
        assert (await returns.batch(sent["id"]))["state"] == "uploaded"
        with pytest.raises(RuntimeError):
            await tasks.run(context, batch_id=sent["id"])
    batch = await returns.batch(sent["id"])
    assert (batch["state"], batch["error"]["code"]) == ("failed", "internal-error")
    assert (await returns.send(as_csv(ROWS))).status_code == 202


async def test_a_damaged_workbook_fails_its_batch(returns: ReturnsClient, core: Units) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()
    async with core.database.transaction() as session:
        repository = ImportRepository(session)
        await repository.store(UUID(sent["id"]), 1, b"")
        connection = await session.connection()
        await connection.exec_driver_sql(
            "UPDATE import_files SET content = 'PK\\003\\004 broken' WHERE chunk_no = 0"
        )
    batch = await returns.work(sent["id"])
    assert (batch["state"], batch["error"]["code"]) == ("failed", "FILE_UNREADABLE")
