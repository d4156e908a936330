"""Service tokens: who gets one, for what, and how it is introspected and revoked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.clients.service import ClientService
from auth_service.oauth import TokenRequestRefused
from auth_service.units import AuthUnits
from common.http_client import basic_credentials
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
        await unit.get(ClientService).ensure("reports", SECRET, ("users:read",), ("auth",))
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
    assert not await ensure(SECRET + "x", "users:read", "more")
    async with auth.begin() as unit:
        assert await unit.get(ClientService).has_secret("core", SECRET)


@pytest.mark.usefixtures("core")
async def test_a_new_secret_of_a_client_works_and_the_old_one_until_the_overlap_ends(
    auth: AuthUnits,
) -> None:
    newer = SECRET + "-newer"

    async def works(secret: str) -> bool:
        async with auth.begin() as unit:
            try:
                return bool(await unit.get(ClientService).authenticate("core", secret))
            except TokenRequestRefused:
                return False

    for overlap, expected in ((timedelta(minutes=5), True), (timedelta(), False)):
        async with auth.begin() as unit:
            await unit.get(ClientService).set_secret("core", newer, overlap)
        assert (await works(newer), await works(SECRET)) == (True, expected)
