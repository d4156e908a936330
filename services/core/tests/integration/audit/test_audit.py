"""Events of changes and of reads of sealed cases, and the protection of these events."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from common.audit.maintenance import ChainAudit
from common.audit.sealer import Sealer
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


async def actions(api: Api, **params: str) -> list[tuple[str, str]]:
    return [(event["action"], event["entity"]) for event in await events(api, **params)]


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    made: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return made


async def seal(core: Units) -> None:
    async with core.database.transaction() as session:
        await session.exec(text("UPDATE cases SET sealed = true"))  # type: ignore[call-overload]  # plain SQL


async def test_an_event_of_a_dropped_table_is_still_listed(admin: Api, core: Units) -> None:
    event = AuditEvent(
        occurred_at=datetime.now(UTC),
        action=AuditAction.DELETE,
        entity="dropped_table",
        entity_id=uuid7(),
        operation="DELETE /api/v1/dropped-table",
    )
    async with core.database.transaction() as session:
        session.add(event)
    assert await actions(admin, entity="dropped_table") == [("delete", "dropped_table")]


async def test_a_change_is_recorded_with_actor_columns_time_and_address(
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


async def test_an_activity_and_its_effect_on_the_case_share_a_request_id(
    admin: Api, clerk: Api, case: dict[str, Any]
) -> None:
    body = activity_body(case["id"], "2026-05-04", "Judgment", "Struck Out")
    recorded = await clerk.post("/activities", body, key="once")
    assert recorded.status_code == 201
    request_id = recorded.headers["x-request-id"]

    assert sorted(await actions(admin, request_id=request_id))[:2] == [
        ("create", "case_activities"),
        ("update", "cases"),
    ]
    again = await clerk.post("/activities", body, key="once")
    assert await actions(admin, request_id=again.headers["x-request-id"]) == []


async def test_a_refused_change_writes_no_event(
    admin: Api, clerk: Api, case: dict[str, Any]
) -> None:
    before = await actions(admin)
    stale = await clerk.patch(f"/cases/{case['id']}", {"parties": {}}, version=99)
    assert stale.status_code == 412
    assert (await clerk.post("/cases", case_body())).status_code == 409

    assert await actions(admin) == before


async def test_reference_data_is_audited(admin: Api) -> None:
    made = await admin.post("/adjournment-reasons", {"label": "Flood", "cause": "external"})

    (event,) = await events(admin, entity_id=made.json()["id"])

    assert (event["action"], event["entity"]) == ("create", "adjournment_reasons")


async def test_an_administrators_read_of_a_sealed_case_is_recorded(
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


async def test_a_sealed_case_seen_through_the_audit_is_recorded_as_read(
    api: Api, clerk: Api, case: dict[str, Any], core: Units
) -> None:
    hearing = await clerk.post("/hearings", {"case_id": case["id"], "on": "2026-07-06"})
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
    activity = (await clerk.post("/activities", body)).json()
    await clerk.patch(f"/activities/{activity['id']}", {"details": "Heard"}, version=1)
    await seal(core)
    here, elsewhere = api.user(Role.ADMIN, TESTVILLE), api.user(Role.ADMIN, DEMOVILLE)

    async def reads_of(reader: Api, **params: str) -> list[str]:
        answer = await reader.get("/registry-audit-events", **params)
        request_id = answer.headers["x-request-id"]
        reads = await events(here, request_id=request_id, action="read")
        return [event["entity_id"] for event in reads]

    assert await reads_of(here, entity="cases", action="create") == [case["id"]]
    assert await reads_of(here, entity="case_activities", action="update") == [case["id"]]
    assert await reads_of(here, entity="hearings", entity_id=hearing.json()["id"]) == [case["id"]]
    assert await reads_of(here, entity="courts") == []
    assert await reads_of(elsewhere) == []


async def test_a_rolled_back_savepoint_writes_no_event(
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


async def test_administrators_read_the_audit_of_their_courts(
    api: Api, admin: Api, clerk: Api, viewer: Api, case: dict[str, Any]
) -> None:
    assert (await clerk.get("/registry-audit-events")).status_code == 403
    assert (await viewer.get("/registry-audit-events")).status_code == 403
    assert await events(api.user(Role.ADMIN, TESTVILLE), entity_id=case["id"])
    assert not await events(api.user(Role.ADMIN, DEMOVILLE))
    first = (await admin.get("/registry-audit-events", limit="1")).json()
    assert first["next_cursor"] is None or len(first["items"]) == 1


async def test_the_administrator_of_a_court_reads_the_events_of_its_cases(
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

    actions_here = {
        entity: [event["action"] for event in await events(here, entity=entity)]
        for entity in ("case_activities", "case_judge_assignments", "case_links")
    }

    # Recording, correcting (the new activity and the old one) and voiding.
    assert sorted(actions_here["case_activities"]) == ["create", "create", "update", "update"]
    assert actions_here["case_judge_assignments"] == actions_here["case_links"] == ["create"]
    of_court = await events(here, court_id=str(TESTVILLE), entity="case_activities")
    assert len(of_court) == len(actions_here["case_activities"])
    assert await actions(elsewhere, entity="case_activities") == []


async def test_a_repair_by_a_rebuild_is_attributed_to_the_command(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    async with core.database.transaction() as session:
        await session.exec(text("UPDATE cases SET activity_count = 5"))  # type: ignore[call-overload]  # plain SQL
    with command("core rebuild"):
        await rebuild(core)

    event = (await events(admin, entity_id=case["id"]))[0]

    assert (event["operation"], event["changes"]) == ("core rebuild", {"activity_count": [5, 0]})


async def test_the_chain_is_sealed_and_detects_a_change(
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
