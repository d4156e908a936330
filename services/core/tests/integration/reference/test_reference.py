"""Reference data: the rules that all kinds share."""

from typing import Any
from uuid import uuid4

import pytest

from common.writes import expected_version
from testkit.core.api import Api
from testkit.core.registry import TESTVILLE, case_type, category, outcome

CATEGORY = str(category("CIV"))
NEW: dict[str, dict[str, Any]] = {
    "courts": {"code": "NEWTOWN-KC", "name": "Newtown", "court_type": "KC", "station": "Newtown"},
    "judges": {"surname": "Fresh", "given_names": "Ann", "cadre": "kadhi", "pj_number": "PJ7"},
    "case-categories": {"code": "ANTI", "name": "Anti-corruption", "nature": "criminal"},
    "case-types": {"code": "CIVX", "name": "Civil Extra", "category_id": CATEGORY},
    "activity-types": {"label": "Site Visit", "counts_as_hearing": True, "adjournable": True},
    "outcomes": {"label": "Recalled", "effect": "reopen", "limited_to": [CATEGORY]},
    "adjournment-reasons": {"label": "Flooded road", "cause": "external"},
}
CHANGES: dict[str, dict[str, Any]] = {
    "courts": {"name": "New Town", "county": "Test County"},
    "judges": {"given_names": "Anne", "is_active": False},
    "case-categories": {"name": "Corruption"},
    "case-types": {"name": "Civil Other"},
    "activity-types": {"valid_to": "2027-01-01"},
    "outcomes": {"valid_to": "2027-01-01"},
    "adjournment-reasons": {"label": "Flooded roads"},
}
every_kind = pytest.mark.parametrize("kind", NEW)


async def add(admin: Api, kind: str, **changes: Any) -> dict[str, Any]:
    response = await admin.post(f"/{kind}", NEW[kind] | changes)
    assert response.status_code == 201, response.text
    row: dict[str, Any] = response.json()
    return row


@every_kind
async def test_an_administrator_adds_a_row_and_every_user_reads_it(
    admin: Api, viewer: Api, kind: str
) -> None:
    row = await add(admin, kind)

    assert NEW[kind].items() <= row.items()
    assert (row["version"], row["is_active"]) == (1, True)
    response = await viewer.get(f"/{kind}/{row['id']}")
    assert response.json() == row
    assert expected_version(response.headers["ETag"]) == 1


@every_kind
async def test_a_change_increments_the_version(admin: Api, kind: str) -> None:
    row = await add(admin, kind)

    response = await admin.patch(f"/{kind}/{row['id']}", CHANGES[kind], version=1)

    assert response.status_code == 200, response.text
    assert CHANGES[kind].items() <= response.json().items()
    assert response.json()["version"] == 2
    assert response.headers["ETag"] == '"2"'


@every_kind
async def test_a_stale_change_is_refused_with_the_current_version(admin: Api, kind: str) -> None:
    row = await add(admin, kind)
    path = f"/{kind}/{row['id']}"
    await admin.patch(path, CHANGES[kind], version=1)

    stale = await admin.patch(path, CHANGES[kind], version=1)
    blind = await admin.patch(path, CHANGES[kind], version=None)

    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    assert blind.status_code == 428


@every_kind
async def test_only_administrators_write(
    api: Api, clerk: Api, viewer: Api, admin: Api, kind: str
) -> None:
    row = await add(admin, kind)
    path = f"/{kind}/{row['id']}"

    for caller, status in ((viewer, 403), (api, 401)):
        assert (await caller.post(f"/{kind}", NEW[kind])).status_code == status
        assert (await caller.patch(path, CHANGES[kind], version=1)).status_code == status
    assert (await clerk.patch(path, CHANGES[kind], version=1)).status_code == 202
    assert (await admin.get(path)).json() == row


@every_kind
async def test_anonymous_callers_cannot_read(api: Api, kind: str) -> None:
    assert (await api.get(f"/{kind}")).status_code == 401
    assert (await api.get(f"/{kind}/{uuid4()}")).status_code == 401


@every_kind
async def test_an_unknown_id_is_not_found(admin: Api, kind: str) -> None:
    path = f"/{kind}/{uuid4()}"

    assert (await admin.get(path)).json()["code"] == "reference-not-found"
    assert (await admin.patch(path, {}, version=1)).status_code == 404


