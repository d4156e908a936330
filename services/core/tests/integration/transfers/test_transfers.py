"""POST /cases/{id}/transfer: what leaves one court arrives at another, and nothing is lost."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from common.composition import Units
from common.identity import Grant, Principal, Role
from core_service.access.callers import Administrator
from core_service.ledger.models import CaseStatusEvent
from core_service.proposals.errors import RequestOutdated
from core_service.proposals.models import RequestKind
from core_service.proposals.proposal import Proposal
from core_service.proposals.service import ProposalService
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


async def test_the_receiving_court_accepts_what_a_clerk_asks_for(
    core: Units, api: Api, clerk: Api, case: dict[str, Any]
) -> None:
    proposed = await clerk.post(f"/cases/{case['id']}/transfer", order(), key="transfer-1")
    assert (proposed.status_code, proposed.json()["state"]) == (202, "pending")
    assert (await clerk.get(f"/cases/{case['id']}")).json() == case
    path = f"/requests/{proposed.json()['id']}"
    sending, receiving = api.user(Role.ADMIN, TESTVILLE), api.user(Role.ADMIN, DEMOVILLE)
    assert (await sending.post(f"{path}/accept", {})).status_code == 403
    assert (await clerk.post(f"{path}/accept", {})).status_code == 403
    assert (await api.user(Role.DATA_ENTRY, DEMOVILLE).get(path)).status_code == 404

    accepted = await receiving.post(f"{path}/accept", {"note": "File received"})

    assert accepted.status_code == 200, accepted.text
    body = accepted.json()
    assert (body["state"], body["decision_note"]) == ("accepted", "File received")
    assert body["decided_by"]["id"] == str(receiving.user_id)
    assert (await balance(core))[DEMOVILLE, "transfer_in"] == 1
    twice = await receiving.post(f"{path}/accept", {})
    assert (twice.status_code, twice.json()["code"]) == (409, "request-decided")
    # Nor does the sending court take back alone what the other one has accepted.
    departure = (await sending.get(f"/cases/{case['id']}/activities")).json()["items"][0]
    back = await sending.post(f"/activities/{departure['id']}/void", {"reason": "Sent too early"})
    assert (back.status_code, back.json()["deciding_court_id"]) == (202, str(DEMOVILLE))
    assert (await receiving.post(f"/requests/{back.json()['id']}/accept", {})).status_code == 200
    assert await balance(core) == {(TESTVILLE, "filed"): 1}


async def test_a_void_whose_court_changes_while_it_is_proposed_is_not_made(
    core: Units, clerk: Api, admin: Api, case: dict[str, Any]
) -> None:
    left = await record(clerk, case["id"], "2026-05-04", "Mention", "File Transferred")
    grants = (Grant(Role.ADMIN, frozenset({TESTVILLE})),)
    here = Administrator.of(Principal("user", admin.user_id, grants=grants))
    case_id, activity_id = UUID(case["id"]), UUID(left["id"])
    proposal = Proposal(RequestKind.VOID, case_id, TESTVILLE, TESTVILLE, "Not sent", activity_id)
    await admin.post(f"/cases/{case['id']}/transfer", order())
    before = await balance(core)

    with pytest.raises(RequestOutdated):
        async with core.database.transaction() as session:
            await core.container(session).get(ProposalService).submit(proposal, here)

    assert await balance(core) == before


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


@pytest.mark.parametrize("accepted_first", [True, False])
async def test_a_void_proposed_before_its_court_changed_has_to_be_proposed_again(
    core: Units, api: Api, clerk: Api, case: dict[str, Any], *, accepted_first: bool
) -> None:
    sending, receiving = api.user(Role.ADMIN, TESTVILLE), api.user(Role.ADMIN, DEMOVILLE)
    left = await record(clerk, case["id"], "2026-05-04", "Mention", "File Transferred")
    void = f"/activities/{left['id']}/void"
    proposed: dict[str, Any] = {}

    async def accept_file() -> dict[str, Any]:
        sent = (await clerk.post(f"/cases/{case['id']}/transfer", order())).json()
        answer = await receiving.post(f"/requests/{sent['id']}/accept", {})
        assert answer.status_code == 200, answer.text
        found = await receiving.get("/cases", court=str(DEMOVILLE), q="E001")
        there: dict[str, Any] = found.json()["items"][0]
        return there

    async def ask() -> None:
        answer = await clerk.post(void, {"reason": "Not sent at all"})
        assert answer.status_code == 202, answer.text
        proposed.update(answer.json())

    if accepted_first:
        there = await accept_file()
        await ask()
        arrival = (await receiving.get(f"/cases/{there['id']}/activities")).json()["items"][0]
        await receiving.post(f"/activities/{arrival['id']}/void", {"reason": "Not received"})
    else:
        await ask()
        await accept_file()
    before = await balance(core)
    was_to_decide = receiving if accepted_first else sending

    refused = await was_to_decide.post(f"/requests/{proposed['id']}/accept", {})

    assert (refused.status_code, refused.json()["code"]) == (409, "request-outdated")
    assert await balance(core) == before
    request = (await was_to_decide.get(f"/requests/{proposed['id']}")).json()
    assert request["state"] == "pending"
    assert (await was_to_decide.post(f"/requests/{proposed['id']}/reject", {})).status_code == 200
    assert (await clerk.post(void, {"reason": "Not sent at all"})).status_code == 202


@pytest.mark.parametrize("kind", ["transfer", "void"])
async def test_a_proposal_of_another_court_is_accepted_only_while_its_author_may_still_propose(
    core: Units, api: Api, clerk: Api, admin: Api, case: dict[str, Any], kind: str
) -> None:
    receiving = api.user(Role.ADMIN, DEMOVILLE)
    path, body = f"/cases/{case['id']}/transfer", order()
    if kind == "void":
        await admin.post(path, body)
        (departure,) = (await clerk.get(f"/cases/{case['id']}/activities")).json()["items"]
        path, body = f"/activities/{departure['id']}/void", {"reason": "Not sent"}
    proposed = (await clerk.post(path, body)).json()
    before, accept = await balance(core), f"/requests/{proposed['id']}/accept"

    api.auth.grant(clerk.user_id, Grant(Role.VIEWER, frozenset({TESTVILLE})))
    lapsed = await receiving.post(accept, {})
    api.auth.is_available = False
    unknown = await receiving.post(accept, {})
    api.auth.is_available = True
    assert (lapsed.status_code, lapsed.json()["code"]) == (409, "request-outdated")
    assert (unknown.status_code, unknown.json()["code"]) == (503, "unavailable")
    assert await balance(core) == before

    api.auth.grant(clerk.user_id, Grant(Role.DATA_ENTRY, frozenset({TESTVILLE})))
    accepted = await receiving.post(accept, {})
    assert accepted.status_code == 200, accepted.text
    assert await balance(core) != before


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
