"""Lists of large items and lists that grow with a case have bounded, complete pages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from common.composition import Units
from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient

ANSWER_BYTES = 2 * 1024 * 1024
ACTIVITIES = 90
LISTS = ("activities", "timeline", "versions", "status-events", "hearings", "assignments")


@pytest.fixture
def returns(core: Units, api: Api) -> ReturnsClient:
    return ReturnsClient(core, api.user(Role.DATA_ENTRY, TESTVILLE, APPEAL))


@pytest.fixture
async def case(returns: ReturnsClient) -> dict[str, Any]:
    """A case with an activity of 30 KB on each of ninety days."""
    days = [(str(1 + n % 28), ("Feb", "Mar", "Apr", "May")[n // 28]) for n in range(ACTIVITIES)]
    rows = [
        {
            "date_dd": day,
            "date_mon": month,
            "date_yyyy": "2026",
            "other_details": "x" * 30_000,
        }
        for day, month in days
    ]
    batch = await returns.bring(*rows)
    assert batch["counts"]["new"] == ACTIVITIES
    return await returns.case()


async def pages(api: Api, path: str, limit: int) -> AsyncIterator[list[Any]]:
    cursor = ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = await api.get(path, limit=str(limit), **more)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) <= ANSWER_BYTES
        items = answer.json()["items"]
        assert len(items) <= limit
        yield items
        cursor = answer.json()["next_cursor"]
        if not cursor:
            return


async def all_items(api: Api, path: str, limit: int) -> tuple[int, list[Any]]:
    found = [page async for page in pages(api, path, limit)]
    return len(found), [item for page in found for item in page]


async def test_every_list_of_a_case_is_the_same_in_small_pages_and_in_large(
    returns: ReturnsClient, case: dict[str, Any]
) -> None:
    for name in LISTS:
        path = f"/cases/{case['id']}/{name}"
        _, in_large = await all_items(returns.api, path, 200)
        count, in_small = await all_items(returns.api, path, 7)
        assert in_small == in_large, name
        assert count == max(1, -(-len(in_large) // 7)), name


async def test_ninety_activities_of_30_kb_take_two_pages(
    returns: ReturnsClient, case: dict[str, Any]
) -> None:
    count, items = await all_items(returns.api, f"/cases/{case['id']}/activities", 200)
    assert (count, len(items)) == (2, ACTIVITIES)
    assert len({item["id"] for item in items}) == ACTIVITIES
    _, entries = await all_items(returns.api, f"/cases/{case['id']}/timeline", 200)
    assert len(entries) == ACTIVITIES + 1  # with the filing
    _, versions = await all_items(returns.api, f"/cases/{case['id']}/versions", 200)
    assert len(versions) == ACTIVITIES + 1


async def test_a_cursor_is_refused_by_another_list(
    returns: ReturnsClient, case: dict[str, Any]
) -> None:
    first = (await returns.api.get(f"/cases/{case['id']}/timeline", limit="5")).json()
    path = f"/cases/{case['id']}/versions"
    answer = await returns.api.get(path, cursor=first["next_cursor"])
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-invalid")


async def test_the_audit_of_large_changes_is_cut_by_bytes(
    admin: Api, returns: ReturnsClient, case: dict[str, Any]
) -> None:
    for seal in ("seal", "unseal"):
        body = {"reason": "x" * 400}
        assert (await admin.post(f"/cases/{case['id']}/{seal}", body)).status_code == 200
    assert (await returns.api.get("/registry-audit-events")).status_code == 403
    _, in_large = await all_items(admin, "/registry-audit-events", 200)
    _, in_small = await all_items(admin, "/registry-audit-events", 3)
    assert in_small == in_large
