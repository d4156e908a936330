"""Events of merges and imports, which change rows by statements instead of one by one."""

from typing import Any

import pytest

from common.clock import FrozenClock
from common.composition import Units
from testkit.core.api import Api
from testkit.core.registry import AMINA, JOHN, activity_body, case_body
from testkit.core.returns import ReturnsClient
from testkit.core.tokens import Issuer


async def events(api: Api, **params: str) -> list[dict[str, Any]]:
    answer = await api.get("/registry-audit-events", limit="200", **params)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items[::-1]


@pytest.fixture
async def activity_id(clerk: Api) -> str:
    """An activity whose bench both judges sat on."""
    case = (await clerk.post("/cases", case_body())).json()
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
    bench = {"judge_ids": [str(JOHN), str(AMINA)]}
    created: str = (await clerk.post("/activities", body | bench)).json()["id"]
    return created


async def test_a_merge_and_an_unmerge_record_each_moved_seat_and_spelling(
    admin: Api, activity_id: str
) -> None:
    john, amina = str(JOHN), str(AMINA)
    merged = await admin.post(f"/judges/{JOHN}/merge", {"into_id": amina})
    unmerged = await admin.post(f"/judges/{JOHN}/unmerge")

    seats = [
        event
        for event in await events(admin, entity_id=activity_id)
        if "judge_ids" in event["changes"]
    ][-2:]
    assert [event["changes"]["judge_ids"] for event in seats] == [
        [[john, amina], [amina]],
        [[amina], [john, amina]],
    ]
    assert [event["request_id"] for event in seats] == [
        merged.headers["x-request-id"],
        unmerged.headers["x-request-id"],
    ]
    spellings = await events(admin, entity="aliases")
    assert [(event["action"], event["changes"]["target_id"]) for event in spellings] == [
        ("create", [None, amina]),
        ("delete", [amina, None]),
    ]


async def test_an_import_is_recorded_by_chunk_and_attributed_to_its_sender(
    core: Units, admin: Api, clerk: Api
) -> None:
    returns = ReturnsClient(core, clerk)
    batch = await returns.bring({}, {"caseid_no": "E015", "judge_1": "Unlisted, Ann"})

    recorded = await events(admin, entity_id=batch["id"])

    assert {event["actor"]["id"] for event in recorded} == {str(clerk.user_id)}
    assert {event["operation"] for event in recorded} == {"POST /api/v1/imports", "import"}
    states = [event["changes"]["state"] for event in recorded if "state" in event["changes"]]
    assert states == [
        [None, "uploaded"],
        ["uploaded", "validating"],
        ["validating", "applying"],
        ["applying", "partial"],
    ]
    assert [0, 2] in [event["changes"].get("validated_rows") for event in recorded]
    assert [0, 1] in [event["changes"].get("new_rows") for event in recorded]
    (spelling,) = await events(admin, entity="aliases")
    assert spelling["changes"]["raw"] == [None, "Unlisted, Ann"]
    assert spelling["actor"]["id"] == str(clerk.user_id)


async def test_an_import_of_a_service_is_attributed_to_the_service(
    api: Api, core: Units, admin: Api, issuer: Issuer, clock: FrozenClock
) -> None:
    service = api.bearer(issuer.token(clock, scope="registry:write registry:read"))
    batch = await ReturnsClient(core, service).bring(
        {}, {"caseid_no": "E015", "judge_1": "Unlisted, Ann"}
    )

    recorded = await events(admin, entity_id=batch["id"])
    (spelling,) = await events(admin, entity="aliases")

    assert {event["operation"] for event in recorded} == {"POST /api/v1/imports", "import"}
    assert {(event["actor"], event["client_id"]) for event in [*recorded, spelling]} == {
        (None, "reports")
    }
