"""A case of another court or under seal looks like one that does not exist."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import update

from common.composition import Units
from core_service.cases.models import Case
from testkit.core.api import Api
from testkit.core.registry import activity_body, case_body
from testkit.core.tokens import Issuer

READING = ["", "/timeline", "/activities", "/status-events"]


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    body: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    return body


async def seal(core: Units) -> None:
    async with core.database.transaction() as session:
        await session.exec(update(Case).values(sealed=True))


def comparable(response: Any) -> tuple[int, dict[str, Any]]:
    """What a problem says, but for the request's own ID."""
    return response.status_code, response.json() | {"request_id": None}


@pytest.mark.parametrize("path", READING)
async def test_another_court_s_case_looks_like_one_that_is_not_there(
    outsider: Api, case: dict[str, Any], path: str
) -> None:
    hidden = await outsider.get(f"/cases/{case['id']}{path}")
    absent = await outsider.get(f"/cases/{uuid4()}{path}")

    assert comparable(hidden) == comparable(absent)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "case-not-found")


async def test_another_court_s_case_can_be_neither_changed_nor_acted_on(
    outsider: Api, case: dict[str, Any]
) -> None:
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")

    assert (await outsider.patch(f"/cases/{case['id']}", {}, version=1)).status_code == 404
    assert (await outsider.post("/activities", body)).status_code == 404


@pytest.mark.parametrize("path", READING)
async def test_a_sealed_case_exists_for_admins_and_its_clerks_alone(
    core: Units, admin: Api, clerk: Api, viewer: Api, case: dict[str, Any], path: str
) -> None:
    await seal(core)

    statuses = [
        (await caller.get(f"/cases/{case['id']}{path}")).status_code
        for caller in (admin, clerk, viewer)
    ]

    assert statuses == [200, 200, 404]


async def test_a_sealed_case_is_neither_listed_nor_found_by_a_viewer(
    core: Units, admin: Api, viewer: Api, case: dict[str, Any]
) -> None:
    assert case
    await seal(core)

    for caller, count in ((admin, 1), (viewer, 0)):
        assert (await caller.get("/cases", count="exact")).json()["total"] == count
        found = await caller.get("/cases/lookup", number="HCCC/E014/2025")
        assert len(found.json()["items"]) == count


@pytest.mark.parametrize("path", READING)
async def test_an_anonymous_read_is_refused(api: Api, case: dict[str, Any], path: str) -> None:
    assert (await api.get(f"/cases/{case['id']}{path}")).status_code == 401


async def test_a_user_without_grants_reads_nothing(api: Api, case: dict[str, Any]) -> None:
    assert (await api.granted().get(f"/cases/{case['id']}")).status_code == 403


async def test_forged_identity_headers_are_ignored(api: Api, case: dict[str, Any]) -> None:
    response = await api.client.get(
        f"/api/v1/cases/{case['id']}", headers={"X-User-Id": str(uuid4()), "X-Role": "admin"}
    )

    assert response.status_code == 401


async def test_services_read_by_scope(api: Api, issuer: Issuer, case: dict[str, Any]) -> None:
    reader = api.bearer(issuer.token(api.clock, scope="registry:read"))
    other = api.bearer(issuer.token(api.clock, scope="users:read"))
    misdirected = api.bearer(issuer.token(api.clock, scope="registry:read", aud="auth"))

    assert (await reader.get(f"/cases/{case['id']}")).status_code == 200
    assert (await reader.patch(f"/cases/{case['id']}", {}, version=1)).status_code == 403
    assert (await other.get(f"/cases/{case['id']}")).status_code == 403
    assert (await misdirected.get(f"/cases/{case['id']}")).status_code == 401
