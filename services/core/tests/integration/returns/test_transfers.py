"""A file that returns report as sent by one court and as received by another is filed once."""

from collections import Counter
from typing import Any, Final

import pytest
from sqlmodel import col, select

from common.composition import Units
from common.identity import Grant, Role
from core_service.ledger.models import CaseStatusEvent
from core_service.rebuild import rebuild
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE, case_body
from testkit.core.returns import ReturnsClient

THERE: Final = "Testville Court of Appeal"
LEFT: Final = {"date_dd": "3", "date_mon": "Mar", "outcome": "File Transferred"}
NAMES_IT: Final = {
    "original_court": "Testville",
    "original_code": "HCCC",
    "original_number": "E014",
    "original_year": "2025",
}
ARRIVED: Final = NAMES_IT | {
    "court": THERE,
    "caseid_type": "COACA",
    "caseid_no": "E005",
    "date_dd": "5",
    "date_mon": "Mar",
}
RECEIVED: Final = {"comingfor": "File Received From Another Court"}
BALANCED: Final = {
    (TESTVILLE, "filed"): 1,
    (TESTVILLE, "transfer_out"): 1,
    (APPEAL, "transfer_in"): 1,
}


@pytest.fixture
def returns(core: Units, api: Api) -> ReturnsClient:
    """The returns of an administrator of both courts."""
    return ReturnsClient(core, api.granted(Grant(Role.ADMIN)))


async def balance(core: Units) -> Counter[Any]:
    """How many live events of each kind each court has; a rebuild changes none."""
    assert (await rebuild(core)).changed == 0
    async with core.database.snapshot() as session:
        live = select(CaseStatusEvent).where(col(CaseStatusEvent.retracted_at).is_(None))
        rows = (await session.exec(live)).all()
    return Counter((row.court_id, row.kind.value) for row in rows)


@pytest.mark.parametrize("files", [[[{}, LEFT], [ARRIVED]], [[ARRIVED], [{}, LEFT]]])
async def test_either_court_may_report_first(
    returns: ReturnsClient, core: Units, files: list[list[dict[str, str]]]
) -> None:
    for rows in files:
        assert set(await returns.results(await returns.bring(*rows))) == {"NEW"}
    assert await balance(core) == BALANCED
    there = await returns.case("COACA E005 of 2025")
    assert (there["status"], there["status_since"]) == ("pending", "2025-03-05")
    assert (await returns.case())["status"] == "transferred"


async def test_one_file_may_hold_both_ends(returns: ReturnsClient, core: Units) -> None:
    await returns.bring(ARRIVED, {}, LEFT)
    assert await balance(core) == BALANCED


async def test_the_matrix_is_right_before_between_and_after(returns: ReturnsClient) -> None:
    await returns.bring({}, LEFT)
    await returns.bring(ARRIVED, ARRIVED | {"date_dd": "7"})

    async def active(on: str, **params: str) -> tuple[int, ...]:
        period = {"from": "2025-01-01", "to": on}
        answer = await returns.api.get("/metrics/matrix", **period, **params)
        totals = answer.json()["totals"]
        names = ("new", "transfer_in", "transfer_out", "end_active")
        return tuple(totals[name] for name in names)

    here, there = {"court": str(TESTVILLE)}, {"court": str(APPEAL)}
    for on, at_home, elsewhere, nation in (
        ("2025-03-02", (1, 0, 0, 1), (0, 0, 0, 0), (1, 0, 0, 1)),
        ("2025-03-04", (1, 0, 1, 0), (0, 0, 0, 0), (1, 0, 1, 0)),
        ("2025-03-06", (1, 0, 1, 0), (0, 1, 0, 1), (1, 1, 1, 1)),
    ):
        assert await active(on, **here) == at_home
        assert await active(on, **there) == elsewhere
        assert await active(on) == nation


@pytest.mark.parametrize(
    "cells",
    [
        {"original_number": "HCCC E014 of 2025", "original_code": "", "original_year": ""},
        {"original_number": "E14/2025", "original_court": "TESTHC", "original_code": ""},
        {"original_court": "", "original_number": "H.C.C.C No. E014/2025"},
        {"original_code": "", "original_year": "", "original_number": "E014.0"},
        {
            **dict.fromkeys(("original_code", "original_number", "original_year"), ""),
            "caseid_type": "HCCC",
            "caseid_no": "E014",
        },
    ],
)
async def test_the_original_is_known_by_any_spelling(
    returns: ReturnsClient, core: Units, cells: dict[str, str]
) -> None:
    names = {court["code"] for court in (await returns.api.get("/courts")).json()["items"]}
    if cells.get("original_court") == "TESTHC" and "TESTHC" not in names:
        cells = cells | {"original_court": "testville"}
    await returns.bring({}, LEFT)
    await returns.bring(ARRIVED | cells)
    assert await balance(core) == BALANCED


@pytest.mark.parametrize(
    ("before", "cells"),
    [
        ([{}], {}),  # the file is still there
        ([{}, {"comingfor": "Judgment", "outcome": "Judgment Delivered", "date_mon": "3"}], {}),
        ([{}, LEFT], {"original_number": "E015"}),
        ([{}, LEFT], {"original_year": "2024"}),
        ([{}, LEFT], {"original_code": "HCMISC"}),
        ([{}, LEFT], {"original_court": "Demoville"}),
        ([{}, LEFT], {"date_dd": "2"}),  # something happened there before it left
        (
            [{}, LEFT],
            {
                "case_type": "Civil Appeal",
                "comingfor": "Registration/Filing",
                "outcome": "Case Registered/Filed",
            },
        ),
    ],
)
async def test_other_cases_with_an_original_are_new(
    returns: ReturnsClient, core: Units, before: list[dict[str, str]], cells: dict[str, str]
) -> None:
    await returns.bring(*before)
    await returns.bring(ARRIVED | cells)
    found = await balance(core)
    assert (found[APPEAL, "filed"], found[APPEAL, "transfer_in"]) == (1, 0)


