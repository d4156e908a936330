"""`kill -9` of a real worker process in the middle of a batch."""

import asyncio
import signal

from core_service.settings import CoreSettings
from testkit.core.auth import FakeAuth
from testkit.core.processes import worker_process
from testkit.core.returns import ReturnsClient, as_csv

ROWS = [{"date_dd": str(1 + day % 28), "caseid_no": str(1 + day // 28)} for day in range(140)]


async def _until(returns: ReturnsClient, batch_id: str, *states: str) -> None:
    async with asyncio.timeout(60):
        while (await returns.batch(batch_id))["state"] not in states:  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.02)


async def test_a_worker_killed_while_it_applies_loses_nothing_and_repeats_nothing(
    returns: ReturnsClient, settings: CoreSettings, auth: FakeAuth
) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()
    async with worker_process(settings, auth) as worker:
        await _until(returns, sent["id"], "applying")
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    assert (await returns.batch(sent["id"]))["state"] == "applying"
    async with worker_process(settings, auth):
        await _until(returns, sent["id"], "applied", "partial", "failed")
    batch = await returns.batch(sent["id"])
    assert batch["state"] == "applied"
    assert batch["counts"] | {"read": 140, "new": 140} == batch["counts"]
    assert (await returns.case("HCCC 1 of 2025"))["activity_count"] == 28
    assert (await returns.api.get("/cases", count="exact")).json()["total"] == 5
