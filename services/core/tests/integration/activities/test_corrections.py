"""PATCH /activities/{id}, void, and day lists: a new activity, the old one stays."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from common.composition import Units
from common.writes import expected_version
from core_service.rebuild import rebuild
from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    activity_body,
    case_body,
    outcome,
    reason,
)

REASON = {"reason": "Recorded under the wrong number"}


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    body: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return body


@pytest.fixture
async def judgment(clerk: Api, case: dict[str, Any]) -> dict[str, Any]:
    body = activity_body(case["id"], "2026-03-02", "Judgment", "Judgment Delivered")
    recorded = await clerk.post("/activities", body | {"judge_ids": [str(AMINA), str(JOHN)]})
    found: dict[str, Any] = recorded.json()
    return found


async def current_case(api: Api, case: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = (await api.get(f"/cases/{case['id']}")).json()
    return body


async def test_a_correction_is_a_new_activity_with_the_other_fields_unchanged(
    clerk: Api, case: dict[str, Any], judgment: dict[str, Any]
) -> None:
    path = f"/activities/{judgment['id']}"
    assert expected_version((await clerk.get(path)).headers["ETag"]) == 1
    changes = {"outcome_id": str(outcome("Judgment Date Given")), "next_on": "2026-07-01"}

    corrected = await clerk.patch(path, changes, version=1)

    body = corrected.json()
    assert corrected.status_code == 200, corrected.text
    assert (body["supersedes_id"], body["seq"]) == (judgment["id"], judgment["seq"])
    assert body["judge_ids"] == judgment["judge_ids"]
    assert (body["next_on"], body["version"]) == ("2026-07-01", 1)
    assert (await current_case(clerk, case))["status"] == "pending"
    history = (await clerk.get(f"/cases/{case['id']}/activities")).json()["items"]
    assert {item["id"]: item["superseded_by"] for item in history} == {
        judgment["id"]: body["id"],
        body["id"]: None,
    }
    live = await clerk.get(f"/cases/{case['id']}/activities", history="false")
    assert [item["id"] for item in live.json()["items"]] == [body["id"]]
    entry = (await clerk.get(f"/cases/{case['id']}/versions")).json()["items"][-1]
    assert (entry["version"], entry["kind"]) == (3, "corrected")
    assert entry["changes"]["next_on"] == {"from": None, "to": "2026-07-01"}


async def test_of_concurrent_corrections_one_succeeds_and_the_others_get_412(
    clerk: Api, viewer: Api, outsider: Api, judgment: dict[str, Any]
) -> None:
    path, changes = f"/activities/{judgment['id']}", {"details": "Read in open court"}
    assert (await clerk.patch(path, changes, version=None)).status_code == 428
    assert (await viewer.patch(path, changes, version=1)).status_code == 403
    assert (await outsider.patch(path, changes, version=1)).status_code == 404
    assert (await clerk.patch(path, {"next_on": "2026-03-01"}, version=1)).status_code == 422

    responses = await asyncio.gather(*(clerk.patch(path, changes, version=1) for _ in range(3)))

    assert sorted(each.status_code for each in responses) == [200, 412, 412]
    stale = next(each for each in responses if each.status_code == 412)
    assert stale.json()["current_version"] == 2
    again = await clerk.patch(path, changes, version=2)
    assert (again.status_code, again.json()["code"]) == (409, "activity-already-corrected")


async def test_clerks_propose_a_void_and_admins_make_it(
    core: Units, clerk: Api, admin: Api, viewer: Api, case: dict[str, Any], judgment: dict[str, Any]
) -> None:
    path = f"/activities/{judgment['id']}/void"
    assert (await viewer.post(path, REASON)).status_code == 403
    proposed = await clerk.post(path, REASON)
    assert (proposed.status_code, proposed.json()["activity_id"]) == (202, judgment["id"])
    assert proposed.headers["Location"] == f"/api/v1/requests/{proposed.json()['id']}"
    assert (await clerk.post(path, REASON)).json()["code"] == "request-pending"
    assert (await current_case(clerk, case))["status"] == "disposed"

    voided = await admin.post(path, REASON)

    body = voided.json()
    assert voided.status_code == 200, voided.text
    assert (body["void_reason"], body["void_note"]) == ("voided", REASON["reason"])
    assert body["voided_by"] == str(admin.user_id)
    after = await current_case(clerk, case)
    assert (after["status"], after["activity_count"], after["version"]) == ("pending", 0, 3)
    assert after["lead_judge"] is None
    late = await admin.post(f"/requests/{proposed.json()['id']}/accept", {})
    assert (late.status_code, late.json()["code"]) == (409, "activity-already-corrected")
    refused = await admin.post(
        f"/requests/{proposed.json()['id']}/reject", {"note": "Done already"}
    )
    assert (refused.status_code, refused.json()["state"]) == (200, "rejected")
    assert (await clerk.post(path, REASON)).status_code == 409
    assert (await admin.post(f"/activities/{uuid4()}/void", REASON)).status_code == 404
    assert (await rebuild(core)).changed == 0


async def test_each_row_of_a_day_s_list_has_its_own_verdict(
    clerk: Api, admin: Api, viewer: Api, case: dict[str, Any]
) -> None:
    other = (await clerk.post("/cases", case_body(number="E015"))).json()
    elsewhere = (await admin.post("/cases", case_body(court_id=str(DEMOVILLE)))).json()
    words = ("2026-03-02", "Mention", "Mention Date Given")
    mention = activity_body(case["id"], *words)
    rows = [
        mention,
        activity_body(other["id"], *words),
        activity_body(elsewhere["id"], *words),
        mention | {"next_on": "2026-03-01"},
        mention | {"activity_on": "2026-03-03", "reason_id": str(uuid4())},
        mention,
        mention | {"reason_id": str(reason("Party absent")), "details": "Corrected at once"},
    ]
    assert (await viewer.post("/activities/batch", {"items": rows})).status_code == 403
    assert (await clerk.post("/activities/batch", {"items": []})).status_code == 422

    first = await clerk.post("/activities/batch", {"items": rows}, key="day-1")
    again = await clerk.post("/activities/batch", {"items": rows}, key="day-1")

    body = first.json()
    assert first.status_code == 200, first.text
    assert [(row["index"], row["verdict"]) for row in body["items"]] == [
        (0, "recorded"),
        (1, "recorded"),
        (2, "refused"),
        (3, "refused"),
        (4, "refused"),
        (5, "unchanged"),
        (6, "corrected"),
    ]
    assert [row["problem"]["code"] for row in body["items"] if row["problem"]] == [
        "case-not-found",
        "activity-invalid",
        "unknown-reference",
    ]
    assert body["items"][3]["problem"]["errors"][0]["field"] == "next_on"
    assert body["items"][5]["activity_id"] == body["items"][0]["activity_id"]
    assert body["counts"] == {"recorded": 2, "corrected": 1, "unchanged": 1, "refused": 3}
    assert again.json() == body
    assert (await current_case(clerk, case))["activity_count"] == 1
