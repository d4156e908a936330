"""Who reads, proposes and decides on data that all courts share."""

from typing import Any
from uuid import UUID

import pytest

from common.composition import Units
from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    TESTVILLE,
    category,
    outcome,
)
from testkit.core.returns import ReturnsClient

MERGE, INTO = f"/judges/{JOHN}/merge", {"into_id": str(AMINA), "reason": "One person"}
SITE_VISIT = {"label": "Site Visit", "counts_as_hearing": True, "adjournable": True}
COURT = {"code": "NEWTOWN-KC", "name": "Newtown", "court_type": "KC", "station": "Newtown"}
TIME_STANDARD = {
    "edition": "Testville 2026",
    "label": "Civil suits",
    "category_id": str(category("CIV")),
    "percent": 90,
    "days": 300,
    "source": "Testville court users' committee",
}


@pytest.fixture
async def alias_id(core: Units, clerk: Api, outsider: Api, admin: Api) -> UUID:
    """A pending spelling that rows of two courts wait for."""
    for caller, court in ((clerk, "Testville"), (outsider, "Demoville")):
        await ReturnsClient(core, caller).bring({"court": court, "judge_1": "Unlisted, Ann"})
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    return UUID(alias["id"])


async def proposed(answer: Any) -> dict[str, Any]:
    """The request in the answer to a proposal."""
    assert answer.status_code == 202, answer.text
    request: dict[str, Any] = answer.json()
    assert (request["state"], request["case_id"]) == ("pending", None)
    assert answer.headers["location"] == f"/api/v1/requests/{request['id']}"
    return request


async def accept(admin: Api, request: dict[str, Any]) -> dict[str, Any]:
    answer = await admin.post(f"/requests/{request['id']}/accept", {})
    assert answer.status_code == 200, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted


async def listed(caller: Api, **filters: str) -> list[str]:
    answer = await caller.get("/requests", **filters)
    return [item["id"] for item in answer.json()["items"]]


async def merged_into(api: Api) -> str | None:
    into: str | None = (await api.get(f"/judges/{JOHN}")).json()["merged_into_id"]
    return into


async def test_the_proposer_and_administrators_of_all_courts_see_a_request_of_no_court(
    api: Api, clerk: Api, admin: Api
) -> None:
    merge = (await proposed(await clerk.post(MERGE, INTO)))["id"]
    addition = (await proposed(await clerk.post("/activity-types", SITE_VISIT)))["id"]
    colleague, one_court = api.user(Role.DATA_ENTRY, TESTVILLE), api.user(Role.ADMIN, TESTVILLE)

    for caller in (clerk, admin):
        assert await listed(caller) == [merge, addition]
        assert (await caller.get(f"/requests/{merge}")).status_code == 200
    assert await listed(admin, kind="reference_add") == [addition]
    assert await listed(admin, entity="judges", state="pending") == [merge]
    assert (await admin.get("/requests", entity="no table\x00")).status_code == 422
    for caller in (colleague, one_court, api.user(Role.DATA_ENTRY)):
        assert await listed(caller) == []
        assert (await caller.get(f"/requests/{merge}")).status_code == 404
    assert (await clerk.post(f"/requests/{merge}/accept", {})).status_code == 403


async def test_the_administrator_of_one_court_does_not_decide_on_shared_data(
    api: Api, clerk: Api, alias_id: UUID
) -> None:
    one_court = api.user(Role.ADMIN, DEMOVILLE)
    promoted = api.user(Role.ADMIN, TESTVILLE, user_id=clerk.user_id)
    requests = [
        await proposed(await clerk.post(MERGE, INTO)),
        await proposed(await clerk.post(f"/aliases/{alias_id}/reject")),
        await proposed(await clerk.post("/activity-types", SITE_VISIT)),
    ]

    for request in requests:
        for decision in ("accept", "reject"):
            path = f"/requests/{request['id']}/{decision}"
            assert (await one_court.post(path, {})).status_code == 404
            assert (await promoted.post(path, {})).status_code == 403
    assert await merged_into(promoted) is None


async def test_the_administrator_of_one_court_proposes_changes_of_shared_data(
    api: Api, admin: Api
) -> None:
    """Changes of shared data wait for an administrator of all courts."""
    one_court = api.user(Role.ADMIN, TESTVILLE)
    court = (await admin.get(f"/courts/{DEMOVILLE}")).json()
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", f"/courts/{DEMOVILLE}", {"name": "Renamed"}),
        ("PATCH", f"/courts/{TESTVILLE}", {"is_active": False}),
        ("PATCH", f"/judges/{JOHN}", {"is_active": False}),
        ("PATCH", f"/outcomes/{outcome('Struck Out')}", {"valid_to": "2027-01-01"}),
        ("POST", "/courts", COURT),
        ("POST", "/time-standards", TIME_STANDARD),
        ("POST", MERGE, INTO),
    ]

    for method, path, body in changes:
        await proposed(await one_court.call(method, path, json=body, headers={"If-Match": '"1"'}))

    assert (await admin.get(f"/courts/{DEMOVILLE}")).json() == court
    assert (await admin.get(f"/courts/{TESTVILLE}")).json()["is_active"]
    assert len(await listed(admin)) == len(changes)


async def test_administrators_of_all_courts_change_shared_data_without_a_request(
    admin: Api, alias_id: UUID
) -> None:
    made = [
        (await admin.post(MERGE, INTO)).status_code,
        (await admin.post(f"/judges/{JOHN}/unmerge")).status_code,
        (await admin.post(f"/aliases/{alias_id}/reject")).status_code,
        (await admin.post("/activity-types", SITE_VISIT)).status_code,
    ]

    assert made == [201, 200, 200, 201]
    assert await listed(admin) == []
