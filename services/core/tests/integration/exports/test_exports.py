"""Exports of cases and activities: what the lists show, whole, in three forms."""

import asyncio
import csv
import io
import json
from datetime import date, datetime
from random import Random
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from common.composition import Units
from common.errors import PermissionDenied
from common.identity import Grant, Principal, Role
from common.ids import uuid7
from core_service.cases.visibility import CaseExporter
from core_service.documents.streams import OpenDownloads
from core_service.exports import repository, service
from core_service.exports.service import CaseExport, ExportService
from testkit.core.api import Api
from testkit.core.auth import FakeAuth
from testkit.core.figures import history
from testkit.core.registry import AMINA, DEMOVILLE, TESTVILLE, activity_body, case_body
from testkit.core.tokens import Issuer

pytestmark = pytest.mark.usefixtures("registry")


@pytest.fixture
async def registry(core: Units) -> None:
    await history(core, Random(3), cases=30)  # noqa: S311 - a repeatable history


async def rows(api: Api, kind: str, **params: Any) -> list[dict[str, Any]]:
    answer = await api.get(f"/exports/{kind}", format="ndjson", **params)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def listed(api: Api, **params: Any) -> list[dict[str, Any]]:
    answer = await api.get("/cases", limit="200", **params)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_an_export_has_the_rows_of_the_list_with_its_filters_in_its_order(
    admin: Api,
) -> None:
    for params in (
        {},
        {"court": str(TESTVILLE), "sort": "-filed_on"},
        {"status": "disposed", "sort": "number"},
        {"filed_from": "2025-06-01", "filed_to": "2025-12-31", "sort": "last_activity_on"},
        {"q": "HCCC"},
    ):
        exported = await rows(admin, "cases", **params)
        shown = await listed(admin, **{"sort": "filed_on"} | params)
        assert [row["case_id"] for row in exported] == [case["id"] for case in shown]
        assert [row["number"] for row in exported] == [case["number"] for case in shown]


async def test_a_case_is_exported_with_its_names_and_dates(admin: Api) -> None:
    (row,) = (await rows(admin, "cases"))[:1]
    case = (await admin.get(f"/cases/{row['case_id']}")).json()
    assert (row["court"], row["court_code"]) == (case["court"]["name"], case["court"]["code"])
    assert row["category"] == case["case_type"]["category"]["name"]
    for name in ("filed_on", "status", "disposed_on", "activity_count", "filed_year"):
        assert row[name] == case[name]


async def test_the_three_forms_hold_the_same(admin: Api) -> None:
    objects = await rows(admin, "cases")
    answer = await admin.get("/exports/cases")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["case_id"] for row in lines] == [row["case_id"] for row in objects]
    assert lines[0]["filed_on"] == objects[0]["filed_on"]
    accept = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    workbook = await admin.call("GET", "/exports/cases", headers={"Accept": accept})
    assert workbook.headers["content-disposition"] == 'attachment; filename="cases-2026-06-01.xlsx"'
    assert (workbook.headers["cache-control"], workbook.headers["vary"]) == ("no-store", "Accept")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.content))["Cases"]
    heading, *cells = sheet.iter_rows(values_only=True)
    assert list(heading) == list(objects[0]) == list(lines[0])
    assert len(cells) == len(objects)
    first = dict(zip(heading, cells[0], strict=True))
    on = date.fromisoformat(objects[0]["filed_on"])
    assert first["filed_on"] == datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a cell has none
    assert first["activity_count"] == objects[0]["activity_count"]


async def test_activities_are_exported_by_day_without_what_was_voided(admin: Api) -> None:
    found = await rows(admin, "activities")
    assert [row["activity_on"] for row in found] == sorted(row["activity_on"] for row in found)
    counted = sum(case["activity_count"] for case in await listed(admin))
    assert len(found) == counted > 30
    voided = found[0]["activity_id"]
    assert (await admin.post(f"/activities/{voided}/void", {"reason": "never was"})).is_success
    assert voided not in {row["activity_id"] for row in await rows(admin, "activities")}


async def test_activities_are_narrowed(admin: Api, clerk: Api) -> None:
    whole = await rows(admin, "activities")
    period = {"from": "2025-06-01", "to": "2025-06-30"}
    june = await rows(admin, "activities", **period)
    assert june == [row for row in whole if row["activity_on"].startswith("2025-06")] != []
    case_id = next(row["case_id"] for row in whole if row["court"] == "Testville")
    body = activity_body(case_id, "2026-05-11", "Mention", "Mention Date Given")
    recorded = (
        await clerk.post("/activities", body | {"details": "=1+1", "judge_ids": [str(AMINA)]})
    ).json()
    (row,) = await rows(admin, "activities", judge=str(AMINA))
    assert (row["activity_id"], row["details"]) == (recorded["id"], "=1+1")
    assert row["judges"]
    assert await rows(admin, "activities", judge=str(AMINA), outcome=str(DEMOVILLE)) == []
    lines = (await admin.get("/exports/activities", judge=str(AMINA))).text
    assert "'=1+1" in lines


