"""A repeated request for the worker gets its first answer again, and nothing is queued twice."""

from typing import Any, Final

import pytest

from common.composition import Units
from core_service.jobs import JobQueue
from core_service.returns import tasks
from testkit.core.returns import ReturnsClient, work_off_the_queue

KEY: Final = "0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e"


@pytest.fixture(autouse=True)
def jobs_of_imports(core: Units) -> None:
    tasks.register(core.get(JobQueue).app)


async def _brought(returns: ReturnsClient, step: str) -> dict[str, Any]:
    mode = "apply" if step == "rows/retry" else "validate"
    return await returns.bring({}, {"judge_1": "Unlisted, Ann May"}, mode=mode)


@pytest.mark.parametrize("step", ["apply", "rows/retry", "validate"])
async def test_the_same_request_twice_is_answered_once(returns: ReturnsClient, step: str) -> None:
    batch = await _brought(returns, step)
    path = f"/imports/{batch['id']}/{step}"

    first = await returns.api.post(path, key=KEY)
    await work_off_the_queue(returns.core)
    worked = await returns.batch(batch["id"])
    second = await returns.api.post(path, key=KEY)
    await work_off_the_queue(returns.core)

    assert (first.status_code, second.status_code) == (202, 202), first.text
    assert second.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await returns.batch(batch["id"]) == worked


@pytest.mark.parametrize("step", ["apply", "rows/retry", "validate"])
async def test_the_key_of_another_request_is_refused(returns: ReturnsClient, step: str) -> None:
    batch = await _brought(returns, step)
    await returns.api.post(f"/imports/{batch['id']}/{step}", key=KEY)
    other = await returns.bring({"caseid_no": "E77"}, mode="validate")
    answer = await returns.api.post(f"/imports/{other['id']}/apply", key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert (await returns.batch(other["id"]))["state"] == "validated"
