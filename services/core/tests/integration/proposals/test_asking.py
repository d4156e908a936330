"""What asking for a change costs the registry: nobody waits for it, and it waits for nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlmodel import text

from common.composition import Units
from testkit.core.api import Api
from testkit.core.registry import AMINA, JOHN, activity_body, case_body

# Longer than any of these calls takes, shorter than a statement may wait for a lock.
PATIENCE_SECONDS: Final = 8
MERGE, INTO = f"/judges/{JOHN}/merge", {"into_id": str(AMINA), "reason": "One person"}


@asynccontextmanager
async def working_on_cases(core: Units) -> AsyncIterator[None]:
    """Somebody else holds every case."""
    async with core.database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("SELECT FROM cases FOR NO KEY UPDATE"))
        yield


async def test_asking_for_a_merge_and_its_undoing_does_none_of_the_work(
    core: Units, clerk: Api, admin: Api
) -> None:
    case = (await clerk.post("/cases", case_body())).json()
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
    await clerk.post("/activities", body | {"judge_ids": [str(JOHN)]})

    async with working_on_cases(core), asyncio.timeout(PATIENCE_SECONDS):
        asked = await clerk.post(MERGE, INTO)
    assert asked.status_code == 202, asked.text
    accepted = await admin.post(f"/requests/{asked.json()['id']}/accept", {})
    assert accepted.status_code == 200, accepted.text
    async with working_on_cases(core), asyncio.timeout(PATIENCE_SECONDS):
        undoing = await clerk.post(f"/judges/{JOHN}/unmerge")
    assert undoing.status_code == 202, undoing.text


async def test_what_was_asked_for_is_refused_before_it_is_tried_again(
    core: Units, clerk: Api
) -> None:
    case = (await clerk.post("/cases", case_body())).json()
    body = {"status": "disposed", "effective_on": "2026-05-04", "reason": "By order"}
    await clerk.post(f"/cases/{case['id']}/status", body)

    async with working_on_cases(core), asyncio.timeout(PATIENCE_SECONDS):
        again = await clerk.post(f"/cases/{case['id']}/status", body)

    assert again.json()["code"] == "request-pending"
