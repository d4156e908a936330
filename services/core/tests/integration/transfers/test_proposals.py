"""A proposal to another court is answered alike, whatever that court holds."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from common.identity import Grant, Role
from testkit.core.api import Api
from testkit.core.registry import DEMOVILLE, TESTVILLE, activity_body, case_body

WHY = {"reason": "By order: pecuniary jurisdiction"}
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME_TEXT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z")
HELD = "E77"
CLOSED = {
    "code": "CLOSED-KC",
    "name": "Closed",
    "court_type": "KC",
    "station": "Closed",
    "is_active": False,
}


def order(**changes: Any) -> dict[str, Any]:
    sent = {"to_court_id": str(DEMOVILLE), "transferred_on": "2026-05-04", "number": HELD}
    return WHY | sent | changes


def essence(answer: Any) -> tuple[int, str]:
    """An answer to the byte, but for IDs and times."""
    return answer.status_code, TIME_TEXT.sub("", UUID_TEXT.sub("", answer.text))


async def nothing(_admin: Api) -> None:
    """The other court does not hold the number."""


async def held(admin: Api) -> str:
    made = await admin.post("/cases", case_body(court_id=str(DEMOVILLE), number=HELD))
    assert made.status_code == 201, made.text
    case_id: str = made.json()["id"]
    return case_id


async def sealed(admin: Api) -> None:
    case_id = await held(admin)
    assert (await admin.post(f"/cases/{case_id}/seal", WHY)).status_code == 200


async def deleted(admin: Api) -> None:
    case_id = await held(admin)
    assert (await admin.delete(f"/cases/{case_id}", version=1)).status_code == 204


async def active_later(admin: Api) -> None:
    body = activity_body(await held(admin), "2026-05-20", "Mention", "Mention Date Given")
    assert (await admin.post("/activities", body)).status_code == 201


WORLDS = (nothing, held, sealed, deleted, active_later)


@pytest.fixture(params=[Role.DATA_ENTRY, Role.ADMIN], ids=["clerk", "administrator"])
def sender(request: pytest.FixtureRequest, api: Api) -> Api:
    """A clerk of the sending court alone."""
    return api.user(request.param, TESTVILLE)


@pytest.mark.parametrize("world", WORLDS)
async def test_a_proposed_transfer_does_not_tell_what_the_other_court_holds(
    sender: Api, admin: Api, world: Callable[[Api], Awaitable[None]]
) -> None:
    here = (await sender.post("/cases", case_body())).json()
    path = f"/cases/{here['id']}/transfer"
    free = await sender.post(path, order(number="E9999"))
    assert free.status_code == 202, free.text
    turned_down = await admin.post(f"/requests/{free.json()['id']}/reject", {})
    assert turned_down.status_code == 200
    await world(admin)

    proposed = await sender.post(path, order())

    expected = free.text.replace("E9999", HELD)
    assert essence(proposed) == (202, TIME_TEXT.sub("", UUID_TEXT.sub("", expected)))
    read = await sender.get(f"/requests/{proposed.json()['id']}")
    assert read.json() == proposed.json()
    again = await sender.post(path, order())
    assert (again.status_code, again.json()["code"]) == (409, "request-pending")


@pytest.mark.parametrize(
    ("world", "code"),
    [(held, "case-open-there"), (sealed, "case-open-there"), (deleted, "case-deleted")],
)
async def test_the_conflict_is_shown_to_the_court_that_decides(
    api: Api, sender: Api, admin: Api, world: Callable[[Api], Awaitable[None]], code: str
) -> None:
    await world(admin)
    here = (await sender.post("/cases", case_body())).json()
    proposed = (await sender.post(f"/cases/{here['id']}/transfer", order())).json()

    refused = await api.user(Role.ADMIN, DEMOVILLE).post(f"/requests/{proposed['id']}/accept", {})

    assert (refused.status_code, refused.json()["code"]) == (409, code)
    # Nor does the sender read of it afterwards.
    assert (await sender.get(f"/requests/{proposed['id']}")).json() == proposed


async def test_a_proposal_is_refused_for_what_the_sending_court_knows(
    sender: Api, admin: Api
) -> None:
    here = (await sender.post("/cases", case_body())).json()
    body = activity_body(here["id"], "2026-05-05", "Mention", "Mention Date Given")
    await sender.post("/activities", body)
    path = f"/cases/{here['id']}/transfer"
    closed = (await admin.post("/courts", CLOSED)).json()["id"]

    faults = [
        (await sender.post(path, order(**changes))).json()["errors"][0]["code"]
        for changes in (
            {},
            {"to_court_id": str(TESTVILLE), "transferred_on": "2026-05-06"},
            {"to_court_id": closed, "transferred_on": "2026-05-06"},
            {"transferred_on": "2026-06-02"},
            {"transferred_on": "2026-05-06", "filed_on": "2026-05-07"},
        )
    ]

    assert faults == ["before-activity", "same-court", "unknown", "date-future", "after-transfer"]
    judgment = activity_body(here["id"], "2026-05-07", "Judgment", "Judgment Delivered")
    await sender.post("/activities", judgment)
    disposed = await sender.post(path, order(transferred_on="2026-05-08"))
    assert (disposed.status_code, disposed.json()["code"]) == (409, "case-not-transferable")


async def test_the_sending_court_does_not_learn_the_later_status_of_the_file(
    api: Api, sender: Api, admin: Api
) -> None:
    here = (await sender.post("/cases", case_body())).json()
    path = f"/cases/{here['id']}"
    proposed = (await sender.post(f"{path}/transfer", order())).json()
    accepted = await api.user(Role.ADMIN, DEMOVILLE).post(f"/requests/{proposed['id']}/accept", {})
    assert accepted.status_code == 200, accepted.text
    found = await admin.get("/cases", court=str(DEMOVILLE), q=HELD)
    there = found.json()["items"][0]
    roads = ("", "/activities", "/timeline", "/versions", "/links", "/status-events", "/hearings")
    paths = [f"{path}{road}" for road in roads] + [f"/requests/{proposed['id']}", "/requests"]

    async def seen_here() -> list[tuple[int, str]]:
        return [essence(await sender.get(each)) for each in paths]

    before = await seen_here()
    answers = [await sender.get(each) for each in paths]
    assert not [answer.text for answer in answers if there["id"] in answer.text]
    await admin.post(f"/cases/{there['id']}/seal", WHY)
    assert await seen_here() == before
    body = activity_body(there["id"], "2026-05-20", "Judgment", "Judgment Delivered")
    await admin.post("/activities", body)
    assert await seen_here() == before
    version = (await admin.get(f"/cases/{there['id']}")).json()["version"]
    await admin.delete(f"/cases/{there['id']}", version=version)
    assert await seen_here() == before


@pytest.mark.parametrize("change", ["nothing", "seal", "delete", "activity"])
async def test_a_proposed_void_of_a_transfer_does_not_tell_of_the_other_end(
    sender: Api, admin: Api, change: str
) -> None:
    here = (await sender.post("/cases", case_body())).json()
    there = (await admin.post(f"/cases/{here['id']}/transfer", order())).json()
    if change == "seal":
        await admin.post(f"/cases/{there['id']}/seal", WHY)
    if change == "delete":
        version = (await admin.get(f"/cases/{there['id']}")).json()["version"]
        await admin.delete(f"/cases/{there['id']}", version=version)
    if change == "activity":
        body = activity_body(there["id"], "2026-05-20", "Judgment", "Judgment Delivered")
        await admin.post("/activities", body)
    departure = (await sender.get(f"/cases/{here['id']}/activities")).json()["items"][-1]

    proposed = await sender.post(f"/activities/{departure['id']}/void", WHY)

    assert proposed.status_code == 202, proposed.text
    assert there["id"] not in proposed.text
    body = proposed.json()
    given = {name: value for name, value in body.items() if value is not None}
    assert given == {
        "id": body["id"],
        "kind": "void",
        "state": "pending",
        "case_id": here["id"],
        "activity_id": departure["id"],
        "court_id": str(TESTVILLE),
        "deciding_court_id": str(DEMOVILLE),
        "reason": WHY["reason"],
        "terms": {},
        "requested_at": body["requested_at"],
        "requested_by": {"id": str(sender.user_id), "name": None},
        "version": 1,
    }


async def test_a_clerk_of_one_court_who_decides_at_the_other_transfers_at_once(
    api: Api, clerk: Api
) -> None:
    here = (await clerk.post("/cases", case_body())).json()
    both = api.granted(
        Grant(Role.DATA_ENTRY, frozenset({TESTVILLE})), Grant(Role.ADMIN, frozenset({DEMOVILLE}))
    )

    answer = await both.post(f"/cases/{here['id']}/transfer", order())

    assert answer.status_code == 200, answer.text


async def test_a_case_that_was_deleted_meanwhile_is_not_sent(
    api: Api, sender: Api, admin: Api
) -> None:
    here = (await sender.post("/cases", case_body())).json()
    proposed = (await sender.post(f"/cases/{here['id']}/transfer", order())).json()
    await admin.delete(f"/cases/{here['id']}", version=1)

    refused = await api.user(Role.ADMIN, DEMOVILLE).post(f"/requests/{proposed['id']}/accept", {})

    assert (refused.status_code, refused.json()["code"]) == (409, "case-deleted")
