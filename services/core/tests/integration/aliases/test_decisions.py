"""POST /aliases/decisions: many decisions, each with its own verdict."""

from typing import Any

import pytest

from common.composition import Units
from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import AMINA, DEMOVILLE, JOHN, TESTVILLE
from testkit.core.returns import ReturnsClient

NAMES = [f"Unknown, Number {number}" for number in range(5)]


@pytest.fixture
async def ids(core: Units, clerk: Api, admin: Api) -> list[str]:
    """Spellings that rows of Testville wait for."""
    rows = [{"judge_1": name, "date_dd": str(day)} for day, name in enumerate(NAMES, start=1)]
    await ReturnsClient(core, clerk).bring(*rows)
    items = (await admin.get("/aliases", state="pending")).json()["items"]
    by_name = {item["raw"]: item["id"] for item in items}
    return [by_name[name] for name in NAMES]


def accept(alias_id: str, **changes: Any) -> dict[str, Any]:
    return {"alias_id": alias_id, "decision": "accept", "target_id": str(AMINA)} | changes


def reject(alias_id: str, **changes: Any) -> dict[str, Any]:
    return {"alias_id": alias_id, "decision": "reject"} | changes


async def states(admin: Api, ids: list[str]) -> list[str]:
    found = {item["id"]: item["state"] for item in (await admin.get("/aliases")).json()["items"]}
    return [found[alias_id] for alias_id in ids]


async def test_every_decision_has_its_own_verdict(admin: Api, ids: list[str]) -> None:
    items = [
        accept(ids[0]),
        reject(ids[1]),
        accept(ids[2], target_id=str(TESTVILLE)),
        accept(str(AMINA)),
        accept(ids[0], target_id=str(JOHN)),
        accept(ids[3], court_id=str(TESTVILLE)),
        accept(ids[4]),
    ]

    answer = await admin.post("/aliases/decisions", {"items": items}, key="many")

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["counts"] == {"decided": 4, "asked": 0, "refused": 3}
    assert [(item["index"], item["alias_id"]) for item in body["items"]] == [
        (index, item["alias_id"]) for index, item in enumerate(items)
    ]
    problems = [(item["problem"] or {}).get("code") for item in body["items"]]
    refused = ["alias-target-unknown", "alias-not-found", "alias-decided"]
    assert problems == [None, None, *refused, None, None]
    decided = ["accepted", "rejected", "pending", "pending", "accepted"]
    assert await states(admin, ids) == decided
    again = await admin.post("/aliases/decisions", {"items": items}, key="many")
    assert again.json() == body


async def test_a_caller_who_may_not_decide_proposes_each(
    admin: Api, api: Api, clerk: Api, ids: list[str]
) -> None:
    here = api.user(Role.ADMIN, TESTVILLE)
    items = [accept(ids[0]), reject(ids[1]), accept(ids[2], court_id=str(TESTVILLE))]
    everywhere = [*items, accept(ids[3], court_id=str(DEMOVILLE))]

    proposed = (await clerk.post("/aliases/decisions", {"items": everywhere})).json()["items"]
    taken = (await here.post("/aliases/decisions", {"items": items})).json()["items"]

    assert [each["verdict"] for each in proposed] == ["asked", "asked", "asked", "refused"]
    assert proposed[3]["problem"]["code"] == "permission-denied"
    assert [each["verdict"] for each in taken] == ["refused", "refused", "decided"]
    assert [each["problem"]["code"] for each in taken[:2]] == ["request-pending"] * 2
    assert await states(admin, ids) == ["pending"] * len(ids)
    listed = (await admin.get("/requests", entity="aliases")).json()["items"]
    assert [each["id"] for each in listed] == sorted(each["request_id"] for each in proposed[:3])
    assert (await admin.post(f"/requests/{listed[0]['id']}/accept", {})).status_code == 200


async def test_other_callers_cannot_decide_in_a_list(
    api: Api, viewer: Api, outsider: Api, admin: Api, ids: list[str]
) -> None:
    body = {"items": [accept(each) for each in ids]}

    assert (await viewer.post("/aliases/decisions", body)).status_code == 403
    assert (await api.post("/aliases/decisions", body)).status_code == 401
    hidden = (await outsider.post("/aliases/decisions", body)).json()["items"]
    assert {each["problem"]["code"] for each in hidden} == {"alias-not-found"}
    assert (await admin.get("/requests")).json()["items"] == []


@pytest.mark.parametrize(
    "items",
    [
        [],
        [reject(str(AMINA))] * 501,
        [accept(str(AMINA), target_id=None)],
        [reject(str(AMINA), target_id=str(JOHN))],
        [reject(str(AMINA), decision="perhaps")],
    ],
    ids=["none", "too many", "no meaning", "meaning of nothing", "neither"],
)
async def test_a_list_with_missing_or_surplus_fields_is_refused(
    admin: Api, items: list[dict[str, Any]]
) -> None:
    answer = await admin.post("/aliases/decisions", {"items": items})

    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
