"""DELETE, restore, seal and unseal: hidden and visible again, with nothing lost."""

from typing import Any

import pytest

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import DEMOVILLE, case_body
from testkit.core.returns import ReturnsClient

REASON = {"reason": "Registered twice"}


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    body: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return body


async def filed(api: Api, **moment: str) -> int:
    period = {"from": "2025-01-01", "to": "2025-12-31"}
    totals: dict[str, int] = (await api.get("/metrics/matrix", **period, **moment)).json()["totals"]
    return totals["new"]


async def test_a_deleted_case_is_not_found_and_is_restored_unchanged(
    clock: FrozenClock, admin: Api, clerk: Api, viewer: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}"
    assert (await clerk.delete(path, version=1)).status_code == 403
    assert (await viewer.post(f"{path}/restore", REASON)).status_code == 403
    assert (await admin.delete(path, version=None)).status_code == 428
    assert (await admin.delete(path, version=7)).json()["current_version"] == 1
    clock.advance(days=1)

    assert (await admin.delete(path, version=1, reason="Registered twice")).status_code == 204

    for at in ("", "/timeline", "/versions"):
        assert (await admin.get(f"{path}{at}")).status_code == 404
    assert (await admin.get("/cases", count="exact")).json()["total"] == 0
    listed = (await clerk.get("/cases", deleted="true")).json()["items"]
    assert [each["id"] for each in listed] == [case["id"]]
    assert (await viewer.get("/cases", deleted="true")).status_code == 403
    taken = await clerk.post("/cases", case_body(number="e-14"))
    assert (taken.status_code, taken.json()["code"]) == (409, "case-deleted")
    assert taken.json()["detail"].startswith("HCCC E014 of 2025 was deleted on 2026-06-02")
    free = await clerk.post("/cases", case_body(number=None))
    assert free.json()["number_raw"] == "E015"
    assert await filed(admin) == 1
    clock.advance(days=1)
    proposed = await clerk.post(f"{path}/restore", REASON)
    assert (proposed.status_code, proposed.json()["kind"]) == (202, "restore")

    restored = await admin.post(f"{path}/restore", REASON)

    assert restored.status_code == 200, restored.text
    same = ("number", "status", "status_since", "filed_on")
    assert [restored.json()[name] for name in same] == [case[name] for name in same]
    assert await filed(admin) == 2
    # What was known while it was deleted stays as it was.
    assert await filed(admin, known_on="2026-06-02") == 1
    assert await filed(admin, known_on="2026-06-01") == 1
    versions = (await admin.get(f"{path}/versions")).json()["items"]
    assert [(each["version"], each["kind"]) for each in versions] == [
        (1, "registered"),
        (2, "deleted"),
        (3, "restored"),
    ]
    assert versions[1]["reason"] == "Registered twice"
    assert versions[1]["by"]["id"] == str(admin.user_id)
    assert (await admin.post(f"{path}/restore", REASON)).status_code == 404


async def test_a_return_s_row_for_a_deleted_case_is_rejected_by_name(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    await admin.delete(f"/cases/{case['id']}", version=1)
    returns = ReturnsClient(core, admin)

    batch = await returns.bring({}, {"caseid_no": "E099"}, mode="apply")

    rows = await returns.rows(batch)
    assert [row["result"] for row in rows] == ["REJECTED", "NEW"]
    issue = rows[0]["issues"][-1]
    assert issue["code"] == "ROW_REFUSED"
    assert "HCCC E014 of 2025 was deleted on 2026-06-01" in issue["message"]


async def test_a_seal_hides_until_it_is_lifted(
    admin: Api, clerk: Api, viewer: Api, api: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}"
    assert (await clerk.post(f"{path}/seal", REASON)).status_code == 403
    assert (await api.post(f"{path}/seal", REASON)).status_code == 401
    elsewhere = api.user(Role.ADMIN, DEMOVILLE)
    assert (await elsewhere.post(f"{path}/seal", REASON)).status_code == 404

    sealed = await admin.post(f"{path}/seal", REASON)
    again = await admin.post(f"{path}/seal", REASON)

    assert (sealed.json()["sealed"], sealed.json()["version"]) == (True, 2)
    assert again.json() == sealed.json()
    assert (await viewer.get(path)).status_code == 404
    assert (await viewer.get(f"{path}/versions")).status_code == 404
    await admin.post(f"{path}/unseal", {"reason": "The order has lapsed"})
    assert (await viewer.get(path)).json()["sealed"] is False
