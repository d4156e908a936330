"""Links between cases: seen from both, made once, and gone without a trace in the figures."""

from typing import Any
from uuid import uuid4

import pytest

from core_service.testing.api import Api
from core_service.testing.registry import APPEAL, case_body


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


async def test_a_relation_is_the_same_whoever_names_it_first(
    admin: Api, pair: tuple[str, str]
) -> None:
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
