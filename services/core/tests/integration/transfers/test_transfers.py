"""POST /cases/{id}/transfer: what leaves one court arrives at another, and nothing is lost."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from common.composition import Units
from common.identity import Grant, Role
from core_service.ledger.models import CaseStatusEvent
from core_service.rebuild import rebuild
from testkit.core.api import Api
from testkit.core.registry import DEMOVILLE, TESTVILLE, activity_body, case_body

REASON = "By order: pecuniary jurisdiction"


def order(**changes: Any) -> dict[str, Any]:
    return {
        "to_court_id": str(DEMOVILLE),
        "transferred_on": "2026-05-04",
        "reason": REASON,
    } | changes


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    parties = {"female_applicant": 2}
    body: dict[str, Any] = (await clerk.post("/cases", case_body(parties=parties))).json()
    return body


async def balance(core: Units) -> Counter[tuple[UUID, str]]:
    """How many live events of each kind each court has."""
    async with core.database.snapshot() as session:
        live = select(CaseStatusEvent).where(col(CaseStatusEvent.retracted_at).is_(None))
        rows = (await session.exec(live)).all()
    return Counter((row.court_id, row.kind.value) for row in rows)


async def record(api: Api, case_id: str, *words: str) -> dict[str, Any]:
    response = await api.post("/activities", activity_body(case_id, *words))
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_a_transfer_balances_and_its_void_undoes_both_sides(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    await admin.post(f"/cases/{case['id']}/seal", {"reason": "A child"})

    response = await admin.post(f"/cases/{case['id']}/transfer", order(number="E102"))

    there = response.json()
    assert response.status_code == 200, response.text
    assert there["number"] == "HCCC E102 of 2025"
    assert (there["court"]["id"], there["status"]) == (str(DEMOVILLE), "pending")
    assert (there["filed_on"], there["sealed"]) == (case["filed_on"], True)
    assert there["parties"] == case["parties"]
    here = (await admin.get(f"/cases/{case['id']}")).json()
    assert (here["status"], here["status_since"]) == ("transferred", "2026-05-04")
    assert await balance(core) == {
        (TESTVILLE, "filed"): 1,
        (TESTVILLE, "transfer_out"): 1,
        (DEMOVILLE, "transfer_in"): 1,
    }
    links = (await admin.get(f"/cases/{there['id']}/links")).json()["items"]
    assert [(link["kind"], link["outward"], link["case"]["id"]) for link in links] == [
        ("transferred_to", False, case["id"])
    ]

    arrival = (await admin.get(f"/cases/{there['id']}/activities")).json()["items"][0]
    assert (arrival["source"]["kind"], arrival["details"]) == ("system", REASON)
    change = await admin.patch(f"/activities/{arrival['id']}", {"details": "x"}, version=1)
    assert change.json()["code"] == "activity-is-an-act"
    voided = await admin.post(f"/activities/{arrival['id']}/void", {"reason": "Wrong court"})
    assert voided.status_code == 200, voided.text
    assert await balance(core) == {(TESTVILLE, "filed"): 1}
    statuses = [(await admin.get(f"/cases/{end['id']}")).json()["status"] for end in (case, there)]
    assert statuses == ["pending", "transferred"]
    assert (await rebuild(core)).changed == 0


async def test_a_file_that_comes_back_is_the_case_it_was(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    there = (await admin.post(f"/cases/{case['id']}/transfer", order())).json()
    assert there["number"] == "HCCC E001 of 2025"

    home = order(to_court_id=str(TESTVILLE), transferred_on="2026-05-20")
    back = await admin.post(f"/cases/{there['id']}/transfer", home)

    assert back.json()["id"] == case["id"], back.text
    assert back.json()["status"] == "pending"
    assert await balance(core) == {
        (TESTVILLE, "filed"): 1,
        (TESTVILLE, "transfer_out"): 1,
        (DEMOVILLE, "transfer_in"): 1,
        (DEMOVILLE, "transfer_out"): 1,
        (TESTVILLE, "transfer_in"): 1,
    }


async def test_an_inactive_file_arrives_inactive_and_a_reported_departure_gets_its_arrival(
    core: Units, admin: Api, case: dict[str, Any]
) -> None:
    await record(admin, case["id"], "2026-04-01", "Mention", "Stood Over Generally")
    inactive = (await admin.post(f"/cases/{case['id']}/transfer", order())).json()
    assert inactive["status"] == "inactive"

    other = (await admin.post("/cases", case_body(number="E015"))).json()
    left = await record(admin, other["id"], "2026-04-02", "Mention", "File Transferred")
    arrived = (await admin.post(f"/cases/{other['id']}/transfer", order())).json()

    assert (arrived["status"], arrived["status_since"]) == ("pending", "2026-04-02")
    found = await balance(core)
    assert found[TESTVILLE, "transfer_out"] == found[DEMOVILLE, "transfer_in"] == 2
    again = await admin.post(f"/cases/{other['id']}/transfer", order())
    assert (again.status_code, again.json()["code"]) == (409, "case-not-transferable")
    # The report cannot be corrected away under the arrival that answers it.
    moved = activity_body(other["id"], "2026-04-02", "Mention", "Mention Date Given")
    wrong = await admin.post("/activities", moved | {"supersedes": left["id"]})
    assert wrong.json()["code"] == "activity-is-an-act"


async def test_what_cannot_be_transferred_says_why(
    admin: Api, clerk: Api, case: dict[str, Any]
) -> None:
    path = f"/cases/{case['id']}/transfer"
    await record(admin, case["id"], "2026-05-05", "Mention", "Mention Date Given")

    faults = {
        (await admin.post(path, order(**changes))).json()["errors"][0]["code"]
        for changes in (
            {"to_court_id": str(TESTVILLE), "transferred_on": "2026-05-06"},
            {"transferred_on": "2026-06-02"},
            {},
            {"transferred_on": "2026-05-06", "filed_on": "2026-05-07"},
            {"transferred_on": "2026-05-06", "to_court_id": case["id"]},
        )
    }
    assert faults == {"same-court", "date-future", "before-activity", "after-transfer", "unknown"}

    nowhere = await clerk.post(path, order(to_court_id=case["id"]))
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "transfer-invalid")

    existing = case_body(court_id=str(DEMOVILLE), number="E77")
    there = (await admin.post("/cases", existing)).json()
    open_there = await admin.post(path, order(number="E77", transferred_on="2026-05-06"))
    assert (open_there.status_code, open_there.json()["code"]) == (409, "case-open-there")
    await admin.delete(f"/cases/{there['id']}", version=1)
    deleted = await admin.post(path, order(number="E77", transferred_on="2026-05-06"))
    assert (deleted.status_code, deleted.json()["code"]) == (409, "case-deleted")
    await record(admin, case["id"], "2026-05-06", "Judgment", "Judgment Delivered")
    disposed = await admin.post(path, order(transferred_on="2026-05-06"))
    assert (disposed.status_code, disposed.json()["code"]) == (409, "case-not-transferable")


@pytest.mark.parametrize(
    "changes",
    [
        {"transferred_on": 1746316800},
        {"filed_on": 1738540800},
        {"filed_on": "0025-02-03"},
        {"caseid_type": "--"},
        {"number": "E-"},
    ],
)
async def test_a_transfer_validates_its_fields_like_a_registration(
    admin: Api, clerk: Api, case: dict[str, Any], changes: dict[str, Any]
) -> None:
    for caller in (admin, clerk):
        refused = await caller.post(f"/cases/{case['id']}/transfer", order(**changes))

        assert (refused.status_code, refused.json()["code"]) == (422, "validation-failed")


async def test_of_racing_transfers_one_sends_the_file(
    core: Units, api: Api, case: dict[str, Any]
) -> None:
    everywhere = api.granted(Grant(Role.ADMIN))
    path = f"/cases/{case['id']}/transfer"

    responses = await asyncio.gather(
        *(everywhere.post(path, order(number=f"E{number}")) for number in range(1, 5)),
        everywhere.post(path, order()),
    )

    assert sorted(each.status_code for each in responses) == [200, 409, 409, 409, 409]
    found = await balance(core)
    assert (found[TESTVILLE, "transfer_out"], found[DEMOVILLE, "transfer_in"]) == (1, 1)


async def test_a_file_that_was_sealed_elsewhere_comes_back_sealed(
    api: Api, admin: Api, case: dict[str, Any]
) -> None:
    there = (await admin.post(f"/cases/{case['id']}/transfer", order())).json()
    await admin.post(f"/cases/{there['id']}/seal", {"reason": "A child"})
    home = order(to_court_id=str(TESTVILLE), transferred_on="2026-05-20")

    back = await admin.post(f"/cases/{there['id']}/transfer", home)

    assert (back.json()["id"], back.json()["sealed"]) == (case["id"], True), back.text
    viewer = api.user(Role.VIEWER, TESTVILLE)
    assert (await viewer.get(f"/cases/{case['id']}")).status_code == 404
    versions = (await admin.get(f"/cases/{case['id']}/versions")).json()["items"]
    assert "sealed" in [version["kind"] for version in versions]
