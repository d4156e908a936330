"""Data shared by all courts: administrators of all courts decide, other users propose."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import text

from common.composition import Units
from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    JOHN,
    TESTVILLE,
    category,
    outcome,
)
from testkit.core.returns import ReturnsClient

MERGE, INTO = f"/judges/{JOHN}/merge", {"into_id": str(AMINA), "reason": "One person"}
SITE_VISIT = {"label": "Site Visit", "counts_as_hearing": True, "adjournable": True}
CATEGORY = str(category("CIV"))
ADDED: dict[str, dict[str, Any]] = {
    "courts": {"code": "NEWTOWN-KC", "name": "Newtown", "court_type": "KC", "station": "Newtown"},
    "judges": {"surname": "Fresh", "given_names": "Ann", "cadre": "kadhi"},
    "case-categories": {"code": "ANTI", "name": "Anti-corruption", "nature": "criminal"},
    "case-types": {"code": "CIVX", "name": "Civil Extra", "category_id": CATEGORY},
    "activity-types": SITE_VISIT | {"valid_from": "2026-07-01"},
    "outcomes": {"label": "Recalled", "effect": "reopen", "limited_to": [CATEGORY]},
    "adjournment-reasons": {"label": "Flooded road", "cause": "external"},
    "time-standards": {
        "edition": "Testville 2026",
        "label": "Civil suits",
        "category_id": CATEGORY,
        "percent": 90,
        "days": 300,
        "source": "Testville court users' committee",
    },
    "case-weights": {
        "edition": "Testville 2026",
        "label": "Civil suits",
        "category_id": CATEGORY,
        "minutes": 400,
        "judge_year_minutes": 77_400,
        "source": "Testville court users' committee",
    },
    "calendar-periods": {
        "name": "Easter recess",
        "first_on": "2026-04-03",
        "last_on": "2026-04-06",
    },
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


async def releases(core: Units) -> int:
    async with core.database.snapshot() as session:
        connection = await session.connection()
        of_task = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'returns:release'"
        found = await connection.execute(text(of_task))
        return int(found.scalar_one())


async def merged_into(api: Api) -> str | None:
    into: str | None = (await api.get(f"/judges/{JOHN}")).json()["merged_into_id"]
    return into


async def test_a_merge_and_an_unmerge_wait_for_their_decisions(clerk: Api, admin: Api) -> None:
    request = await proposed(await clerk.post(MERGE, INTO))
    assert (request["kind"], request["entity"], request["entity_id"], request["reason"]) == (
        "merge",
        "judges",
        str(JOHN),
        "One person",
    )
    assert await merged_into(admin) is None

    accepted = await accept(admin, request)

    assert await merged_into(admin) == str(AMINA)
    users = (accepted["requested_by"]["id"], accepted["decided_by"]["id"])
    assert users == (str(clerk.user_id), str(admin.user_id))
    unmerge = await proposed(await clerk.post(f"/judges/{JOHN}/unmerge"))
    assert await merged_into(admin) == str(AMINA)
    await accept(admin, unmerge)
    assert await merged_into(admin) is None


async def test_the_audit_names_the_proposer_and_the_decider(clerk: Api, admin: Api) -> None:
    request = await proposed(await clerk.post(MERGE, INTO))
    await accept(admin, request)

    recorded = (await admin.get("/registry-audit-events", entity_id=request["id"])).json()["items"]
    merged = await admin.get("/registry-audit-events", entity="judges", entity_id=str(JOHN))

    actors = {(event["action"], event["actor"]["id"]) for event in recorded}
    assert actors == {("create", str(clerk.user_id)), ("update", str(admin.user_id))}
    assert [event["actor"]["id"] for event in merged.json()["items"]] == [str(admin.user_id)]


async def test_a_spelling_is_decided_and_its_rows_released_when_the_request_is_accepted(
    core: Units, clerk: Api, admin: Api, alias_id: UUID
) -> None:
    body = {"target_id": str(AMINA)}
    request = await proposed(await clerk.post(f"/aliases/{alias_id}/accept", body))
    assert (request["kind"], request["terms"]) == ("alias_accept", body)
    assert await releases(core) == 0

    await accept(admin, request)

    decided = (await admin.get("/aliases", state="accepted")).json()["items"]
    assert [(alias["id"], alias["decided_by"]) for alias in decided] == [
        (str(alias_id), str(admin.user_id))
    ]
    assert await releases(core) == 1


async def test_a_request_that_is_rejected_changes_nothing(
    clerk: Api, admin: Api, alias_id: UUID
) -> None:
    request = await proposed(await clerk.post(f"/aliases/{alias_id}/reject"))

    rejected = await admin.post(f"/requests/{request['id']}/reject", {"note": "It is a judge"})

    assert rejected.json()["decision_note"] == "It is a judge"
    pending = (await admin.get("/aliases", state="pending")).json()["items"]
    assert [alias["id"] for alias in pending] == [str(alias_id)]
    assert (await clerk.post(f"/aliases/{alias_id}/reject")).status_code == 202


@pytest.mark.parametrize("kind", ADDED)
async def test_reference_data_of_every_kind_is_proposed(clerk: Api, admin: Api, kind: str) -> None:
    async def rows() -> list[dict[str, Any]]:
        found = await admin.get(f"/{kind}", limit="200")
        items: list[dict[str, Any]] = found.json()["items"]
        return [row for row in items if ADDED[kind].items() <= row.items()]

    adding = await proposed(await clerk.post(f"/{kind}", ADDED[kind]))
    assert await rows() == []
    await accept(admin, adding)
    row = (await rows())[0]

    path = f"/{kind}/{row['id']}"
    closing = await proposed(await clerk.patch(path, {"is_active": False}, version=1))
    assert closing["terms"] == {"is_active": False}
    assert (await admin.get(path)).json()["is_active"]
    await accept(admin, closing)
    closed = (await admin.get(path)).json()
    assert (closed["is_active"], closed["version"]) == (False, 2)


async def test_a_change_that_is_impossible_cannot_be_proposed(
    clerk: Api, admin: Api, alias_id: UUID
) -> None:
    row = f"/outcomes/{outcome('Struck Out')}"

    answers = [
        await clerk.post(MERGE, {"into_id": str(JOHN)}),
        await clerk.post(f"/judges/{JOHN}/unmerge"),
        await clerk.post(f"/aliases/{alias_id}/accept", {"target_id": str(TESTVILLE)}),
        await clerk.post("/activity-types", SITE_VISIT | {"label": "Mention"}),
        await clerk.post("/case-types", ADDED["case-types"] | {"category_id": str(JOHN)}),
        await clerk.patch(row, {"valid_to": "2027-01-01"}, version=7),
        await clerk.patch(row, {"valid_to": "2027-01-01"}, version=None),
        await clerk.patch(f"/outcomes/{JOHN}", {"valid_to": "2027-01-01"}, version=1),
    ]

    assert [answer.json()["code"] for answer in answers] == [
        "judge-merge-invalid",
        "judge-not-merged",
        "alias-target-unknown",
        "edition-overlaps",
        "unknown-reference",
        "precondition-failed",
        "precondition-required",
        "reference-not-found",
    ]
    assert await listed(admin) == []


async def test_a_pending_change_cannot_be_proposed_again(
    clerk: Api, outsider: Api, alias_id: UUID
) -> None:
    accepting, body = f"/aliases/{alias_id}/accept", {"target_id": str(AMINA)}
    await proposed(await clerk.post(accepting, body))
    await proposed(await clerk.post("/activity-types", SITE_VISIT))

    again = [
        await outsider.post(accepting, {"target_id": str(JOHN)}),
        await outsider.post("/activity-types", SITE_VISIT),
    ]

    assert [answer.json()["code"] for answer in again] == ["request-pending"] * 2
    await proposed(await outsider.post("/activity-types", SITE_VISIT | {"label": "Locus Visit"}))


async def test_a_request_for_an_outdated_version_is_refused(clerk: Api, admin: Api) -> None:
    path = f"/outcomes/{outcome('Struck Out')}"
    request = await proposed(await clerk.patch(path, {"valid_to": "2027-01-01"}, version=1))
    await admin.patch(path, {"valid_to": "2028-01-01"}, version=1)

    refused = await admin.post(f"/requests/{request['id']}/accept", {})

    assert (refused.status_code, refused.json()["code"]) == (409, "request-outdated")
    assert (await admin.get(path)).json()["valid_to"] == "2028-01-01"
    assert await listed(admin, state="pending") == [request["id"]]
    assert (await admin.post(f"/requests/{request['id']}/reject", {})).status_code == 200


async def test_a_retried_proposal_gets_the_first_answer(
    clerk: Api, admin: Api, alias_id: UUID
) -> None:
    calls: list[tuple[str, Any]] = [
        (MERGE, INTO),
        (f"/aliases/{alias_id}/reject", None),
        ("/activity-types", SITE_VISIT),
    ]
    for number, (path, body) in enumerate(calls):
        first = await clerk.post(path, body, key=f"proposal-{number}")
        again = await clerk.post(path, body, key=f"proposal-{number}")
        assert (again.status_code, again.json()) == (202, first.json())

    assert len(await listed(admin)) == len(calls)
