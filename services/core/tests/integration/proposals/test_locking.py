"""Proposing a change takes no locks on cases, so it neither blocks other work nor waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlmodel import text

from common.composition import Units
from testkit.core.api import Api
from testkit.core.registry import AMINA, JOHN, activity_body, case_body

# Longer than any of these calls takes, shorter than a statement may wait for a lock.
TIMEOUT_SECONDS: Final = 8
MERGE, INTO = f"/judges/{JOHN}/merge", {"into_id": str(AMINA), "reason": "One person"}


@asynccontextmanager
async def all_cases_locked(core: Units) -> AsyncIterator[None]:
    """Another transaction holds the lock of every case."""
    async with core.database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("SELECT FROM cases FOR NO KEY UPDATE"))
        yield


async def test_proposing_a_merge_or_an_unmerge_locks_no_case(
    core: Units, clerk: Api, admin: Api
) -> None:
    case = (await clerk.post("/cases", case_body())).json()
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
    await clerk.post("/activities", body | {"judge_ids": [str(JOHN)]})

    async with all_cases_locked(core), asyncio.timeout(TIMEOUT_SECONDS):
        proposed = await clerk.post(MERGE, INTO)
    assert proposed.status_code == 202, proposed.text
    accepted = await admin.post(f"/requests/{proposed.json()['id']}/accept", {})
    assert accepted.status_code == 200, accepted.text
    async with all_cases_locked(core), asyncio.timeout(TIMEOUT_SECONDS):
        unmerge = await clerk.post(f"/judges/{JOHN}/unmerge")
    assert unmerge.status_code == 202, unmerge.text


async def test_a_pending_proposal_is_refused_again_without_a_trial(core: Units, clerk: Api) -> None:
    case = (await clerk.post("/cases", case_body())).json()
    body = {"status": "disposed", "effective_on": "2026-05-04", "reason": "By order"}
    await clerk.post(f"/cases/{case['id']}/status", body)

    async with all_cases_locked(core), asyncio.timeout(TIMEOUT_SECONDS):
        again = await clerk.post(f"/cases/{case['id']}/status", body)

    assert again.json()["code"] == "request-pending"
