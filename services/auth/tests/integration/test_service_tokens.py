"""Service tokens: who gets one, for what, and what it opens."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.clients.service import ClientService
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.clock import FrozenClock
from common.http_client import basic_credentials
from common.identity import Grant, Role
from common.ids import uuid7
from testkit.auth.api import Api, claims_of

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


async def test_a_token_is_for_one_service_and_five_minutes(api: Api, core: dict[str, str]) -> None:
    response = await ask(api, core, resource="auth", scope="users:read")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 300, "users:read")
    claims = claims_of(body["access_token"])
    assert (claims["sub"], claims["client_id"], claims["aud"]) == ("core", "core", "auth")
    assert "sid" not in claims


async def test_credentials_may_come_in_the_form(api: Api, core: dict[str, str]) -> None:
    assert core
    response = await ask(api, {}, resource="auth", client_id="core", client_secret=SECRET)
    assert response.status_code == 200
    assert "revocations:read" in response.json()["scope"].split()


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"resource": "gateway"}, "invalid_target"),
        ({}, "invalid_target"),
        ({"resource": "auth", "scope": "users:write"}, "invalid_scope"),
        ({"resource": "auth", "grant_type": "password"}, "unsupported_grant_type"),
        ({"resource": "auth", "client_secret": SECRET}, "invalid_request"),
        ({"resource": "auth", "scope": "users\x00"}, "invalid_request"),
    ],
)
async def test_what_is_not_granted_is_refused_with_the_error_codes_of_the_rfc(
    api: Api, core: dict[str, str], form: dict[str, str], error: str
) -> None:
    response = await ask(api, core, **form)
    assert response.status_code == 400
    assert response.json()["error"] == error


@pytest.mark.parametrize(
    "authorization",
    [
        basic_credentials("core", "wrong"),
        basic_credentials("unknown", SECRET),
        "Basic",
        "Basic %%%",
        "Basic AAAA",
        "Bearer x",
        "",
    ],
)
async def test_all_wrong_credentials_get_the_same_answer(
    api: Api, core: dict[str, str], authorization: str
) -> None:
    assert core
    response = await ask(api, {"Authorization": authorization}, resource="auth")
    assert response.status_code == 401
    assert response.json()["error"] == "invalid_client"
    assert response.headers["WWW-Authenticate"].startswith("Basic")


async def test_bodies_that_are_no_form_or_ambiguous_are_refused(
    api: Api, core: dict[str, str]
) -> None:
    as_json = await api.client.post(TOKEN, json=GRANT, headers=core)
    twice = await api.client.post(
        TOKEN,
        content=b"grant_type=client_credentials&resource=auth&resource=core",
        headers=core | {"Content-Type": "application/x-www-form-urlencoded"},
    )
    for response in (as_json, twice):
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


async def test_tokens_and_refusals_are_in_the_audit_log(
    api: Api, auth: AuthUnits, core: dict[str, str]
) -> None:
    await ask(api, core, resource="auth")
    await ask(api, {"Authorization": basic_credentials("core", "wrong")}, resource="auth")
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.CLIENT_TOKEN)
        events = (await session.exec(statement.order_by(col(AuditEvent.sequence)))).all()
    assert [(event.client_id, event.reason) for event in events] == [
        ("core", None),
        ("core", "invalid_client"),
    ]


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


async def test_a_services_token_is_introspected_whatever_its_audience(
    api: Api, auth: AuthUnits, core: dict[str, str]
) -> None:
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure("reports", SECRET, ("users:read",), ("masijala",))
    reports = {"Authorization": basic_credentials("reports", SECRET)}
    token = (await ask(api, reports, resource="masijala")).json()["access_token"]
    headers = await service_headers(api, core, "tokens:introspect")

    async def is_active() -> bool:
        answer = await api.client.post(
            "/api/v1/auth/introspect", data={"token": token}, headers=headers
        )
        assert answer.status_code == 200
        return bool(answer.json()["active"])

    assert await is_active()
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure(
            "reports", "another secret", ("users:read",), ("masijala",)
        )
    assert not await is_active()


async def test_introspection_and_revocation(
    api: Api, auth: AuthUnits, clerk: str, core: dict[str, str]
) -> None:
    reading = await service_headers(api, core, "tokens:introspect")
    revoking = await service_headers(api, core, "tokens:revoke")
    body = (await api.login(clerk)).json()

    async def is_active(token: str) -> bool:
        response = await api.client.post(
            "/api/v1/auth/introspect", data={"token": token}, headers=reading
        )
        return bool(response.json()["active"])

    async def revoke(token: str) -> int:
        response = await api.client.post(
            "/api/v1/auth/revoke", data={"token": token}, headers=revoking
        )
        return int(response.status_code)

    access, refresh = body["access_token"], body["refresh_token"]
    assert await is_active(access)
    assert await is_active(refresh)
    assert await revoke(access) == 200
    assert await revoke(access) == 200
    assert not await is_active(access)
    assert await auth.publisher.store.redis.get(f"rev:jti:{claims_of(access)['jti']}") == "1"
    assert await is_active(refresh)
    assert await revoke(refresh) == 200
    assert not await is_active(refresh)
    assert await revoke("nonsense") == 200
    assert not await is_active("nonsense")


async def test_a_client_is_created_once_exactly_as_given(auth: AuthUnits) -> None:
    async def ensure(secret: str, *scopes: str) -> bool:
        async with auth.begin() as unit:
            return await unit.get(ClientService).ensure("core", secret, scopes, ("auth",))

    assert await ensure(SECRET, "users:read")
    assert not await ensure(SECRET, "users:read")
    assert await ensure(SECRET, "users:read", "more")
    assert await ensure(SECRET + "x", "users:read", "more")
