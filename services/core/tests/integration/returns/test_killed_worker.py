"""`kill -9` of a real worker process in the middle of a batch."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from common.testing.serving import serving
from core_service.settings import CoreSettings
from core_service.testing.auth import FakeAuth, auth_app
from core_service.testing.returns import Desk, as_csv
from core_service.testing.worker import worker_environment

ROWS = [{"date_dd": str(1 + day % 28), "caseid_no": str(1 + day // 28)} for day in range(140)]


@asynccontextmanager
async def _worker(settings: CoreSettings, auth_url: str) -> AsyncIterator[Process]:
    environment = worker_environment(settings, auth_url)
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "core_service.worker",
        env=environment,
        stdout=DEVNULL,
    )
    try:
        yield worker
    finally:
        if worker.returncode is None:
            worker.kill()
        await worker.wait()


async def _until(desk: Desk, batch_id: str, *states: str) -> None:
    async with asyncio.timeout(60):
        while (await desk.batch(batch_id))["state"] not in states:  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.02)


async def test_a_worker_killed_while_it_applies_loses_nothing_and_repeats_nothing(
    desk: Desk, settings: CoreSettings, auth: FakeAuth
) -> None:
    sent = (await desk.send(as_csv(ROWS))).json()
    async with serving(auth_app(auth)) as auth_url:
        async with _worker(settings, auth_url) as worker:
            await _until(desk, sent["id"], "applying")
            worker.send_signal(signal.SIGKILL)
            await worker.wait()
        assert (await desk.batch(sent["id"]))["state"] == "applying"
        async with _worker(settings, auth_url):
            await _until(desk, sent["id"], "applied", "partial", "failed")
    batch = await desk.batch(sent["id"])
    assert batch["state"] == "applied"
    assert batch["counts"] | {"read": 140, "new": 140} == batch["counts"]
    assert (await desk.case("HCCC 1 of 2025"))["activity_count"] == 28
    assert (await desk.api.get("/cases", count="exact")).json()["total"] == 5
