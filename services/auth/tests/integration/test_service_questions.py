"""What services ask auth with their tokens: names, grants in force, what was revoked."""

from datetime import timedelta
from typing import Any

import pytest

from auth_service.clients.service import ClientService
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from common.http_client import basic_credentials
from common.identity import Grant, Role
from common.ids import uuid7
from testkit.auth.api import Api

SECRET = "core's secret: 0123456789abcdef/+%"
TOKEN = "/api/v1/auth/token"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
async def core(auth: AuthUnits) -> dict[str, str]:
    """The credentials of a client that may call auth and core."""
    scopes = (
        "users:read",
        "revocations:read",
        "grants:read",
        "tokens:introspect",
        "tokens:revoke",
    )
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure("core", SECRET, scopes, ("auth", "core"))
    return {"Authorization": basic_credentials("core", SECRET)}


async def ask(api: Api, headers: dict[str, str], **form: str) -> Any:
    return await api.client.post(TOKEN, data=GRANT | form, headers=headers)


async def service_headers(api: Api, core: dict[str, str], scope: str) -> dict[str, str]:
    token = (await ask(api, core, resource="auth", scope=scope)).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


async def test_names_of_users_require_the_scope(
    api: Api, auth: AuthUnits, clerk: str, core: dict[str, str]
) -> None:
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(clerk)
    assert user is not None
    path = f"/internal/v1/users?ids={user.id},{uuid7()}"
    headers = await service_headers(api, core, "users:read")
    response = await api.client.get(path, headers=headers)
    assert response.json() == {"items": [{"id": str(user.id), "name": "Demo Clerk"}]}
    wrong = await service_headers(api, core, "revocations:read")
    assert (await api.client.get(path, headers=wrong)).status_code == 403
    signed_in = (await api.login(clerk)).json()["access_token"]
    assert (await api.call("GET", path, token=signed_in)).status_code == 401
    assert (await api.client.get(path)).status_code == 401
    for ids in ("", "x", ",".join(str(uuid7()) for _ in range(201))):
        bad = await api.client.get(f"/internal/v1/users?ids={ids}", headers=headers)
        assert bad.status_code == 422


async def test_grants_in_force_require_the_scope(
    api: Api, auth: AuthUnits, clerk: str, core: dict[str, str], clock: FrozenClock
) -> None:
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(clerk)
        assert user is not None
        court, later = uuid7(), api.clock.now() + timedelta(minutes=1)
        await unit.get(UserService).add_grant(user, Grant(Role.ADMIN, frozenset({court})), later)
    headers = await service_headers(api, core, "grants:read")

    async def principals(**params: str) -> Any:
        path = "/internal/v1/principals"
        return (await api.client.get(path, params=params, headers=headers)).json()

    async def grants() -> list[tuple[str, Any]]:
        found = (await principals(user_ids=f"{user.id},{uuid7()}"))["users"]
        return [(each["role"], each["courts"]) for one in found for each in one["grants"]]

    of_clerk = ("data_entry", "*")
    assert await grants() == [("admin", [str(court)]), of_clerk]
    clock.advance(seconds=60)
    headers = await service_headers(api, core, "grants:read")
    assert await grants() == [of_clerk]
    async with auth.begin() as unit:
        changed = await unit.get(UserService).lock(user.id)
        assert changed is not None
        unit.get(UserService).set_active(changed, active=False)
    assert await grants() == []

    named = await principals(client_ids="core,unknown")
    assert named["users"] == []
    assert [(each["client_id"], each["audiences"]) for each in named["clients"]] == [
        ("core", ["auth", "core"])
    ]
    assert "grants:read" in named["clients"][0]["scopes"]
    await _set_inactive(auth, "core")
    assert (await principals(client_ids="core"))["clients"] == []


async def _set_inactive(auth: AuthUnits, client_id: str) -> None:
    async with auth.begin() as unit:
        client = await unit.get(ClientService).clients.first(
            unit.get(ClientService).clients.named(client_id)
        )
        assert client is not None
        client.is_active = False


@pytest.mark.parametrize("ids", ["x", ",".join(str(uuid7()) for _ in range(201))])
async def test_what_is_no_list_of_users_is_refused(
    api: Api, core: dict[str, str], ids: str
) -> None:
    headers = await service_headers(api, core, "grants:read")
    refused = await api.client.get(f"/internal/v1/principals?user_ids={ids}", headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "user_ids")


async def test_a_token_for_another_service_is_refused(api: Api, core: dict[str, str]) -> None:
    token = (await ask(api, core, resource="core")).json()["access_token"]
    response = await api.client.get(
        f"/internal/v1/users?ids={uuid7()}", headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 401


async def test_the_feed_lists_what_was_revoked_since_a_moment(
    api: Api, clerk: str, core: dict[str, str]
) -> None:
    headers = await service_headers(api, core, "revocations:read")
    before = api.clock.now().isoformat()
    body = (await api.login(clerk)).json()
    await api.logout(body["refresh_token"])
    path = "/internal/v1/revocations"
    feed = (await api.client.get(path, params={"since": before}, headers=headers)).json()
    assert [entry["id"] for entry in feed["sessions"]] == [body["session"]["id"]]
    assert (feed["subjects"], feed["tokens"]) == ([], [])
    later = {"since": "2199-01-01T00:00:00Z"}
    feed = (await api.client.get(path, params=later, headers=headers)).json()
    assert feed["sessions"] == []
