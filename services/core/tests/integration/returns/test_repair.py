"""Held and rejected rows are repaired in place, judged again, and applied with their batch."""

from typing import Any

import pytest

from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import AMINA, APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient, as_csv

BAD_DAY = {"date_dd": "31"}
UNKNOWN = {"judge_1": "Unlisted, Ann May"}
ELSEWHERE = {"court": "Testville Court of Appeal", "date_dd": "25"}


async def repair(
    api: Api, batch: dict[str, Any], row_no: int, version: int = 1, **cells: str
) -> Any:
    path = f"/imports/{batch['id']}/rows/{row_no}"
    return await api.call("PATCH", path, json=cells, headers={"If-Match": f'"{version}"'})


async def test_a_rejected_row_of_an_applied_import_is_repaired_and_applied(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring({}, BAD_DAY)
    assert await returns.results(batch) == ["NEW", "REJECTED"]

    answer = await repair(returns.api, batch, 2, date_dd="28")

    assert answer.status_code == 200, answer.text
    row = answer.json()
    assert (row["result"], row["raw"]["date_dd"], row["version"]) == ("NEW", "28", 2)
    assert answer.headers["ETag"].startswith('"2')
    (change,) = row["repairs"]
    assert change["changes"] == {"date_dd": {"from": "31", "to": "28"}}
    assert change["changed_by"]["id"] == str(returns.api.user_id)
    now = await returns.batch(batch["id"])
    assert (now["state"], now["counts"]["new"], now["counts"]["rejected"]) == ("applied", 2, 0)
    assert (await returns.case())["activity_count"] == 2
    timeline = (await returns.api.get(f"/cases/{row['case_id']}/activities")).json()["items"]
    assert [each["activity_on"] for each in timeline] == ["2025-02-24", "2025-02-28"]


async def test_a_held_row_gets_the_judge_that_was_meant(returns: ReturnsClient) -> None:
    batch = await returns.bring(UNKNOWN)
    row = (await repair(returns.api, batch, 1, judge_1="Example, Amina Wanja")).json()
    assert (row["result"], row["issues"]) == ("NEW", [])


async def test_a_repair_that_is_not_one_says_what_is_wrong_now(returns: ReturnsClient) -> None:
    batch = await returns.bring(BAD_DAY)
    row = (await repair(returns.api, batch, 1, date_dd="30")).json()
    assert row["result"] == "REJECTED"
    assert [each["code"] for each in row["issues"]] == ["DATE_NONEXISTENT"]
    assert (await repair(returns.api, batch, 1, version=2, date_dd="27")).json()["result"] == "NEW"
    shown = await returns.api.get(f"/imports/{batch['id']}/rows/1")
    assert [each["changes"]["date_dd"] for each in shown.json()["repairs"]] == [
        {"from": "31", "to": "30"},
        {"from": "30", "to": "27"},
    ]


async def test_a_row_of_a_validated_import_is_judged_again_and_not_applied(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring(BAD_DAY, {"date_dd": "28"}, mode="validate")
    assert await returns.results(batch) == ["REJECTED", "NEW"]

    row = (await repair(returns.api, batch, 1, date_dd="28")).json()

    assert (row["result"], row["activity_id"]) == ("NEW", None)
    assert await returns.results(batch) == ["NEW", "DUPLICATE"]
    counts = (await returns.batch(batch["id"]))["counts"]
    assert (counts["new"], counts["duplicate"], counts["rejected"]) == (1, 1, 0)
    await returns.api.post(f"/imports/{batch['id']}/apply")
    await returns.work_by(batch["id"], returns.api)
    assert await returns.results(batch) == ["NEW", "DUPLICATE"]


async def test_what_is_applied_cannot_be_repaired(returns: ReturnsClient) -> None:
    batch = await returns.bring({})
    answer = await repair(returns.api, batch, 1, date_dd="28")
    assert (answer.status_code, answer.json()["code"]) == (409, "import-row-not-repairable")


async def test_of_two_repairs_of_one_version_the_second_is_refused(returns: ReturnsClient) -> None:
    batch = await returns.bring(BAD_DAY)
    assert (await repair(returns.api, batch, 1, date_dd="30")).status_code == 200
    late = await repair(returns.api, batch, 1, date_dd="28")
    assert (late.status_code, late.json()["current_version"]) == (412, 2)
    path = f"/imports/{batch['id']}/rows/1"
    unguarded = await returns.api.call("PATCH", path, json={"date_dd": "28"})
    assert unguarded.status_code == 428


@pytest.mark.parametrize(
    "cells", [{}, {"no_such_column": "1"}, {"outcome": "a\x00b"}, {"outcome": "x" * 40000}]
)
async def test_cells_that_no_return_has_are_refused(
    returns: ReturnsClient, cells: dict[str, str]
) -> None:
    batch = await returns.bring(BAD_DAY)
    path = f"/imports/{batch['id']}/rows/1"
    answer = await returns.api.call("PATCH", path, json=cells, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")


async def test_a_row_that_is_not_there_or_not_seen_is_not_found(
    returns: ReturnsClient, api: Api
) -> None:
    batch = await returns.bring(BAD_DAY)
    for by, row_no in ((returns.api, 2), (api.user(Role.DATA_ENTRY, APPEAL), 1)):
        answer = await repair(by, batch, row_no, date_dd="28")
        assert answer.status_code == 404


async def test_a_row_is_not_repaired_into_a_court_without_a_grant(
    returns: ReturnsClient, api: Api
) -> None:
    own = returns.of(api.user(Role.DATA_ENTRY, TESTVILLE))
    batch = await own.bring(BAD_DAY)
    answer = await repair(own.api, batch, 1, court="Testville Court of Appeal", date_dd="28")
    assert answer.status_code == 403
    assert (await own.rows(batch))[0]["raw"]["date_dd"] == "31"


async def test_a_row_of_a_deleted_case_is_applied_when_the_case_is_restored(
    returns: ReturnsClient, admin: Api
) -> None:
    await returns.bring({})
    case_id = (await returns.case())["id"]
    version = (await admin.get(f"/cases/{case_id}")).headers["ETag"]
    await admin.call("DELETE", f"/cases/{case_id}", headers={"If-Match": version})
    batch = await returns.bring({"date_dd": "25"})
    (row,) = await returns.rows(batch)
    assert row["result"] == "REJECTED"
    assert "an administrator can restore it" in row["issues"][-1]["message"]

    await admin.post(f"/cases/{case_id}/restore", {"reason": "Deleted by mistake"})
    answer = await returns.api.post(f"/imports/{batch['id']}/rows/retry")

    assert answer.status_code == 202, answer.text
    assert (await returns.work_by(batch["id"], returns.api))["state"] == "applied"
    assert await returns.results(batch) == ["NEW"]
    again = await returns.api.post(f"/imports/{batch['id']}/rows/retry")
    assert (again.status_code, again.json()["code"]) == (409, "import-not-ready")


async def test_a_row_that_the_sender_may_not_send_is_applied_by_an_administrator(
    returns: ReturnsClient, api: Api, admin: Api
) -> None:
    clerk = returns.of(api.user(Role.DATA_ENTRY, TESTVILLE))
    batch = await clerk.bring({}, ELSEWHERE)
    assert await clerk.results(batch) == ["NEW", "REJECTED"]
    assert (await admin.post(f"/imports/{batch['id']}/rows/retry")).status_code == 202
    assert (await returns.of(admin).work_by(batch["id"], admin))["state"] == "applied"


async def test_a_validated_import_is_validated_again_by_what_is_known_now(
    returns: ReturnsClient, admin: Api
) -> None:
    batch = await returns.bring(UNKNOWN, BAD_DAY, mode="validate")
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    await admin.post(f"/aliases/{alias['id']}/accept", {"target_id": str(AMINA)})
    assert await returns.results(batch) == ["HELD", "REJECTED"]

    answer = await returns.api.post(f"/imports/{batch['id']}/validate")

    assert (answer.status_code, answer.json()["state"]) == (202, "validating")
    await returns.validate_again(batch["id"])
    now = await returns.batch(batch["id"])
    assert (now["state"], now["counts"]["new"], now["counts"]["held"]) == ("validated", 1, 0)
    assert await returns.results(batch) == ["NEW", "REJECTED"]


async def test_rows_of_other_courts_stay_when_an_import_is_validated_again(
    returns: ReturnsClient, api: Api
) -> None:
    batch = await returns.bring({}, ELSEWHERE, mode="validate")
    clerk = returns.of(api.user(Role.DATA_ENTRY, TESTVILLE))
    await clerk.api.post(f"/imports/{batch['id']}/validate")
    await clerk.validate_again(batch["id"])
    assert await returns.results(batch) == ["NEW", "NEW"]


async def test_an_applied_import_is_not_validated_again(returns: ReturnsClient) -> None:
    batch = await returns.bring_file(as_csv([{}]))
    answer = await returns.api.post(f"/imports/{batch['id']}/validate")
    assert (answer.status_code, answer.json()["code"]) == (409, "import-not-ready")


async def test_a_repaired_row_still_tells_what_is_wrong_with_its_line(
    returns: ReturnsClient,
) -> None:
    rows = as_csv([BAD_DAY | {"other_details": "Noted"}, {}])
    batch = await returns.bring_file(rows.replace(b"Noted", b'"Noted'))
    row = (await repair(returns.api, batch, 1, date_dd="28")).json()
    assert (row["result"], [each["code"] for each in row["issues"]]) == (
        "NEW",
        ["CELL_SWALLOWS_ROWS"],
    )
    assert not any(name.startswith("#") for name in row["raw"])
