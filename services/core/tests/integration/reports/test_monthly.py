"""The monthly report: figures as their endpoints give them, published, and restated."""

import csv
import io
from collections import Counter
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import psycopg
import pytest

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from core_service.metrics.catalogue import FIGURES
from testkit.core.api import Api
from testkit.core.figures import COLUMNS, balances, metric
from testkit.core.registry import (
    DEMOVILLE,
    TESTVILLE,
    activity_body,
    case_body,
)

MARCH, APRIL = "2026-03", "2026-04"


async def report(api: Api, month: str = APRIL, **params: str) -> dict[str, Any]:
    answer = await api.get("/reports/monthly", court=str(TESTVILLE), month=month, **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def publish(api: Api, month: str = MARCH) -> dict[str, Any]:
    answer = await api.post("/reports/publications", {"court_id": str(TESTVILLE), "month": month})
    assert answer.status_code == 201, answer.text
    published: dict[str, Any] = answer.json()
    return published


async def registered(clerk: Api, number: str, filed_on: str) -> str:
    answer = await clerk.post("/cases", case_body(number=number, filed_on=filed_on))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
async def case_ids(clerk: Api, clock: FrozenClock) -> dict[str, str]:
    """Three cases of March at Testville, one of them disposed; known for a day."""
    found = {
        number: await registered(clerk, number, f"2026-03-0{number[1:]}")
        for number in ("E1", "E2", "E3")
    }
    judgment = activity_body(found["E3"], "2026-03-20", "Judgment", "Judgment Delivered")
    assert (await clerk.post("/activities", judgment)).is_success
    clock.advance(hours=24)
    return found


async def test_the_report_has_every_figure_as_its_own_endpoint_gives_it(
    clerk: Api, case_ids: dict[str, str]
) -> None:
    found = await report(clerk, MARCH)
    assert (found["court"]["id"], found["month"]) == (str(TESTVILLE), MARCH)
    assert set(found["figures"]) == {figure.name.replace("-", "_") for figure in FIGURES}
    period = {"from": "2026-03-01", "to": "2026-03-31", "court": str(TESTVILLE)}
    for name in ("matrix", "clearance", "pending-age", "backlog"):
        alone = await metric(clerk, name, group_by="category", **period)
        totals = found["figures"][name.replace("-", "_")]["totals"]
        assert without_url(totals) == without_url(alone["totals"]), name
    totals = found["figures"]["matrix"]["totals"]
    assert (totals["new"], totals["disposed"], totals["end_active"]) == (3, 1, len(case_ids) - 1)


def without_url(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "cases_url"}


async def test_a_published_month_is_produced_again_to_the_last_byte(
    api: Api, admin: Api, clerk: Api, case_ids: dict[str, str], clock: FrozenClock
) -> None:
    published = await publish(admin)
    assert published["definitions"]["matrix"] == "2026.1"
    again = {"court": str(TESTVILLE), "month": MARCH, "known_on": published["known_on"]}
    forms = ("json", "csv", "xlsx")
    then = [(await admin.get("/reports/monthly", format=form, **again)).content for form in forms]
    clock.advance(hours=24)
    await registered(clerk, "E9", "2026-03-09")
    await admin.post(
        f"/cases/{case_ids['E1']}/status",
        {"status": "inactive", "effective_on": "2026-03-25", "reason": "stood over"},
    )
    await admin.delete(f"/cases/{case_ids['E2']}", version=1)
    clock.advance(hours=1)
    later = [(await admin.get("/reports/monthly", format=form, **again)).content for form in forms]
    assert later == then
    assert (await report(admin, MARCH))["figures"]["matrix"]["totals"]["end_active"] == 1
    viewer = api.user(Role.VIEWER, TESTVILLE)
    listed = (await viewer.get("/reports/publications")).json()["items"]
    assert [each["id"] for each in listed] == [published["id"]]
    assert (await api.user(Role.VIEWER, DEMOVILLE).get("/reports/publications")).json()[
        "items"
    ] == []


async def test_the_next_report_lists_the_difference_case_by_case(
    admin: Api, clerk: Api, case_ids: dict[str, str], clock: FrozenClock
) -> None:
    await publish(admin)
    assert (await report(clerk))["last_month"]["changes"] == []
    clock.advance(hours=24)
    late = await registered(clerk, "E9", "2026-03-09")
    judgment = activity_body(case_ids["E2"], "2026-03-24", "Judgment", "Judgment Delivered")
    await clerk.post("/activities", judgment)
    version = (await admin.get(f"/cases/{case_ids['E1']}")).json()["version"]
    await admin.delete(f"/cases/{case_ids['E1']}", version=version)
    found = await report(clerk)
    (line, totals) = [each for each in found["last_month"]["changes"] if each["figure"] == "matrix"]
    assert totals["group"] is None
    assert line["group"]["category"]["name"]
    values = {each["name"]: (each["published"], each["now"]) for each in line["values"]}
    assert values == {"disposed": (1, 2), "end_active": (2, 1)}
    changes = {(each["column"], each["change"], each["case_id"]) for each in line["cases"]}
    assert changes == {
        ("new", 1, late),
        ("new", -1, case_ids["E1"]),
        ("disposed", 1, case_ids["E2"]),
        ("end_active", 1, late),
        ("end_active", -1, case_ids["E1"]),
        ("end_active", -1, case_ids["E2"]),
    }
    then = await report(clerk, MARCH, known_on=found["last_month"]["published"]["known_on"])
    now = await report(clerk, MARCH)
    moved = Counter[str]()
    for each in line["cases"]:
        moved[each["column"]] += each["change"]
    for name in COLUMNS:
        difference = (
            now["figures"]["matrix"]["totals"][name] - then["figures"]["matrix"]["totals"][name]
        )
        assert moved[name] == difference, name
    assert balances(now["figures"]["matrix"]["totals"])


async def test_a_sealed_case_is_in_the_values_and_not_in_the_list_of_changes(
    api: Api, admin: Api, clerk: Api, case_ids: dict[str, str], clock: FrozenClock
) -> None:
    assert case_ids
    await publish(admin)
    clock.advance(hours=24)
    late = await registered(clerk, "E9", "2026-03-09")
    await admin.post(f"/cases/{late}/seal", {"reason": "a child"})
    clock.advance(hours=24 * 31)
    for caller, shown in ((clerk, True), (api.user(Role.VIEWER, TESTVILLE), False)):
        answer = await caller.get("/reports/monthly", court=str(TESTVILLE), month=APRIL)
        assert (late in answer.text) is shown


async def test_the_workbook_has_a_printable_sheet_for_each_figure(
    admin: Api, clerk: Api, case_ids: dict[str, str], clock: FrozenClock
) -> None:
    assert case_ids
    await publish(admin)
    clock.advance(hours=24)
    await registered(clerk, "E9", "2026-03-09")
    accept = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    params = {"court": str(TESTVILLE), "month": APRIL}
    answer = await clerk.call("GET", "/reports/monthly", params=params, headers={"Accept": accept})
    assert answer.headers["content-type"] == accept
    assert answer.headers["content-disposition"].endswith('-2026-04.xlsx"')
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len(workbook.sheetnames) == len(FIGURES) + 1
    matrix = workbook["Caseload matrix"]
    assert matrix["A1"].value == "Testville: caseload matrix"
    assert matrix["A2"].value.startswith("April 2026, as known on 2026-06-")
    assert [cell.value for cell in matrix[4]][1:3] == ["begin active", "new"]
    assert (matrix["A6"].value, matrix["B6"].value, matrix["B6"].number_format) == (
        "All",
        3,
        "#,##0",
    )
    assert matrix.print_title_rows == "$4:$4"
    restated = workbook["Restated 2026-03"]
    cells = [row for row in restated.iter_rows(min_row=5, values_only=True) if row[0] == "matrix"]
    assert ("matrix", "Civil Suit/Matter", "new", 3, 4, None, None) in cells
    assert [row[6] for row in cells if row[2] == "new" and row[5] == 1] == ["HCCC E9 of 2026"]


async def test_csv_has_a_value_a_line(clerk: Api, case_ids: dict[str, str]) -> None:
    assert case_ids
    params = {"court": str(TESTVILLE), "month": MARCH, "format": "csv"}
    answer = await clerk.get("/reports/monthly", **params)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = {(line["figure"], line["group"], line["column"]): line["value"] for line in lines}
    assert found["matrix", "All", "new"] == found["matrix", "Civil Suit/Matter", "new"] == "3"
    assert found["clearance", "All", "clearance.value"] == "33.33"
    assert {line["figure"] for line in lines} == {figure.name for figure in FIGURES}


async def test_only_an_administrator_of_the_court_publishes_a_month_that_is_over(
    api: Api, admin: Api, clerk: Api
) -> None:
    body = {"court_id": str(TESTVILLE), "month": MARCH}
    for caller in (clerk, api.user(Role.ADMIN, DEMOVILLE), api.user(Role.VIEWER)):
        assert (await caller.post("/reports/publications", body)).status_code == 403
    early = await admin.post("/reports/publications", body | {"month": "2026-06"})
    assert (early.status_code, early.json()["code"]) == (422, "month-not-over")
    unknown = await admin.post("/reports/publications", body | {"court_id": str(FIRST_ID)})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-reference")


async def test_what_is_being_written_counts_as_known_after_the_publication(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    clock.at = clock.at.replace(year=2100)
    async with core.database.transaction() as session:
        connection = await session.connection()
        began = (await connection.exec_driver_sql("SELECT now(), pg_current_xact_id()")).one()[0]
        published = await publish(admin)
    assert published["known_on"] < began.isoformat()


async def test_nothing_is_published_while_a_writer_is_there_of_which_the_start_is_unknown(
    admin: Api, database_url: str
) -> None:
    body = {"court_id": str(TESTVILLE), "month": MARCH}
    with psycopg.connect(database_url) as owner:
        owner.execute("UPDATE courts SET name = name WHERE id = %s", [TESTVILLE])
        refused = await admin.post("/reports/publications", body)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert refused.headers["Retry-After"]
    await publish(admin)


async def test_a_writer_of_another_database_is_no_obstacle(admin: Api, database_url: str) -> None:
    with psycopg.connect(database_url, dbname="postgres") as other:
        other.execute("SELECT pg_current_xact_id()")
        await publish(admin)


@pytest.mark.parametrize(
    "params",
    [
        {"month": "2026-13"},
        {"month": "April"},
        {"month": "1900-01"},
        {"month": "9999-12"},
        {"month": APRIL, "court": "nowhere"},
        {"month": APRIL, "format": "pdf"},
        {"month": APRIL, "known_on": "soon"},
    ],
)
async def test_invalid_parameters_are_refused(admin: Api, params: dict[str, str]) -> None:
    answer = await admin.get("/reports/monthly", **{"court": str(TESTVILLE)} | params)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")


async def test_a_court_outside_the_grants_is_refused(api: Api, admin: Api) -> None:
    viewer = api.user(Role.VIEWER, DEMOVILLE)
    for caller, status in ((viewer, 403), (api.granted(), 403), (api, 401)):
        answer = await caller.get("/reports/monthly", court=str(TESTVILLE), month=APRIL)
        assert answer.status_code == status
    answer = await admin.get("/reports/monthly", court=str(FIRST_ID), month=APRIL)
    assert answer.status_code == 404


FIRST_ID = "0197a5e4-7c00-7abc-8def-0123456789ab"