async def test_only_cases_of_courts_where_one_enters_data_are_exported(
    api: Api, admin: Api
) -> None:
    clerk = api.granted(
        Grant(Role.DATA_ENTRY, frozenset({TESTVILLE})), Grant(Role.VIEWER, frozenset({DEMOVILLE}))
    )
    assert {case["court"]["name"] for case in await listed(clerk)} == {"Testville", "Demoville"}
    for kind in ("cases", "activities"):
        assert {row["court"] for row in await rows(clerk, kind)} == {"Testville"}
        assert await rows(clerk, kind, court=str(DEMOVILLE)) == []
    everything = {row["court"] for row in await rows(admin, "cases")}
    assert everything == {"Testville", "Demoville"}
    for caller, status in ((api, 401), (api.user(Role.VIEWER), 403), (api.granted(), 403)):
        for kind in ("cases", "activities"):
            assert (await caller.get(f"/exports/{kind}")).status_code == status


async def test_sealed_and_deleted_cases_are_exported_as_they_are_listed(
    api: Api, admin: Api, issuer: Issuer
) -> None:
    first, second = (await rows(admin, "cases", court=str(TESTVILLE)))[:2]
    await admin.post(f"/cases/{first['case_id']}/seal", {"reason": "a child"})
    await admin.delete(
        f"/cases/{second['case_id']}",
        version=(await admin.get(f"/cases/{second['case_id']}")).json()["version"],
    )
    service = api.bearer(issuer.token(api.clock, scope="registry:read"))
    clerk = api.user(Role.DATA_ENTRY, TESTVILLE)
    for kind in ("cases", "activities"):
        seen = {
            caller: {row["case_id"] for row in await rows(each, kind)}
            for caller, each in (("clerk", clerk), ("service", service))
        }
        assert first["case_id"] in seen["clerk"]
        assert first["case_id"] not in seen["service"]
        assert second["case_id"] not in seen["clerk"] | seen["service"]
    deleted = await rows(clerk, "cases", deleted="true")
    assert [row["case_id"] for row in deleted] == [second["case_id"]]
    assert (await service.get("/exports/cases", deleted="true")).status_code == 403


async def test_an_export_and_the_sealed_cases_in_it_are_in_the_audit(api: Api, admin: Api) -> None:
    (row, *_) = await rows(admin, "cases", court=str(TESTVILLE))
    await admin.post(f"/cases/{row['case_id']}/seal", {"reason": "a child"})
    local = api.user(Role.ADMIN, TESTVILLE)
    await rows(local, "activities", **{"from": "2024-01-01"})
    events = (await local.get("/registry-audit-events", action="export")).json()["items"]
    (event,) = [each for each in events if each["actor"]["id"] == str(local.user_id)]
    assert (event["entity"], event["court_id"]) == ("case_activities", str(TESTVILLE))
    assert event["changes"] == {"format": [None, "ndjson"], "first": [None, "2024-01-01"]}
    reads = (await local.get("/registry-audit-events", action="read")).json()["items"]
    assert row["case_id"] in {each["entity_id"] for each in reads}


async def test_few_exports_are_made_at_once(admin: Api, core: Units) -> None:
    downloads = core.get(OpenDownloads)
    downloads.by_caller["others"] = downloads.limit
    answer = await admin.get("/exports/cases")
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-streams")
    assert answer.headers["retry-after"] == "5"
    del downloads.by_caller["others"]
    many = await asyncio.gather(*(admin.get("/exports/cases") for _ in range(3)))
    assert min(each.status_code for each in many) == 200
    assert downloads.by_caller.total() == 0


async def test_an_export_is_of_one_moment(
    admin: Api, core: Units, clerk: Api, in_small_parts: CaseExporter
) -> None:
    """What is registered while it is sent is in the next one."""
    before = {row["case_id"] for row in await rows(admin, "cases")}
    parts = core.get(ExportService).rows(CaseExport(), in_small_parts)
    sent = list(await anext(parts))
    assert len(sent) < len(before)
    late = await clerk.post("/cases", case_body(number="E8000"))
    sent += [row async for part in parts for row in part]
    assert {str(row[-1]) for row in sent} == before
    after = {row["case_id"] for row in await rows(admin, "cases")}
    assert after - before == {late.json()["id"]}


async def test_an_export_ends_when_the_grants_that_it_began_with_are_withdrawn(
    core: Units, auth: FakeAuth, in_small_parts: CaseExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "GRANTS_SECONDS", -1.0)
    parts = core.get(ExportService).rows(CaseExport(), in_small_parts)
    await anext(parts)
    await anext(parts)
    user_id = in_small_parts.principal.user_id
    assert user_id is not None
    auth.grant(user_id, Grant(Role.DATA_ENTRY, frozenset({TESTVILLE})))
    with pytest.raises(PermissionDenied, match="grants changed"):
        await anext(parts)


@pytest.fixture
def in_small_parts(auth: FakeAuth, monkeypatch: pytest.MonkeyPatch) -> CaseExporter:
    """An administrator whose exports are read five rows at a time."""
    monkeypatch.setattr(repository, "BATCH_ROWS", 5)
    user_id, grants = uuid7(), (Grant(Role.ADMIN),)
    auth.grant(user_id, *grants)
    return CaseExporter.of(Principal("user", user_id=user_id, grants=grants))


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("cases", {"format": "pdf"}),
        ("cases", {"court": "nowhere"}),
        ("cases", {"status": "lost"}),
        ("cases", {"sort": "colour"}),
        ("activities", {"from": "yesterday"}),
        ("activities", {"to": "9999-12-31"}),
        ("activities", {"judge": "Amina"}),
    ],
)
async def test_invalid_parameters_are_refused(
    admin: Api, kind: str, params: dict[str, str]
) -> None:
    answer = await admin.get(f"/exports/{kind}", **params)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
