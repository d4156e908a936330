"""Who changed what, who read what is sealed, and that nobody can rewrite it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from common.audit_chain.audit import ChainAudit
from common.audit_chain.sealer import Sealer
from common.composition import Units
from common.identity import Role
from common.ids import uuid7
from core_service.audit.acting import command
from core_service.audit.models import AuditAction, AuditEvent
from core_service.cases.service import CaseService
from core_service.cases.visibility import ALL
from core_service.rebuild import rebuild
from testkit.core.api import IP, Api
from testkit.core.registry import AMINA, DEMOVILLE, TESTVILLE, activity_body, case_body


async def events(api: Api, **params: str) -> list[dict[str, Any]]:
    answer = await api.get("/registry-audit-events", limit="200", **params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def told(api: Api, **params: str) -> list[tuple[str, str]]:
    return [(event["action"], event["entity"]) for event in await events(api, **params)]


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    made: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return made


async def seal(core: Units) -> None:
    async with core.database.transaction() as session:
        await session.exec(text("UPDATE cases SET sealed = true"))  # type: ignore[call-overload]  # plain SQL


async def test_an_event_of_a_table_that_is_gone_is_still_listed(admin: Api, core: Units) -> None:
    gone = AuditEvent(
        occurred_at=datetime.now(UTC),
        action=AuditAction.DELETE,
        entity="bygones",
        entity_id=uuid7(),
        operation="DELETE /api/v1/bygones",
    )
    async with core.database.transaction() as session:
        session.add(gone)
    assert await told(admin, entity="bygones") == [("delete", "bygones")]


async def test_a_change_says_who_what_when_and_from_where(
    admin: Api, clerk: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}"
    changed = await clerk.patch(path, {"parties": {"male_applicant": 3}}, version=case["version"])
    assert changed.status_code == 200, changed.text

    update, create = await events(admin, entity_id=case["id"])

    assert (create["action"], create["operation"]) == ("create", "POST /api/v1/cases")
    assert (update["action"], update["operation"]) == ("update", "PATCH /api/v1/cases/{case_id}")
    assert update["actor"]["id"] == str(clerk.user_id)
    assert update["ip"] == IP
    assert update["request_id"] == changed.headers["x-request-id"]
    assert update["changes"]["male_applicant"] == [0, 3]
    assert (update["version_before"], update["version_after"]) == (
        case["version"],
        changed.json()["version"],
    )


async def test_an_activity_and_what_it_does_to_its_case_are_one_request(
    admin: Api, clerk: Api, case: dict[str, Any]
) -> None:
    body = activity_body(case["id"], "2026-05-04", "Judgment", "Struck Out")
    recorded = await clerk.post("/activities", body, key="once")
    assert recorded.status_code == 201
    request_id = recorded.headers["x-request-id"]

    assert sorted(await told(admin, request_id=request_id))[:2] == [
        ("create", "case_activities"),
        ("update", "cases"),
    ]
    again = await clerk.post("/activities", body, key="once")
    assert await told(admin, request_id=again.headers["x-request-id"]) == []


async def test_a_refused_change_leaves_no_event(
    admin: Api, clerk: Api, case: dict[str, Any]
) -> None:
    before = await told(admin)
    stale = await clerk.patch(f"/cases/{case['id']}", {"parties": {}}, version=99)
    assert stale.status_code == 412
    assert (await clerk.post("/cases", case_body())).status_code == 409

    assert await told(admin) == before


async def test_reference_data_is_audited_too(admin: Api) -> None:
    made = await admin.post("/adjournment-reasons", {"label": "Flood", "cause": "external"})

    (event,) = await events(admin, entity_id=made.json()["id"])

    assert (event["action"], event["entity"]) == ("create", "adjournment_reasons")


async def test_an_administrator_who_reads_a_sealed_case_is_noted(
    admin: Api, clerk: Api, case: dict[str, Any], core: Units
) -> None:
    await seal(core)
    for reader in (admin, clerk):
        for path in (f"/cases/{case['id']}", "/cases", f"/cases/{case['id']}/timeline"):
            assert (await reader.get(path)).status_code == 200
    await admin.get("/metrics/matrix/cases", **{"from": "2024-01-01", "to": "2026-06-01"})

    reads = await events(admin, action="read")

    assert {event["actor"]["id"] for event in reads} == {str(admin.user_id)}
    assert {event["entity_id"] for event in reads} == {case["id"]}
    assert [event["operation"] for event in reads][-3:] == [
        "GET /api/v1/cases/{case_id}/timeline",
        "GET /api/v1/cases",
        "GET /api/v1/cases/{case_id}",
    ]


async def test_an_administrator_whom_the_audit_tells_of_a_sealed_case_is_noted(
    api: Api, clerk: Api, case: dict[str, Any], core: Units
) -> None:
    hearing = await clerk.post("/hearings", {"case_id": case["id"], "on": "2026-07-06"})
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
    activity = (await clerk.post("/activities", body)).json()
    await clerk.patch(f"/activities/{activity['id']}", {"details": "Heard"}, version=1)
    await seal(core)
    here, elsewhere = api.user(Role.ADMIN, TESTVILLE), api.user(Role.ADMIN, DEMOVILLE)

    async def noted(reader: Api, **params: str) -> list[str]:
        answer = await reader.get("/registry-audit-events", **params)
        request_id = answer.headers["x-request-id"]
        reads = await events(here, request_id=request_id, action="read")
        return [event["entity_id"] for event in reads]

    assert await noted(here, entity="cases", action="create") == [case["id"]]
    assert await noted(here, entity="case_activities", action="update") == [case["id"]]
    assert await noted(here, entity="hearings", entity_id=hearing.json()["id"]) == [case["id"]]
    assert await noted(here, entity="courts") == []
    assert await noted(elsewhere) == []


async def test_a_savepoint_that_is_taken_back_leaves_no_event(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    with command("test"):
        async with core.database.transaction() as session:
            found = await core.container(session).get(CaseService).lock(UUID(case["id"]), ALL)
            savepoint = await session.begin_nested()
            found.custody_count = 7
            await session.flush()
            await savepoint.rollback()
            await session.refresh(found)
            found.custody_count = 2

    (event,) = [each for each in await events(admin) if each["operation"] == "test"]

    assert event["changes"] == {"custody_count": [0, 2]}


async def test_the_audit_is_for_administrators_and_their_courts(
    api: Api, admin: Api, clerk: Api, viewer: Api, case: dict[str, Any]
) -> None:
    assert (await clerk.get("/registry-audit-events")).status_code == 403
    assert (await viewer.get("/registry-audit-events")).status_code == 403
    assert await events(api.user(Role.ADMIN, TESTVILLE), entity_id=case["id"])
    assert not await events(api.user(Role.ADMIN, DEMOVILLE))
    first = (await admin.get("/registry-audit-events", limit="1")).json()
    assert first["next_cursor"] is None or len(first["items"]) == 1


async def test_what_is_done_to_a_case_is_told_to_the_administrator_of_its_court(
    api: Api, clerk: Api, case: dict[str, Any]
) -> None:
    here, elsewhere = api.user(Role.ADMIN, TESTVILLE), api.user(Role.ADMIN, DEMOVILLE)
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
    recorded = (await clerk.post("/activities", body)).json()
    changes = {"details": "The parties were heard"}
    corrected = await clerk.patch(f"/activities/{recorded['id']}", changes, version=1)
    await here.post(f"/activities/{corrected.json()['id']}/void", {"reason": "Not of this case"})
    assigned = {"judge_id": str(AMINA), "from_on": "2026-05-20", "reason": "By order"}
    assert (await clerk.post(f"/cases/{case['id']}/assignments", assigned)).is_success
    other = (await clerk.post("/cases", case_body(number="E015"))).json()
    link = {"other_id": other["id"], "kind": "related"}
    assert (await clerk.post(f"/cases/{case['id']}/link", link)).is_success

    told_here = {
        entity: [event["action"] for event in await events(here, entity=entity)]
        for entity in ("case_activities", "case_judge_assignments", "case_links")
    }

    # Recording, correcting (the new one and the old one) and voiding, the newest first.
    assert sorted(told_here["case_activities"]) == ["create", "create", "update", "update"]
    assert told_here["case_judge_assignments"] == told_here["case_links"] == ["create"]
    of_court = await events(here, court_id=str(TESTVILLE), entity="case_activities")
    assert len(of_court) == len(told_here["case_activities"])
    assert await told(elsewhere, entity="case_activities") == []


async def test_what_a_rebuild_repairs_is_put_down_to_the_command(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    async with core.database.transaction() as session:
        await session.exec(text("UPDATE cases SET activity_count = 5"))  # type: ignore[call-overload]  # plain SQL
    with command("core rebuild"):
        await rebuild(core)

    event = (await events(admin, entity_id=case["id"]))[0]

    assert (event["operation"], event["changes"]) == ("core rebuild", {"activity_count": [5, 0]})


async def test_the_chain_is_sealed_and_tells_what_was_changed(
    core: Units, clerk: Api, case: dict[str, Any], database_url: str
) -> None:
    await clerk.post("/cases", case_body(number="E015"))
    assert await core.get(Sealer).run() >= 2
    assert (await core.get(ChainAudit).verify()).faults == []

    with psycopg.connect(database_url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE audit_events SET operation = 'nothing'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_events")
        connection.execute("ALTER TABLE audit_events DISABLE TRIGGER ALL")
        connection.execute("UPDATE audit_events SET ip = '192.0.2.1' WHERE position = 1")

    report = await core.get(ChainAudit).verify()

    assert [str(fault) for fault in report.faults]
    assert case["id"]
