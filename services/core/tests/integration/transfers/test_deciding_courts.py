"""Which court decides on a transfer and on its void, also when that changes meanwhile."""

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
from core_service.proposals.models import Proposal, RequestKind
from core_service.proposals.service import ProposalService
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
