"""`kill -9` of the worker in an import, and two workers on one: each row counts exactly once."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import pytest
from failure.registry import Clerk, check_consistency, query, signed_in, until

from core_service.jobs import build_jobs
from core_service.returns.processing import CHUNK_ROWS
from devstack.environment import core_environment
from devstack.programs import Program, python_module
from devstack.stack import Stack
from testkit.core.returns import as_csv

FULL = os.environ.get("FULL_COUNTS") == "1"
CHUNKS = 40 if FULL else 2
KILLS = 4 if FULL else 1
SETTLED = {"applied", "partial", "failed"}
IMPORTS = "/api/v1/imports"

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900 if FULL else 240)]


def a_return(register: str, rows: int) -> bytes:
    """A file without faults, a case in each row."""
    numbers = range(1, rows + 1)
    return as_csv([{"caseid_type": register, "caseid_no": f"E{number}"} for number in numbers])


@dataclass(frozen=True, slots=True)
class Import:
    """A return that was sent, and its state in the tables."""

    stack: Stack
    clerk: Clerk
    id: str
    rows: int

    @classmethod
    async def send(cls, stack: Stack, clerk: Clerk, register: str, rows: int) -> "Import":
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(a_return(register, rows)), filename=f"{register}.csv")
        sent = await clerk.call("POST", IMPORTS, data=form)
        assert sent.status == 202, sent
        return cls(stack, clerk, str(sent.body["id"]), rows)

    @property
    def done(self) -> int:
        """The rows validated and the rows applied, together."""
        statement = "SELECT validated_rows + applied_rows FROM import_batches WHERE id = %(id)s"
        return int(query(self.stack, statement, id=self.id)[0])

    def reached(self, rows: int) -> bool:
        """Whether so many are done."""
        return self.done >= rows

    async def settled(self) -> dict[str, Any]:
        async with asyncio.timeout(600 if FULL else 180):
            while True:
                batch = await self.clerk.get(f"{IMPORTS}/{self.id}")
                if batch["state"] in SETTLED:
                    return batch
                await asyncio.sleep(0.1)

    async def check(self) -> None:
        """Every row is there exactly once: in the batch's counts and in the registry's tables."""
        batch = await self.settled()
        assert batch["state"] == "applied", batch
        assert {name: count for name, count in batch["counts"].items() if count} == {
            "read": self.rows,
            "new": self.rows,
        }
        stored = query(
            self.stack,
            """
            SELECT count(*), count(DISTINCT row_no), count(DISTINCT case_id),
              (SELECT count(*) FROM import_rows WHERE batch_id = %(id)s),
              (SELECT count(*) FROM cases WHERE batch_id = %(id)s),
              (SELECT count(*) FROM case_status_events e JOIN cases c ON c.id = e.case_id
                WHERE c.batch_id = %(id)s)
            FROM case_activities WHERE batch_id = %(id)s
            """,
            id=self.id,
        )
        assert set(stored) == {self.rows}


@asynccontextmanager
async def second_worker(stack: Stack) -> AsyncIterator[None]:
    """A second worker, in addition to the stack's."""
    command = python_module("core_service.worker")
    name = "second-worker"
    await stack.supervisor.start([Program(name, command, core_environment(stack.wiring))])
    try:
        yield
    finally:
        await stack.kill(name)


def count_logged(stack: Stack, worker: str, event: str) -> int:
    """How often a worker has logged this."""
    log = stack.log(worker)
    return log.read_text().count(f'"{event}"') if log.exists() else 0


def test_an_import_whose_worker_is_killed_finishes_exactly_once(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            sent = await Import.send(stack, clerk, "WORKER", CHUNKS * CHUNK_ROWS)
            for number in range(1, KILLS + 1):
                # One kill is in the middle of applying; more are in validating too.
                rows = sent.rows + CHUNK_ROWS if KILLS == 1 else number * sent.rows // 3
                await until(partial(sent.reached, rows))
                await stack.kill("worker")
                assert sent.done < 2 * sent.rows, "the kill came too late to be one in an import"
                await stack.restart("worker")
            await sent.check()
        await check_consistency(stack)

    runner.run(scenario())


def test_of_two_workers_on_one_import_one_wins(runner: asyncio.Runner, stack: Stack) -> None:
    async def scenario() -> None:
        jobs = build_jobs(stack.wiring.core_database_url)
        async with signed_in(stack) as clerk:
            await stack.kill("worker")
            started = count_logged(stack, "worker", "worker_started")
            sent = await Import.send(stack, clerk, "TWICE", CHUNKS * CHUNK_ROWS)
            async with jobs.open_async():
                await jobs.configure_task("returns:run").defer_async(batch_id=sent.id)
            async with second_worker(stack):
                await stack.restart("worker")
                await until(lambda: count_logged(stack, "worker", "worker_started") > started)
                await sent.check()
                left = "SELECT count(*) FROM procrastinate_jobs WHERE args->>'batch_id' = %(id)s"
                await until(lambda: query(stack, left, id=sent.id) == (0,))
        taken = count_logged(stack, "worker", "batch_taken") + count_logged(
            stack, "second-worker", "batch_taken"
        )
        assert taken == 1, "one of them was to find that the other had the batch"
        await check_consistency(stack)

    runner.run(scenario())
