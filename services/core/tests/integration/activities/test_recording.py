"""POST /activities: what happened, and what it does to its case."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from testkit.core.api import Api
from testkit.core.registry import AMINA, JOHN, PLACEHOLDER, activity_body, case_body, reason


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    body: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return body


async def record(api: Api, case: dict[str, Any], *words: str, **more: Any) -> dict[str, Any]:
    response = await api.post("/activities", activity_body(case["id"], *words) | more)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def current_case(api: Api, case: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = (await api.get(f"/cases/{case['id']}")).json()
    return body


async def test_an_outcome_decides_the_status_at_once(clerk: Api, case: dict[str, Any]) -> None:
    activity = await record(
        clerk, case, "2026-03-02", "Judgment", "Judgment Delivered", judge_ids=[str(AMINA)]
    )

    body = await current_case(clerk, case)
    assert (body["status"], body["disposed_on"]) == ("disposed", "2026-03-02")
    assert body["lead_judge"] == {"id": str(AMINA), "display_name": "Example, Amina Wanja"}
    assert (body["activity_count"], body["version"]) == (1, 2)
    assert activity["source"] == {
        "kind": "manual",
        "batch_id": None,
        "filename": None,
        "row_no": None,
    }
    assert activity["created_by"] == str(clerk.user_id)
    assert activity["flags"] == []


async def test_counters_follow_adjournments_and_next_dates(
    clerk: Api, case: dict[str, Any]
) -> None:
    await record(
        clerk,
        case,
        "2026-01-09",
        "Hearing",
        "Adjournment",
        reason_id=str(reason("Advocate bereaved")),
        next_on="2026-07-09",
        custody_count=1,
    )

    body = await current_case(clerk, case)
    assert (body["adjournment_count"], body["next_hearing_on"], body["custody_count"]) == (
        1,
        "2026-07-09",
        1,
    )


async def test_a_placeholder_judge_never_leads(clerk: Api, case: dict[str, Any]) -> None:
    await record(clerk, case, "2026-01-09", "Mention", "Mention Date Given", judge_ids=[str(JOHN)])
    await record(
        clerk, case, "2026-01-10", "Mention", "Mention Date Given", judge_ids=[str(PLACEHOLDER)]
    )

    assert (await current_case(clerk, case))["lead_judge"]["id"] == str(JOHN)


async def test_a_second_closure_is_flagged_and_changes_nothing(
    clerk: Api, case: dict[str, Any]
) -> None:
    await record(clerk, case, "2026-03-02", "Judgment", "Judgment Delivered")

    second = await record(clerk, case, "2026-03-09", "Ruling", "Struck Out")

    assert second["flags"] == ["second_closure"]
    assert (await current_case(clerk, case))["disposed_on"] == "2026-03-02"


async def test_a_correction_replaces_and_keeps_the_history(
    clerk: Api, case: dict[str, Any]
) -> None:
    wrong = await record(clerk, case, "2026-03-02", "Judgment", "Judgment Delivered")

    right = await record(
        clerk, case, "2026-03-02", "Judgment", "Judgment Date Given", supersedes=wrong["id"]
    )

    body = await current_case(clerk, case)
    assert (body["status"], body["disposed_on"], body["activity_count"]) == ("pending", None, 1)
    items = (await clerk.get(f"/cases/{case['id']}/activities")).json()["items"]
    assert {item["id"]: item["void_reason"] for item in items} == {
        wrong["id"]: "corrected",
        right["id"]: None,
    }
    assert right["supersedes_id"] == wrong["id"]
    assert right["seq"] == wrong["seq"]
    events = (await clerk.get(f"/cases/{case['id']}/status-events")).json()["items"]
    assert [(event["kind"], event["retracted_at"] is None) for event in events] == [
        ("filed", True),
        ("disposed", False),
    ]


async def test_an_activity_is_corrected_once(clerk: Api, case: dict[str, Any]) -> None:
    wrong = await record(clerk, case, "2026-03-02", "Judgment", "Judgment Delivered")
    body = activity_body(case["id"], "2026-03-02", "Judgment", "Struck Out")

    responses = await asyncio.gather(
        *(clerk.post("/activities", body | {"supersedes": wrong["id"]}) for _ in range(3))
    )

    assert sorted(response.status_code for response in responses) == [201, 409, 409]


async def test_a_correction_must_be_of_the_same_case(clerk: Api, case: dict[str, Any]) -> None:
    other = (await clerk.post("/cases", case_body(number="E015"))).json()
    theirs = await record(clerk, other, "2026-03-02", "Judgment", "Judgment Delivered")
    body = activity_body(case["id"], "2026-03-02", "Judgment", "Struck Out")

    response = await clerk.post("/activities", body | {"supersedes": theirs["id"]})

    assert (response.status_code, response.json()["code"]) == (404, "activity-not-found")


async def test_activities_recorded_at_once_all_count(clerk: Api, case: dict[str, Any]) -> None:
    await asyncio.gather(
        *(
            record(clerk, case, "2026-01-09", "Mention", "Adjournment", allow_duplicate=True)
            for _ in range(6)
        )
    )

    body = await current_case(clerk, case)
    assert (body["activity_count"], body["adjournment_count"], body["version"]) == (6, 6, 7)


async def test_a_retried_record_gets_the_first_answer(clerk: Api, case: dict[str, Any]) -> None:
    body = activity_body(case["id"], "2026-01-09", "Mention", "Adjournment")

    first = await clerk.post("/activities", body, key="retry-3")
    again = await clerk.post("/activities", body, key="retry-3")

    assert first.json() == again.json()
    assert (await current_case(clerk, case))["activity_count"] == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"activity_on": "2026-06-02"}, "activity-invalid"),
        ({"next_on": "2026-01-09"}, "activity-invalid"),
        ({"activity_type_id": str(uuid4())}, "activity-invalid"),
        ({"outcome_id": str(uuid4())}, "activity-invalid"),
        ({"judge_ids": [str(AMINA), str(AMINA)]}, "activity-invalid"),
        ({"reason_id": str(uuid4())}, "unknown-reference"),
        ({"judge_ids": [str(uuid4())]}, "unknown-reference"),
        ({"judge_ids": [str(uuid4()) for _ in range(8)]}, "validation-failed"),
        ({"applicant_witnesses": -1}, "validation-failed"),
        ({"custody_count": 1000}, "validation-failed"),
        ({"voided_at": None}, "validation-failed"),
    ],
)
async def test_what_cannot_be_recorded_is_named(
    clerk: Api, case: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    body = activity_body(case["id"], "2026-01-09", "Mention", "Mention Date Given")

    response = await clerk.post("/activities", body | changes)

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert await current_case(clerk, case) == case


async def test_viewers_and_strangers_record_nothing(
    api: Api, viewer: Api, case: dict[str, Any]
) -> None:
    body = activity_body(case["id"], "2026-01-09", "Mention", "Mention Date Given")

    assert (await viewer.post("/activities", body)).status_code == 403
    assert (await api.post("/activities", body)).status_code == 401


async def test_an_activity_of_an_unknown_case_is_refused(clerk: Api) -> None:
    body = activity_body(str(uuid4()), "2026-01-09", "Mention", "Mention Date Given")

    assert (await clerk.post("/activities", body)).status_code == 404
