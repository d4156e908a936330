"""32 clients of a stack whose Redis fails over: half write, the others' tokens are revoked.

FAILOVER_RESULTS names a file for the figures.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple

import aiohttp
from bare_stack import demo_credentials

from devstack.stack import Stack

CLIENTS: Final = 32
RECOVERY_SECONDS: Final = 2.0
# `/readyz` looks once a second, however often it is asked.
REPORT_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 30.0
CASES: Final = "/api/v1/cases"


class Answer(NamedTuple):
    """When a request was sent and answered, and with which status."""

    sent: float
    answered: float
    status: int


@dataclass
class Load:
    """What 32 clients were answered: half of them write, the others' tokens are revoked."""

    http: aiohttp.ClientSession
    password: str
    writes: list[Answer] = field(default_factory=list)
    revoked_writes: list[Answer] = field(default_factory=list)
    revoked_reads: list[Answer] = field(default_factory=list)
    readiness: list[Answer] = field(default_factory=list)

    async def sign_in(self) -> dict[str, Any]:
        body = demo_credentials("clerk", self.password)
        async with self.http.post("/api/v1/auth/login", json=body) as response:
            assert response.status == 200, await response.text()
            tokens: dict[str, Any] = await response.json()
            return tokens

    async def sign_out(self, tokens: dict[str, Any]) -> None:
        body = {"refresh_token": tokens["refresh_token"]}
        async with self.http.post("/api/v1/auth/logout", json=body) as response:
            assert response.status == 204, await response.text()

    async def write(self, token: str) -> None:
        """Core refuses the empty case with 422: then the gateway has let the write through."""
        while True:
            self.writes.append(await self._ask("POST", CASES, token, json={}))

    async def use_revoked(self, token: str) -> None:
        while True:
            self.revoked_writes.append(await self._ask("POST", CASES, token, json={}))
            self.revoked_reads.append(await self._ask("GET", CASES, token))

    async def watch(self) -> None:
        while True:
            self.readiness.append(await self._ask("GET", "/readyz"))
            await asyncio.sleep(0.05)

    async def _ask(self, method: str, path: str, token: str = "", **options: Any) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = monotonic()
        async with self.http.request(method, path, headers=headers, **options) as response:
            await response.read()
            return Answer(sent, monotonic(), response.status)

    def unready_since(self, moment: float) -> list[float]:
        return [each.sent for each in self.readiness if each.sent > moment and each.status == 503]

    def first_write_since(self, moment: float) -> float | None:
        """When the first write that was sent after `moment`, and let through, was answered.

        One that waited while requests sent after it were refused says nothing of when it was sent.
        """
        through = (each for each in self.writes if each.sent > moment and each.status == 422)
        return min((each.answered for each in through), default=None)

    async def works_since(self, moment: float) -> float:
        """When the first write since `moment` worked; the revoked tokens have been tried since."""
        await until(lambda: self.first_write_since(moment) is not None)
        works = self.first_write_since(moment)
        assert works is not None
        await until(lambda: self.revoked_reads_since(works) >= CLIENTS // 2)
        return works

    def revoked_reads_since(self, moment: float) -> int:
        return sum(each.sent > moment for each in self.revoked_reads)


@asynccontextmanager
async def load(stack: Stack, before: Callable[[], None]) -> AsyncIterator[Load]:
    """The clients at work; `before` runs ahead of the revocation of their last token."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(stack.base_url, connector=connector) as http:
        running = Load(http, stack.password)
        live, early, late = [await running.sign_in() for _ in range(3)]
        await running.sign_out(early)
        before()
        await running.sign_out(late)
        revoked = [tokens["access_token"] for tokens in (early, late)]
        tasks = [running.write(live["access_token"]) for _ in range(CLIENTS // 2)]
        tasks += [running.use_revoked(revoked[at % 2]) for at in range(CLIENTS // 2)]
        working = [asyncio.create_task(task) for task in (*tasks, running.watch())]
        try:
            await running.works_since(0.0)
            yield running
        finally:
            for task in working:
                task.cancel()
            ended = await asyncio.gather(*working, return_exceptions=True)
            assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended


async def until(holds: Callable[[], bool]) -> float:
    """Poll until it is true; the time at which it was."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.01)
    return monotonic()


def report(name: str, **seconds: float) -> None:
    if file := os.environ.get("FAILOVER_RESULTS"):
        with Path(file).open("a") as lines:
            lines.write(json.dumps({"name": name, **seconds}) + "\n")


def expect(running: Load, outage: tuple[float, float], unready: tuple[float, float]) -> None:
    """No revoked token was accepted, and `/readyz` reported the failure.

    A token as young as these may read on while nothing at all can be asked (the gateway's table),
    and no longer than that.
    """
    failed, works = outage
    start, end = unready
    seen = {
        "writes": {each.status for each in running.writes},
        "revoked_writes": {each.status for each in running.revoked_writes},
        "revoked_reads": {
            each.status
            for each in running.revoked_reads
            if each.answered <= failed or each.sent > works
        },
        "readyz": {
            each.status for each in running.readiness if start < each.sent and each.answered < end
        },
    }
    expected = {
        "writes": {422, 503},
        "revoked_writes": {401, 503},
        "revoked_reads": {401},
        "readyz": {503},
    }
    assert seen == expected, seen
