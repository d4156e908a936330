"""GET and PATCH /cases/{id}: versions, and what may change."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from common.composition import Units
from common.identity import Grant, Role
from common.writes import expected_version
from testkit.core.api import Api
from testkit.core.registry import DEMOVILLE, TESTVILLE, case_body, case_type


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    body: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return body


async def test_reading_a_case_gives_its_version(clerk: Api, case: dict[str, Any]) -> None:
    response = await clerk.get(f"/cases/{case['id']}")

    assert response.json() == case
    assert expected_version(response.headers["ETag"]) == 1


async def test_facts_change_and_the_ledger_follows(clerk: Api, case: dict[str, Any]) -> None:
    changes = {
        "filed_on": "2025-02-10",
        "case_type_id": str(case_type("LAND")),
        "parties": {"female_defendant": 2},
        "original": {"court": "Testville", "number": "7", "year": 2019},
    }

    response = await clerk.patch(f"/cases/{case['id']}", changes, version=1)

    body = response.json()
    assert response.status_code == 200, response.text
    assert response.headers["ETag"] == '"2"'
    assert (body["version"], body["filed_on"], body["status_since"]) == (
        2,
        "2025-02-10",
        "2025-02-10",
    )
    assert body["case_type"]["code"] == "LAND"
    assert body["parties"] == case["parties"] | {"female_defendant": 2}
    assert body["original"] == {"court": "Testville", "code": None, "number": "7", "year": 2019}
    events = (await clerk.get(f"/cases/{case['id']}/status-events")).json()["items"]
    assert [(event["effective_on"], event["retracted_at"] is None) for event in events] == [
        ("2025-02-03", False),
        ("2025-02-10", True),
    ]


async def test_a_change_of_parties_does_not_replay_the_case(
    core: Units, clerk: Api, case: dict[str, Any]
) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        sent.append(sql)

    engine = core.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        response = await clerk.patch(
            f"/cases/{case['id']}", {"parties": {"male_applicant": 3}}, version=1
        )
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert (response.status_code, response.json()["version"]) == (200, 2)
    assert len(sent) <= 6, sent
    assert not any("case_activities" in sql or "case_status_events" in sql for sql in sent)


async def test_the_second_of_two_clerks_hears_of_the_newer_version(
    clerk: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}"
    responses = await asyncio.gather(
        clerk.patch(path, {"parties": {"male_applicant": 1}}, version=1),
        clerk.patch(path, {"parties": {"male_applicant": 2}}, version=1),
    )

    first, second = sorted(responses, key=lambda response: int(response.status_code))
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current_version"] == 2


async def test_a_change_without_if_match_is_refused(clerk: Api, case: dict[str, Any]) -> None:
    response = await clerk.patch(f"/cases/{case['id']}", {}, version=None)

    assert (response.status_code, response.json()["code"]) == (428, "precondition-required")


async def test_a_change_onto_another_case_s_number_is_refused(
    clerk: Api, case: dict[str, Any]
) -> None:
    await clerk.post("/cases", case_body(filed_on="2024-02-03"))

    response = await clerk.patch(f"/cases/{case['id']}", {"filed_on": "2024-12-31"}, version=1)

    assert (response.status_code, response.json()["code"]) == (409, "case-number-taken")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "disposed"},
        {"case_type_id": None},
        {"filed_on": None},
        {"case_type_id": str(uuid4())},
        {"original": {"year": 1}},
    ],
)
async def test_what_may_not_change_is_refused(
    clerk: Api, case: dict[str, Any], changes: dict[str, Any]
) -> None:
    response = await clerk.patch(f"/cases/{case['id']}", changes, version=1)

    assert response.status_code == 422
    assert (await clerk.get(f"/cases/{case['id']}")).json() == case


async def test_a_viewer_may_read_and_not_change(viewer: Api, case: dict[str, Any]) -> None:
    assert (await viewer.get(f"/cases/{case['id']}")).status_code == 200
    assert (await viewer.patch(f"/cases/{case['id']}", {}, version=1)).status_code == 403


async def test_a_case_one_may_only_read_cannot_be_changed(api: Api, case: dict[str, Any]) -> None:
    reader = api.granted(
        Grant(Role.DATA_ENTRY, frozenset({DEMOVILLE})), Grant(Role.VIEWER, frozenset({TESTVILLE}))
    )

    assert (await reader.patch(f"/cases/{case['id']}", {}, version=1)).status_code == 403
