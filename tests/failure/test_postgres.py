"""Postgres restarted, killed, out of connections and out of disk while clerks write.

FULL_COUNTS=1 takes longer loads and a storm of 2,000 clients.
"""

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import aiohttp
import psycopg
import pytest
from bare_stack import bare_stack
from failure.registry import (
    CASES,
    Clerk,
    Register,
    Words,
    check_consistency,
    count_register,
    served,
    signed_in,
    until,
    work_in_turns,
)
from small_disk import fill, small_disk

from devstack.servers.postgres import EmbeddedPostgres, binaries
from devstack.stack import Stack

FULL = os.environ.get("FULL_COUNTS") == "1"
WRITES = 1000 if FULL else 160
ROUNDS = 3 if FULL else 1
STORM = 2000 if FULL else 300
CLERKS = 8
MEGABYTES = 160

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900 if FULL else 240)]


def server(stack: Stack) -> EmbeddedPostgres:
    """The stack's own Postgres."""
    found = stack.servers.postgres
    assert found is not None
    return found


async def start(stack: Stack) -> None:
    """Start it again, on the thread that lives as long as the stack: it would end with another."""
    await asyncio.get_running_loop().run_in_executor(stack.servers._threads, server(stack).start)


async def restart(stack: Stack) -> None:
    await asyncio.to_thread(server(stack).stop)
    await start(stack)


async def crash(stack: Stack) -> None:
    await asyncio.to_thread(server(stack).kill)
    await start(stack)


@pytest.mark.parametrize("trouble", [restart, crash])
def test_what_clerks_write_while_postgres_restarts_is_committed_or_refused(
    runner: asyncio.Runner, stack: Stack, trouble: Callable[[Stack], Awaitable[None]]
) -> None:
    async def troubles(register: Register) -> None:
        for number in range(1, ROUNDS + 1):
            await until(partial(register.holds, number * WRITES // (ROUNDS + 1)))
            await trouble(stack)
        assert register.writes < WRITES, "the last trouble came too late to be one under load"

    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            register = Register(trouble.__name__.upper(), await Words.read(clerk))
            async with asyncio.TaskGroup() as group:
                group.create_task(troubles(register))
                work = register.file_and_withdraw
                await work_in_turns(lambda: work(clerk), WRITES // 2, CLERKS)
            assert clerk.outcomes["503"] > 0, "no client saw the restart"
            assert set(clerk.outcomes) <= {"200", "201", "409 idempotency-key-busy", "503"}
            await register.check(stack, clerk)
            await served(clerk)

    runner.run(scenario())


def test_more_clients_than_connections_are_all_served_in_the_end(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            register = Register("STORM", await Words.read(clerk))
            assert server(stack).max_connections < STORM
            await work_in_turns(partial(one_case, register, clerk), STORM, STORM)
            await register.check(stack, clerk)

    runner.run(scenario())


async def one_case(register: Register, clerk: Clerk) -> None:
    await register.register(clerk)


@contextmanager
def every_connection_taken(stack: Stack) -> Iterator[int]:
    """Hold all remaining connections of Postgres; yields how many."""
    with ExitStack() as held:
        taken = 0
        with suppress(psycopg.OperationalError):  # too many clients already
            while True:
                held.enter_context(psycopg.connect(stack.wiring.core_database_url))
                taken += 1
        yield taken


async def lacks_database(clerk: Clerk, stack: Stack) -> bool:
    """Whether core itself, which Traefik asks, is up and says what it lacks."""
    with suppress(aiohttp.ClientConnectionError):
        async with clerk.session.get(f"{stack.wiring.core_url}/readyz") as answer:
            checks = (await answer.json())["checks"]
            return answer.status == 503 and checks["database"] != "ok"
    return False


def test_without_a_connection_left_core_says_so_and_recovers(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            register = Register("CROWDED", await Words.read(clerk))
            await stack.kill("core")  # its pool is empty when it comes back
            with every_connection_taken(stack) as taken:
                assert taken > 0
                coming_back = asyncio.create_task(stack.restart("core"))
                body, headers = register.new_case(), {"Idempotency-Key": "crowded-1"}
                async with asyncio.timeout(30):
                    while not await lacks_database(clerk, stack):
                        answer = await clerk.call("POST", CASES, json=body, headers=headers)
                        assert answer.status in {502, 503}
                        await asyncio.sleep(0.05)
            await coming_back
            case = await clerk.write(CASES, body)
            register.cases.append(case)
            await register.check(stack, clerk)

    runner.run(scenario())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Where Postgres has its data."""
    with small_disk(tmp_path / "postgres", MEGABYTES) as mounted:
        if not mounted:
            pytest.skip("needs the right to mount a small disk: run as root")
        yield tmp_path / "postgres"


@pytest.fixture
def stack_on_small_disk(runner: asyncio.Runner, disk: Path) -> Iterator[Stack]:
    with bare_stack(runner, disk.parent) as stack:
        yield stack


def test_on_a_full_disk_writes_are_refused_and_nothing_is_corrupted(
    runner: asyncio.Runner, stack_on_small_disk: Stack, disk: Path
) -> None:
    stack = stack_on_small_disk

    async def until_refused(register: Register, clerk: Clerk) -> None:
        """Write until nothing can be written; an acknowledged case is kept in the register."""
        refused = 0
        async with asyncio.timeout(120):
            while refused < CLERKS:
                body = register.new_case() | {"original": {"court": "x" * 120}}
                answer = await clerk.call("POST", CASES, json=body)
                assert answer.status in {201, 503}, answer
                if answer.status == 201:
                    register.cases.append(answer.body)
                refused += answer.status == 503

    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            register = Register("FULL", await Words.read(clerk))
            for _ in range(CLERKS):
                await register.register(clerk)
            ballast = fill(disk)
            async with asyncio.TaskGroup() as group:
                for _ in range(CLERKS):
                    group.create_task(until_refused(register, clerk))
            ballast.unlink()
            if not server(stack).running:
                # Without room for its log Postgres stops at once rather than lose anything.
                await start(stack)
            await served(clerk)
            await register.check(stack, clerk)
            await register.register(clerk)
            assert count_register(stack, register.name)["cases"] == len(register.cases)
        await check_consistency(stack)
        await asyncio.to_thread(every_page_is_sound, stack)

    runner.run(scenario())


def every_page_is_sound(stack: Stack) -> None:
    """Postgres's own check of all tables and indexes, against each other too."""
    checks = ["--all", "--install-missing", "--heapallindexed", "--parent-check"]
    command = [str(binaries() / "pg_amcheck"), *checks, f"--maintenance-db={server(stack).url}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
    assert done.returncode == 0, done.stdout + done.stderr
