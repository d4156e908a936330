"""While costly files are sent and read, other requests are served."""

import asyncio
import io
import json
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

import aiohttp
import pytest
from failure.registry import Clerk, signed_in

from devstack.stack import Stack
from testkit.core import hostile_files

IMPORTS: Final = "/api/v1/imports"
CASES: Final = "/api/v1/cases?limit=50"
WARM_UP_SECONDS: Final = 3.0
BEFORE_SECONDS: Final = 10.0
READERS: Final = 4
PAUSE_SECONDS: Final = 0.02
# The machine that runs tests runs other things as well; less than this is no difference.
FLOOR_SECONDS: Final = 0.05
MEMORY_BYTES: Final = 400 * 1024**2
SETTLED: Final = {"applied", "partial", "failed"}

pytestmark = [pytest.mark.e2e, pytest.mark.quiet, pytest.mark.timeout(600)]


@dataclass
class Readers:
    """Clients that read lists without end; each answer's moment and how long it took."""

    clerk: Clerk
    answers: list[tuple[float, float]] = field(default_factory=list)

    async def read(self) -> None:
        """Until cancelled."""
        while True:
            began = monotonic()
            await self.clerk.get(CASES)
            self.answers.append((began, monotonic() - began))
            await asyncio.sleep(PAUSE_SECONDS)

    def p95(self, since: float) -> float:
        """The 95th percentile of what began from then on."""
        times = sorted(took for began, took in self.answers if began >= since)
        return times[int(len(times) * 0.95)]


@asynccontextmanager
async def reading(clerk: Clerk) -> AsyncIterator[Readers]:
    readers = Readers(clerk)
    tasks = [asyncio.create_task(readers.read()) for _ in range(READERS)]
    try:
        yield readers
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


def files() -> Iterator[tuple[str, bytes, str]]:
    """What is sent, and the code with which it fails; none for what can be read."""
    for name, (make, _) in hostile_files.TOO_COSTLY.items():
        yield f"{name}.xlsx", make(), "FILE_TOO_COSTLY"
    yield "lies.xlsx", hostile_files.sizes_that_lie(), "FILE_UNREADABLE"
    yield "cells.xlsx", hostile_files.millions_of_cells(5000), ""
    yield "wide.csv", hostile_files.wide_csv(), ""
    yield "long.csv", hostile_files.long_line_csv(), ""
    yield "quotes.csv", hostile_files.open_quotes_csv(2000), ""


async def send(clerk: Clerk, name: str, content: bytes) -> str:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(content), filename=name)
    sent = await clerk.call("POST", IMPORTS, data=form)
    assert sent.status == 202, sent
    return str(sent.body["id"])


async def settled(clerk: Clerk, batch_id: str) -> dict[str, Any]:
    async with asyncio.timeout(300):
        while True:
            batch = await clerk.get(f"{IMPORTS}/{batch_id}")
            if batch["state"] in SETTLED:
                return batch
            await asyncio.sleep(0.1)


async def read_all_rows(clerk: Clerk, batch_id: str) -> None:
    """Page by page, as large as pages may be asked for."""
    cursor = ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = await clerk.get(f"{IMPORTS}/{batch_id}/rows", limit="200", **more)
        if not page["next_cursor"]:
            return
        cursor = page["next_cursor"]


def peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def report(figures: dict[str, float]) -> None:
    """HOSTILE_RESULTS names a file for the figures."""
    if file := os.environ.get("HOSTILE_RESULTS"):
        with Path(file).open("a") as lines:
            lines.write(f"{json.dumps(figures)}\n")


async def work_off(clerk: Clerk, sent: Sequence[tuple[str, bytes, str]]) -> None:
    for name, content, code in sent:
        batch_id = await send(clerk, name, content)
        batch = await settled(clerk, batch_id)
        assert ((batch["error"] or {}).get("code") or "") == code, batch
        await read_all_rows(clerk, batch_id)


def test_while_hostile_files_are_read_others_are_served_and_memory_is_bounded(
    runner: asyncio.Runner, stack: Stack
) -> None:
    sent = list(files())

    async def scenario() -> tuple[float, float]:
        async with signed_in(stack) as clerk, reading(clerk) as readers:
            await asyncio.sleep(WARM_UP_SECONDS)
            began = monotonic()
            await asyncio.sleep(BEFORE_SECONDS)
            before, meanwhile = readers.p95(began), monotonic()
            await work_off(clerk, sent)
            return before, readers.p95(meanwhile)

    before, meanwhile = runner.run(scenario())
    memory = {name: peak_bytes(stack.supervisor.pid(name)) for name in ("core", "worker")}
    report({"p95_before": before, "p95_meanwhile": meanwhile, **memory})
    assert meanwhile <= max(2 * before, before + FLOOR_SECONDS)
    assert max(memory.values()) < MEMORY_BYTES, memory
