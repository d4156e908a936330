"""Links between cases: seen from both cases, made once, without effect on the figures."""

from typing import Any
from uuid import uuid4

import pytest

from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE, case_body


@pytest.fixture
async def pair(admin: Api) -> tuple[str, str]:
    """A case at Testville, and the appeal from it."""
    below = (await admin.post("/cases", case_body())).json()
    above = (
        await admin.post("/cases", case_body(court_id=str(APPEAL), caseid_type="COACA"))
    ).json()
    return below["id"], above["id"]


async def links(api: Api, case_id: str) -> list[tuple[str, bool, str]]:
    items = (await api.get(f"/cases/{case_id}/links")).json()["items"]
    return [(each["kind"], each["outward"], each["case"]["id"]) for each in items]


async def test_a_link_is_seen_from_both_ends_by_those_who_may_know(
    admin: Api, clerk: Api, viewer: Api, pair: tuple[str, str]
) -> None:
    below, above = pair
    body: dict[str, Any] = {"other_id": below, "kind": "appeal_of", "reason": "Appeal"}

    made = await admin.post(f"/cases/{above}/link", body)

    assert made.status_code == 201, made.text
    assert await links(viewer, above) == [("appeal_of", True, below)]
    assert await links(viewer, below) == [("appeal_of", False, above)]
    assert await links(clerk, below) == []
    assert (await viewer.get(f"/cases/{above}")).json()["version"] == 2
    again = await admin.post(f"/cases/{above}/link", body)
    assert (again.status_code, again.json()["code"]) == (409, "link-exists")

    removed = await admin.post(f"/cases/{above}/unlink", body)

    assert (removed.status_code, removed.json()) == (200, {"items": []})
    kinds = (await admin.get(f"/cases/{above}/versions")).json()["items"]
    assert [each["kind"] for each in kinds] == ["registered", "linked", "unlinked"]
    assert (await admin.post(f"/cases/{above}/unlink", body)).status_code == 404


async def test_a_relation_is_the_same_from_either_case(admin: Api, pair: tuple[str, str]) -> None:
    one, other = pair
    await admin.post(f"/cases/{one}/link", {"other_id": other, "kind": "related"})

    twice = await admin.post(f"/cases/{other}/link", {"other_id": one, "kind": "related"})

    assert twice.status_code == 409


async def test_what_cannot_be_linked_says_why(
    admin: Api, clerk: Api, viewer: Api, pair: tuple[str, str]
) -> None:
    one, other = pair
    related = {"other_id": other, "kind": "related"}

    answers = [
        (await caller.post(f"/cases/{one}/link", related | changes)).json()["code"]
        for caller, changes in (
            (admin, {"other_id": one}),
            (admin, {"other_id": str(uuid4())}),
            (admin, {"kind": "transferred_to"}),
            (clerk, {}),
            (viewer, {}),
        )
    ]

    assert answers == [
        "link-to-itself",
        "case-not-found",
        "validation-failed",
        "case-not-found",
        "permission-denied",
    ]


MARKER = "The minor named in COACA E014"


async def test_a_caller_who_may_not_see_both_cases_cannot_add_remove_or_read_a_link(
    api: Api, admin: Api, clerk: Api, viewer: Api, pair: tuple[str, str]
) -> None:
    below, above = pair
    body: dict[str, Any] = {"other_id": above, "kind": "related", "reason": MARKER}
    await admin.post(f"/cases/{above}/seal", {"reason": "A child"})
    assert (await admin.post(f"/cases/{below}/link", body)).status_code == 201
    here = api.user(Role.ADMIN, TESTVILLE)
    grantless = body | {"other_id": str(uuid4())}

    for caller in (clerk, here):
        for act in ("link", "unlink"):
            hidden = await caller.post(f"/cases/{below}/{act}", body)
            absent = await caller.post(f"/cases/{below}/{act}", grantless)
            assert (hidden.status_code, hidden.json()["code"]) == (404, "case-not-found")
            answers = [each.json() | {"request_id": None} for each in (hidden, absent)]
            assert answers[0] == answers[1]
    for caller in (clerk, here, viewer):
        for road in ("versions", "links", "timeline", "activities", "assignments", "hearings"):
            answer = await caller.get(f"/cases/{below}/{road}")
            assert answer.status_code == 200, answer.text
            assert not [each for each in (MARKER, above, "linked") if each in answer.text]
    events = await here.get("/registry-audit-events", limit="200")
    assert events.json()["items"]
    assert not [each for each in (MARKER, above, "case_links") if each in events.text]


async def test_a_hidden_link_leaves_no_gap_in_the_versions_and_reads_as_an_empty_change(
    admin: Api, clerk: Api, viewer: Api, pair: tuple[str, str]
) -> None:
    below, above = pair
    body: dict[str, Any] = {"other_id": above, "kind": "related", "reason": MARKER}
    await admin.post(f"/cases/{above}/seal", {"reason": "A child"})
    for act in ("link", "unlink"):
        await admin.post(f"/cases/{below}/{act}", body)
    same = {"parties": {"male_applicant": 0}}
    assert (await clerk.patch(f"/cases/{below}", same, version=3)).status_code == 200

    shown = (await viewer.get(f"/cases/{below}/versions")).json()["items"]

    assert [each["version"] for each in shown] == [1, 2, 3, 4]
    hidden, unlinked, plain = (
        {name: value for name, value in each.items() if name not in ("version", "at", "by")}
        for each in shown[1:]
    )
    assert hidden == unlinked == plain


async def test_a_caller_who_may_see_both_cases_reads_the_link_even_after_a_deletion(
    admin: Api, viewer: Api, pair: tuple[str, str]
) -> None:
    below, above = pair
    body: dict[str, Any] = {"other_id": above, "kind": "related", "reason": MARKER}
    await admin.post(f"/cases/{below}/link", body)

    async def changes(reader: Api) -> list[tuple[str, str | None, Any]]:
        items = (await reader.get(f"/cases/{below}/versions")).json()["items"]
        return [(each["kind"], each["reason"], each["changes"]) for each in items[1:]]

    linked = [("linked", MARKER, {"kind": "related", "other_id": above})]
    assert await changes(viewer) == await changes(admin) == linked
    await admin.delete(f"/cases/{above}", version=1)
    assert await changes(admin) == linked
    assert await changes(viewer) == [("changed", None, {})]