async def test_a_file_reported_as_received_is_not_new_wherever_it_comes_from(
    returns: ReturnsClient, core: Units
) -> None:
    blank = dict.fromkeys(NAMES_IT, "")
    await returns.bring(ARRIVED | blank | RECEIVED, ARRIVED | blank | {"date_dd": "6"})
    assert await balance(core) == {(APPEAL, "transfer_in"): 1}


async def test_a_file_reported_as_received_back_is_pending_again(
    returns: ReturnsClient, core: Units
) -> None:
    await returns.bring({}, LEFT, RECEIVED | {"date_dd": "9", "date_mon": "Mar", "outcome": ""})
    assert (await returns.case())["status"] == "pending"
    assert (await balance(core))[TESTVILLE, "transfer_in"] == 1


async def test_what_the_first_row_does_there_happens_after_the_arrival(
    returns: ReturnsClient, core: Units
) -> None:
    await returns.bring({}, LEFT)
    await returns.bring(ARRIVED | {"comingfor": "Judgment", "outcome": "Judgment Delivered"})
    assert await balance(core) == BALANCED | {(APPEAL, "disposed"): 1}


async def test_one_departure_has_one_arrival(returns: ReturnsClient, core: Units) -> None:
    await returns.bring({}, LEFT)
    await returns.bring(ARRIVED | {"caseid_no": "E006", "date_dd": "9"}, ARRIVED)
    assert await balance(core) == BALANCED | {(APPEAL, "filed"): 1}
    assert (await returns.case("COACA E005 of 2025"))["status_since"] == "2025-03-05"


@pytest.mark.parametrize("how", ["void", "correct"])
async def test_a_departure_that_is_taken_back_takes_its_arrival_back(
    returns: ReturnsClient, core: Units, how: str
) -> None:
    await returns.bring({})
    left = await returns.bring(LEFT)
    await returns.bring(ARRIVED)
    assert await balance(core) == BALANCED
    (row,) = await returns.rows(left)
    if how == "void":
        path = f"/activities/{row['activity_id']}/void"
        assert (await returns.api.post(path, {"reason": "Not sent"})).status_code == 200
    else:
        await returns.bring(LEFT | {"outcome": "Mention Date Given"})
    assert await balance(core) == {(TESTVILLE, "filed"): 1, (APPEAL, "filed"): 1}


async def test_a_seal_goes_with_the_file(returns: ReturnsClient) -> None:
    await returns.bring({})
    case = await returns.case()
    await returns.api.post(f"/cases/{case['id']}/seal", {"reason": "A child"})
    await returns.bring(LEFT)
    await returns.bring(ARRIVED)
    assert (await returns.case("COACA E005 of 2025"))["sealed"]


async def test_a_file_that_arrived_by_return_cannot_be_sent_by_order(
    returns: ReturnsClient,
) -> None:
    await returns.bring({}, LEFT)
    await returns.bring(ARRIVED)
    case = await returns.case()
    order = {"to_court_id": str(APPEAL), "transferred_on": "2025-03-03", "reason": "By order"}
    answer = await returns.api.post(f"/cases/{case['id']}/transfer", order)
    assert (answer.status_code, answer.json()["code"]) == (409, "case-not-transferable")


async def test_an_ordered_transfer_is_counted_once_when_returns_report_it_too(
    returns: ReturnsClient, core: Units
) -> None:
    body = case_body(number="E014", filed_on="2025-02-03")
    case = (await returns.api.post("/cases", body)).json()
    order = {"to_court_id": str(APPEAL), "transferred_on": "2025-03-03", "reason": "By order"}
    order |= {"caseid_type": "COACA", "number": "E005"}
    assert (await returns.api.post(f"/cases/{case['id']}/transfer", order)).status_code == 200
    await returns.bring(LEFT, ARRIVED)
    assert await balance(core) == BALANCED


async def test_the_original_court_may_be_named_by_an_accepted_spelling(
    returns: ReturnsClient, core: Units
) -> None:
    held = await returns.bring({"court": "Testvile Main", "caseid_no": "E099"})
    alias_id = (await returns.rows(held))[0]["issues"][0]["alias_id"]
    await returns.api.post(f"/aliases/{alias_id}/accept", {"target_id": str(TESTVILLE)})
    await returns.bring({}, LEFT)
    await returns.bring(ARRIVED | {"original_court": "testvile  main"})
    assert await balance(core) == BALANCED


async def test_a_corrected_row_may_be_the_first_to_name_the_original(
    returns: ReturnsClient, core: Units
) -> None:
    await returns.bring({}, LEFT)
    unnamed = {name: value for name, value in ARRIVED.items() if name not in NAMES_IT}
    assert await returns.results(await returns.bring(unnamed)) == ["NEW"]
    assert await returns.results(await returns.bring(ARRIVED)) == ["CORRECTION"]
    assert await balance(core) == BALANCED


async def test_a_repaired_row_may_name_the_original(returns: ReturnsClient, core: Units) -> None:
    await returns.bring({}, LEFT)
    waiting = dict.fromkeys(NAMES_IT, "") | {"judge_1": "Unlisted, Ann"}
    batch = await returns.bring(ARRIVED | waiting)
    path = f"/imports/{batch['id']}/rows/1"
    cells = NAMES_IT | {"judge_1": "Example, Amina Wanja"}
    answer = await returns.api.patch(path, cells, version=1)
    assert answer.status_code == 200, answer.text
    assert answer.json()["result"] == "NEW"
    assert await balance(core) == BALANCED
