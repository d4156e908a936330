"""OAuth to the letter: RFC 6749, 6750, 7009, 7662 and 8414."""

import asyncio
from typing import Any

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.clients.service import ClientService
from auth_service.units import AuthUnits
from common.http_client import basic_credentials
from testkit.auth.api import Api

SECRET = "client-secret-of-this-test-0123456789"
SCOPES = ("tokens:introspect", "tokens:revoke")
TOKEN, INTROSPECT, REVOKE = (f"/api/v1/auth/{name}" for name in ("token", "introspect", "revoke"))
CLIENTS = "/api/v1/service-clients"


@pytest.fixture(autouse=True)
async def core(auth: AuthUnits) -> None:
    async with auth.begin() as unit:
        clients = unit.get(ClientService)
        await clients.ensure("core", SECRET, SCOPES, ("auth",))
        await clients.ensure("elsewhere", SECRET, SCOPES, ("core",))
        await clients.ensure("weak", SECRET, (), ("auth",))


def basic(client_id: str = "core", secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": basic_credentials(client_id, secret)}


async def service_token(api: Api, client_id: str = "core") -> str:
    form = {"grant_type": "client_credentials", "resource": "auth"}
    answer = await api.client.post(TOKEN, data=form, headers=basic(client_id))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest.mark.parametrize(
    ("grant_type", "error"),
    [(None, "invalid_request"), ("", "invalid_request"), ("password", "unsupported_grant_type")],
)
async def test_a_missing_grant_type_is_not_an_unsupported_one(
    api: Api, grant_type: str | None, error: str
) -> None:
    form = {"resource": "auth"} | ({} if grant_type is None else {"grant_type": grant_type})
    answer = await api.client.post(TOKEN, data=form, headers=basic())
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("direct", [True, False])
async def test_client_credentials_introspect_and_revoke(api: Api, clerk: str, direct: bool) -> None:
    async def post(path: str, **options: Any) -> Any:
        send = api.client.post if direct else lambda *a, **o: api.call("POST", *a, **o)
        return await send(path, **options)

    token = await api.token(clerk)
    answer = await post(INTROSPECT, data={"token": token}, headers=basic())
    assert (answer.status_code, answer.json()["active"]) == (200, True)
    in_form = {"token": token, "client_id": "core", "client_secret": SECRET}
    assert (await post(REVOKE, data=in_form)).status_code == 200
    assert (await post(INTROSPECT, data=in_form)).json() == {"active": False}


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
async def test_wrong_client_credentials_are_challenged(api: Api, path: str) -> None:
    wrong = await api.client.post(path, data={"token": "x"}, headers=basic(secret="wrong"))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert wrong.headers["WWW-Authenticate"].startswith("Basic")
    without = await api.client.post(path, data={"token": "x"})
    assert (without.status_code, without.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(("path", "scope"), [(INTROSPECT, SCOPES[0]), (REVOKE, SCOPES[1])])
async def test_a_service_without_the_scope_learns_which_it_needs(
    api: Api, path: str, scope: str
) -> None:
    bearer = {"Authorization": f"Bearer {await service_token(api, 'weak')}"}
    for headers in (bearer, basic("weak"), basic("elsewhere")):
        refused = await api.client.post(path, data={"token": "x"}, headers=headers)
        assert refused.status_code == 403
        challenge = refused.headers["WWW-Authenticate"]
        assert challenge == f'Bearer error="insufficient_scope", scope="{scope}"'


async def test_a_token_revoked_many_times_at_once_is_revoked_once(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    form = {"token": await api.token(clerk)}
    answers = await asyncio.gather(
        *(api.client.post(REVOKE, data=form, headers=basic()) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {200}
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.TOKEN_REVOKE)
        assert len((await session.exec(statement)).all()) == 1


async def test_the_metadata_say_how_clients_authenticate(api: Api) -> None:
    metadata = (await api.client.get("/.well-known/oauth-authorization-server")).json()
    secrets = ["client_secret_basic", "client_secret_post"]
    assert metadata["token_endpoint_auth_methods_supported"] == secrets
    assert metadata["revocation_endpoint_auth_methods_supported"] == secrets
    assert metadata["introspection_endpoint_auth_methods_supported"] == [*secrets, "Bearer"]


async def test_a_client_that_loses_anything_loses_its_tokens_at_once(api: Api, admin: str) -> None:
    token = await api.token(admin)
    listed = (await api.call("GET", CLIENTS, token=token)).json()["items"]
    (client,) = (row for row in listed if row["client_id"] == "core")
    path, version = f"{CLIENTS}/{client['id']}", client["version"]
    old = await service_token(api)

    async def change(body: dict[str, Any]) -> Any:
        headers = {"If-Match": f'"{version}"'}
        return await api.call("PATCH", path, token=token, json=body, headers=headers)

    async def introspect(bearer: str) -> int:
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = await api.client.post(INTROSPECT, data={"token": "x"}, headers=headers)
        return int(answer.status_code)

    more = await change({"scopes": [*SCOPES, "users:read"]})
    assert (more.status_code, more.json()["version"]) == (200, version + 1)
    assert await introspect(old) == 200
    assert (await change({"scopes": []})).status_code == 412
    version = more.json()["version"]
    assert (await change({"scopes": [SCOPES[0]]})).json()["scopes"] == [SCOPES[0]]
    assert await introspect(old) == 401
    assert await introspect(await service_token(api)) == 200
    version += 1
    assert (await change({"is_active": False})).json()["is_active"] is False
    form = {"grant_type": "client_credentials"}
    assert (await api.client.post(TOKEN, data=form, headers=basic())).status_code == 401
    assert (await change({})).status_code == 422
