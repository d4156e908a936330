"""Status by order, and the list of requests."""

from typing import Any

import pytest

from common.composition import Units
from common.identity import Role
from core_service.rebuild import rebuild
from testkit.core.api import Api
from testkit.core.registry import DEMOVILLE, TESTVILLE, activity_body, case_body


def order(status: str, on: str = "2026-05-04") -> dict[str, str]:
    return {"status": status, "effective_on": on, "reason": "Order of the presiding judge"}


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    body: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return body


async def test_a_status_set_by_order_is_an_activity_in_the_ledger(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}"
    closed = activity_body(case["id"], "2026-03-02", "Judgment", "Judgment Delivered")
    await admin.post("/activities", closed)

    inactive = await admin.post(f"{path}/status", order("inactive"))

    assert inactive.status_code == 200, inactive.text
    assert (inactive.json()["status"], inactive.json()["status_since"]) == (
        "inactive",
        "2026-05-04",
    )
    events = (await admin.get(f"{path}/status-events")).json()["items"]
    assert [event["kind"] for event in events] == [
        "filed",
        "disposed",
        "reopened",
        "inactivated",
    ]
    activity = (await admin.get(f"{path}/activities")).json()["items"][-1]
    assert (activity["source"]["kind"], activity["sets_status"]) == ("system", "inactive")
    assert activity["details"] == "Order of the presiding judge"
    entry = (await admin.get(f"{path}/versions")).json()["items"][-1]
    assert (entry["kind"], entry["reason"]) == ("status_set", "Order of the presiding judge")
    assert (await rebuild(core)).changed == 0
    await admin.post(f"/activities/{activity['id']}/void", {"reason": "The order was set aside"})
    assert (await admin.get(path)).json()["status"] == "disposed"


async def test_an_impossible_order_is_refused_with_its_reason(
    admin: Api, clerk: Api, viewer: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}/status"

    answers = [
        (await caller.post(path, body)).json()["code"]
        for caller, body in (
            (admin, order("pending")),
            (admin, order("disposed", "2026-06-02")),
            (admin, order("disposed", "2025-02-02")),
            (admin, order("transferred")),
            (admin, order("disposed") | {"effective_on": 1746316800}),
            (clerk, order("pending")),
            (clerk, order("disposed", "2026-06-02")),
            (viewer, order("disposed")),
        )
    ]

    assert answers == [
        "status-unchanged",
        "status-order-invalid",
        "status-order-invalid",
        "validation-failed",
        "validation-failed",
        "status-unchanged",
        "status-order-invalid",
        "permission-denied",
    ]
    assert (await admin.get("/requests")).json()["items"] == []


async def test_requests_are_listed_to_their_proposers_and_deciders(
    api: Api, clerk: Api, admin: Api, viewer: Api, outsider: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}"
    status = (await clerk.post(f"{path}/status", order("disposed"))).json()
    sent = {"to_court_id": str(DEMOVILLE), "transferred_on": "2026-05-04", "reason": "By order"}
    transfer = (await clerk.post(f"{path}/transfer", sent)).json()
    receiving = api.user(Role.ADMIN, DEMOVILLE)

    async def listed(caller: Api, **filters: str) -> list[str]:
        items = (await caller.get("/requests", **filters)).json()["items"]
        return [item["id"] for item in items]

    both = [status["id"], transfer["id"]]
    assert await listed(clerk) == await listed(admin, state="pending") == both
    assert await listed(receiving) == [transfer["id"]]
    assert await listed(outsider) == []
    assert await listed(admin, kind="status", case=case["id"]) == [status["id"]]
    assert (await viewer.get("/requests")).status_code == 403
    assert (await api.get("/requests")).status_code == 401
    page = (await admin.get("/requests", limit="1", count="exact")).json()
    assert page["total"] == 2
    assert await listed(admin, cursor=page["next_cursor"]) == [transfer["id"]]
    assert transfer["terms"]["to_court_id"] == str(DEMOVILLE)

    here = api.user(Role.ADMIN, TESTVILLE)
    rejected = await here.post(f"/requests/{status['id']}/reject", {"note": "No such order"})
    assert (rejected.status_code, rejected.json()["decision_note"]) == (200, "No such order")
    assert (await admin.get(path)).json()["status"] == "pending"
    assert await listed(admin, state="rejected") == [status["id"]]
    assert (await clerk.post(f"{path}/status", order("disposed"))).status_code == 202