@every_kind
async def test_unknown_fields_and_nulls_are_refused(admin: Api, kind: str) -> None:
    row = await add(admin, kind)

    unknown = await admin.post(f"/{kind}", NEW[kind] | {"colour": "blue"})
    null = await admin.patch(f"/{kind}/{row['id']}", {"is_active": None}, version=1)

    assert (unknown.status_code, null.status_code) == (422, 422)


@every_kind
async def test_a_retried_addition_gets_the_stored_answer(admin: Api, kind: str) -> None:
    first = await admin.post(f"/{kind}", NEW[kind], key="retry-4")
    again = await admin.post(f"/{kind}", NEW[kind], key="retry-4")

    assert (again.status_code, again.json()) == (201, first.json())


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("courts", {"name": "Other"}, "code-taken"),
        ("courts", {"code": "OTHER", "name": "NEWTOWN"}, "name-taken"),
        ("judges", {"surname": "Other"}, "code-taken"),
        ("case-categories", {"name": "Other"}, "code-taken"),
        ("case-categories", {"code": "OTHER", "name": "ANTI-CORRUPTION"}, "name-taken"),
        ("case-types", {"name": "Other"}, "code-taken"),
        ("case-types", {"code": "OTHER", "name": "civil  extra"}, "name-taken"),
        ("activity-types", {"label": "site visit"}, "edition-overlaps"),
        ("outcomes", {"label": "RECALLED"}, "edition-overlaps"),
        ("adjournment-reasons", {"label": "flooded ROAD"}, "name-taken"),
    ],
)
async def test_a_taken_name_is_taken_in_every_spelling(
    admin: Api, kind: str, changes: dict[str, Any], code: str
) -> None:
    await add(admin, kind)

    response = await admin.post(f"/{kind}", NEW[kind] | changes)

    assert (response.status_code, response.json()["code"]) == (409, code)


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("case-types", {"category_id": str(uuid4())}, "unknown-reference"),
        ("outcomes", {"limited_to": [str(uuid4())]}, "unknown-reference"),
        ("courts", {"parent_id": str(uuid4())}, "unknown-reference"),
        ("courts", {"court_type": "XX"}, "validation-failed"),
        ("courts", {"code": "no spaces"}, "validation-failed"),
        ("courts", {"name": "..."}, "validation-failed"),
        ("outcomes", {"valid_from": "2026-01-01", "valid_to": "2026-01-01"}, "period-invalid"),
    ],
)
async def test_invalid_rows_are_refused(
    admin: Api, kind: str, changes: dict[str, Any], code: str
) -> None:
    response = await admin.post(f"/{kind}", NEW[kind] | changes)

    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_an_effect_changes_with_a_new_edition(admin: Api) -> None:
    old = outcome("Struck Out")
    edition = {"label": "Struck Out", "effect": "none", "valid_from": "2027-01-01"}
    assert (await admin.post("/outcomes", edition)).status_code == 409

    ended = await admin.patch(f"/outcomes/{old}", {"valid_to": "2027-01-01"}, version=1)
    added = await admin.post("/outcomes", edition)

    assert (ended.status_code, added.status_code) == (200, 201)
    refused = await admin.patch(f"/outcomes/{old}", {"effect": "none"}, version=2)
    assert refused.status_code == 422


async def test_lists_are_searched_and_paged_in_the_order_of_names(viewer: Api) -> None:
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        params = {"q": "hearing", "limit": 2, "count": "exact"} | cursor
        page = (await viewer.get("/activity-types", **params)).json()
        names += [row["label"] for row in page["items"]]
        assert page["total"] == 4
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert sorted(names) == names
    assert set(names) == {
        "Hearing",
        "Hearing- Main Suit",
        "Hearing- Application",
        "Defence Hearing",
    }


async def test_a_search_escapes_percent_signs(viewer: Api) -> None:
    assert (await viewer.get("/courts", q="%")).json()["items"] == []


async def test_courts_are_found_by_code_and_filtered_by_activity(admin: Api) -> None:
    await admin.patch(f"/courts/{TESTVILLE}", {"is_active": False}, version=1)

    found = (await admin.get("/courts", q="testville", active=True)).json()["items"]

    assert [court["name"] for court in found] == ["Testville Court of Appeal"]
    assert (await admin.get("/courts", q="TESTVILLE-HC")).json()["items"][0]["id"] == str(TESTVILLE)


async def test_case_types_name_their_category(viewer: Api) -> None:
    row = (await viewer.get(f"/case-types/{case_type('CIVSUIT')}")).json()

    assert row["category_id"] == CATEGORY
