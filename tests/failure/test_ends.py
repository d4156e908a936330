"""Every process ends in time and with 0 while Postgres takes connections and answers nothing."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

import pytest

from common.stopping import STOP_SECONDS
from devstack.readiness import until_ready
from devstack.stack import Stack
from testkit.timing import require_within

pytestmark = [pytest.mark.e2e, pytest.mark.quiet, pytest.mark.timeout(240)]

PROCESSES: Final = ("policy", "worker", "core", "auth")
# For a busy machine to notice.
SLACK_SECONDS: Final = 5
READY_SECONDS: Final = 60


@contextmanager
def cut_off(stack: Stack) -> Iterator[None]:
    """Postgres with all its processes stopped, as behind a network that drops every packet."""
    server = stack.servers.postgres
    assert server is not None
    processes = [server.pid, *_children(server.pid)]
    _signal(processes, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(processes, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _signal(processes: list[int], number: signal.Signals) -> None:
    for pid in processes:
        os.kill(pid, number)


async def end(stack: Stack, name: str) -> tuple[int, float]:
    """SIGTERM; the status and the seconds that it took."""
    child = stack.supervisor._children[name]
    await stack.supervisor._forget(name)
    begun = monotonic()
    child.process.terminate()
    async with asyncio.timeout(60):
        return await child.process.wait(), monotonic() - begun


def test_with_postgres_cut_off_every_process_ends_in_time_and_with_0(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> None:
        try:
            with cut_off(stack):
                found = await asyncio.gather(*(end(stack, name) for name in PROCESSES))
            ends = dict(zip(PROCESSES, found, strict=True))
            print(ends)  # noqa: T201 - the figures
            assert {name for name, (status, _) in ends.items() if status != 0} == set()
            slowest = max(seconds for _, seconds in ends.values())
            require_within(slowest, STOP_SECONDS + SLACK_SECONDS)
        finally:
            for name in reversed(PROCESSES):
                await stack.restart(name)
            # The policy is asked through the edge; the next test is to find it.
            assert await until_ready(stack.base_url, READY_SECONDS)

    runner.run(scenario())
