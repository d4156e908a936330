"""Who is responsible for a case: from the bench, by assignment, and by the dozen."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from common.composition import Units
from common.identity import Role
from core_service.rebuild import rebuild
from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    PLACEHOLDER,
    TESTVILLE,
    activity_body,
    case_body,
    judge,
)

MARY = judge("Trial", "Mary")
PETER = judge("Dummy", "Peter")


def given_to(judge_id: Any, on: str = "2026-05-04", **more: Any) -> dict[str, Any]:
    return {"judge_id": str(judge_id), "from_on": on, "reason": "Part-heard before her"} | more


async def new_case(api: Api, number: str, *bench: Any, **changes: Any) -> str:
    case_id: str = (await api.post("/cases", case_body(number=number, **changes))).json()["id"]
    if bench:
        await sit(api, case_id, "2026-03-02", *bench)
    return case_id


async def sit(api: Api, case_id: str, on: str, *bench: Any) -> None:
    body = activity_body(case_id, on, "Mention", "Mention Date Given")
    response = await api.post("/activities", body | {"judge_ids": [str(each) for each in bench]})
    assert response.status_code == 201, response.text


async def spans(api: Api, case_id: str) -> list[tuple[str, str, str, str | None]]:
    items = (await api.get(f"/cases/{case_id}/assignments")).json()["items"]
    return [(each["judge"]["id"], each["role"], each["from_on"], each["to_on"]) for each in items]


async def lead(api: Api, case_id: str) -> str | None:
    found = (await api.get(f"/cases/{case_id}")).json()["lead_judge"]
    return found["id"] if found else None


async def test_benches_and_assignments_make_one_history(
    core: Units, clerk: Api, viewer: Api, outsider: Api
) -> None:
    case_id = await new_case(clerk, "E1", AMINA, JOHN, PLACEHOLDER)
    path = f"/cases/{case_id}/assignments"
    assert (await viewer.post(path, given_to(MARY))).status_code == 403
    assert (await outsider.get(path)).status_code == 404

    made = await clerk.post(path, given_to(MARY), key="assign-1")

    assert made.status_code == 201, made.text
    assert (await clerk.post(path, given_to(MARY), key="assign-1")).json() == made.json()
    assert made.json()["origin"] == "assigned"
    assert await lead(clerk, case_id) == str(MARY)
    assert await spans(clerk, case_id) == [
        (str(AMINA), "lead", "2026-03-02", "2026-05-04"),
        (str(JOHN), "member", "2026-03-02", None),
        (str(MARY), "lead", "2026-05-04", None),
    ]
    entry = (await clerk.get(f"/cases/{case_id}/versions")).json()["items"][-1]
    assert (entry["kind"], entry["reason"]) == ("assigned", "Part-heard before her")
    assert entry["changes"]["lead_judge_id"] == {"from": str(AMINA), "to": str(MARY)}
    assert (await rebuild(core)).changed == 0

    end = {"ended_on": "2026-05-20", "reason": "Recused"}
    items = (await clerk.get(path)).json()["items"]
    by_bench, assigned = items[0]["id"], items[2]["id"]
    assert (await clerk.post(f"{path}/{by_bench}/end", end)).status_code == 409
    assert (await clerk.post(f"{path}/{uuid4()}/end", end)).status_code == 404
    early = await clerk.post(f"{path}/{assigned}/end", end | {"ended_on": "2026-05-01"})
    assert early.json()["code"] == "assignment-invalid"
    ended = await clerk.post(f"{path}/{assigned}/end", end)
    assert (ended.status_code, ended.json()["to_on"]) == (200, "2026-05-20")
    assert await lead(clerk, case_id) is None
    await sit(clerk, case_id, "2026-05-25", PETER)
    assert await lead(clerk, case_id) == str(PETER)
    assert (await rebuild(core)).changed == 0


@pytest.mark.parametrize(
    "changes",
    [{"judge_id": str(PLACEHOLDER)}, {"judge_id": str(uuid4())}, {"from_on": "2026-06-02"}],
)
async def test_an_assignment_that_cannot_be_says_why(clerk: Api, changes: dict[str, Any]) -> None:
    case_id = await new_case(clerk, "E1")

    response = await clerk.post(f"/cases/{case_id}/assignments", given_to(MARY) | changes)

    assert (response.status_code, response.json()["code"]) == (422, "assignment-invalid")
    assert await spans(clerk, case_id) == []


async def test_a_judge_s_cases_move_as_the_preview_showed(
    core: Units, api: Api, admin: Api, clerk: Api, viewer: Api
) -> None:
    mine = [await new_case(clerk, f"E{number}", AMINA) for number in range(1, 4)]
    closed = await new_case(clerk, "E8", AMINA)
    done = activity_body(closed, "2026-03-03", "Judgment", "Judgment Delivered")
    await clerk.post("/activities", done)
    theirs = await new_case(admin, "E9", AMINA, court_id=str(DEMOVILLE))
    body = {
        "from_judge_id": str(AMINA),
        "to_judge_ids": [str(MARY), str(PETER)],
        "reason": "Transferred to Demoville",
    }
    path = "/assignments/bulk"
    assert (await viewer.post(path, body)).status_code == 403
    assert (await api.post(path, body)).status_code == 401
    assert (await clerk.post(path, body | {"to_judge_ids": [str(AMINA)]})).status_code == 422

    preview = (await clerk.post(f"{path}?preview=true", body)).json()

    turns = [str(MARY), str(PETER), str(MARY)]
    assert (preview["moved"], preview["count"], preview["remaining"]) == (False, 3, 0)
    shown = [(move["case_id"], move["to_judge_id"]) for move in preview["items"]]
    assert shown == list(zip(sorted(mine), turns, strict=True))
    assert await lead(clerk, mine[0]) == str(AMINA)

    await sit(clerk, mine[2], "2026-05-05", JOHN)
    stale = await clerk.post(path, body | {"plan": preview["plan"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "plan-changed")
    plan = (await clerk.post(f"{path}?preview=true", body)).json()
    moved = await clerk.post(path, body | {"plan": plan["plan"]}, key="bulk-1")
    again = await clerk.post(path, body | {"plan": plan["plan"]}, key="bulk-1")
    assert moved.json() == again.json() == plan | {"moved": True}
    leads = [await lead(admin, case_id) for case_id in (*mine, closed, theirs)]
    assert leads == [str(MARY), str(PETER), str(JOHN), str(AMINA), str(AMINA)]
    assert (await rebuild(core)).changed == 0


async def test_a_move_that_races_with_the_courtroom_leaves_one_lead(
    core: Units, api: Api, clerk: Api
) -> None:
    cases = [await new_case(clerk, f"E{number}", AMINA) for number in range(1, 4)]
    body = {"from_judge_id": str(AMINA), "to_judge_ids": [str(MARY)], "reason": "On leave"}
    colleague = api.user(Role.DATA_ENTRY, TESTVILLE)

    responses = await asyncio.gather(
        *(sit(colleague, case_id, "2026-05-30", AMINA) for case_id in cases),
        *(clerk.post("/assignments/bulk", body) for _ in range(2)),
        return_exceptions=True,
    )

    assert [each for each in responses if isinstance(each, BaseException)] == []
    assert sum(each.json()["count"] for each in responses[3:]) == 3  # type: ignore[union-attr]  # the moves' responses
    for case_id in cases:
        found = await spans(clerk, case_id)
        assert [each[0] for each in found if each[3] is None] == [str(MARY)]
    assert (await rebuild(core)).changed == 0
