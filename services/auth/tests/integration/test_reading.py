"""Every GET of auth: its Cache-Control, HEAD, and 304 with If-None-Match."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from auth_service.app import create_app
from auth_service.clients.service import ClientService
from auth_service.units import AuthUnits
from common.http_client import basic_credentials
from testkit.auth.api import Api, claims_of
from testkit.auth.directories import oidc_settings, provider

SECRET: Final = "client-secret-of-this-test-0123456789"
PRIVATE, NEVER, PUBLIC = "private, no-cache", "no-store", "public, max-age=300"
USER: Final = "/api/v1/users/{user_id}"
EXPECTED: Final = {
    "/.well-known/jwks.json": PUBLIC,
    "/.well-known/oauth-authorization-server": PUBLIC,
    "/api/v1/auth/me": PRIVATE,
    "/api/v1/auth/activity": NEVER,
    "/api/v1/auth/sessions": NEVER,
    "/api/v1/auth/factors": NEVER,
    "/api/v1/users": PRIVATE,
    USER: PRIVATE,
    f"{USER}/grants": PRIVATE,
    f"{USER}/grants/{{grant_id}}": PRIVATE,
    f"{USER}/sessions": NEVER,
    f"{USER}/identities": PRIVATE,
    "/api/v1/auth/oidc": NEVER,
    "/api/v1/group-mappings": PRIVATE,
    "/api/v1/group-mappings/{mapping_id}": PRIVATE,
    "/api/v1/court-groups": PRIVATE,
    "/api/v1/court-groups/{group_id}": PRIVATE,
    "/api/v1/service-clients": PRIVATE,
    "/api/v1/service-clients/{client_key}": PRIVATE,
    "/api/v1/audit-events": NEVER,
    "/api/v1/audit-events/export": NEVER,
}
# Leads to the directory, which `test_directories` follows.
REDIRECTS: Final = {"/api/v1/auth/oidc/{provider}/start"}
# In no document; for services with these scopes.
INTERNAL: Final = {
    "/internal/v1/users": {"ids": "{user_id}"},
    "/internal/v1/revocations": {"since": "2026-01-01T00:00:00Z"},
    "/internal/v1/principals": {"user_ids": "{user_id}"},
}
SCOPES: Final = ("users:read", "revocations:read", "grants:read")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who may read everything, and the IDs of what there is."""

    api: Api
    token: str
    ids: Mapping[str, str]
    service: str

    async def read(self, method: str, path: str, **headers: str) -> Any:
        """The response to reading a path of `EXPECTED` or of `INTERNAL`."""
        url, params = path.format(**self.ids), INTERNAL.get(path, {})
        params = {name: value.format(**self.ids) for name, value in params.items()}
        identity = {"X-Gateway-Assertion": self.api.assertion(self.token)}
        if path in INTERNAL:
            identity = {"Authorization": f"Bearer {self.service}"}
        headers = {"X-Request-ID": "reading-1", **identity, **headers}
        return await self.api.client.request(method, url, params=params, headers=headers)


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return oidc_settings(provider("ministry", "https://login.ministry.example"))


@pytest.fixture
async def reader(api: Api, auth: AuthUnits, admin: str) -> Reader:
    async with auth.begin() as unit:
        await unit.get(ClientService).ensure("tests", SECRET, SCOPES, ("auth",))
    answer = await api.client.post(
        "/api/v1/auth/token",
        data={"grant_type": "client_credentials", "resource": "auth"},
        headers={"Authorization": basic_credentials("tests", SECRET)},
    )
    token = await api.token(admin)
    clients = await api.call("GET", "/api/v1/service-clients", token=token)
    ids = {"user_id": claims_of(token)["sub"], "client_key": clients.json()["items"][0]["id"]}
    grants = await api.call("GET", f"/api/v1/users/{ids['user_id']}/grants", token=token)
    body = {"name": "Coast", "courts": [ids["user_id"]]}
    group = await api.call("POST", "/api/v1/court-groups", token=token, json=body)
    ids |= {"grant_id": grants.json()["items"][0]["id"], "group_id": group.json()["id"]}
    body = {"provider": "ministry", "group": "clerks", "role": "viewer", "courts": "*"}
    mapping = await api.call("POST", "/api/v1/group-mappings", token=token, json=body)
    ids |= {"mapping_id": mapping.json()["id"]}
    return Reader(api, token, ids, answer.json()["access_token"])


def test_every_get_has_an_expectation(auth: AuthUnits) -> None:
    document = create_app(auth)[0].openapi()
    reads = {path for path, methods in document["paths"].items() if "get" in methods}
    assert reads == {*EXPECTED, *REDIRECTS}


@pytest.mark.parametrize("path", [*EXPECTED, *INTERNAL])
async def test_it_has_cache_control_and_answers_head(reader: Reader, path: str) -> None:
    expected = EXPECTED.get(path, NEVER)
    whole = await reader.read("GET", path)
    assert whole.status_code == 200, whole.text
    assert whole.headers.get_list("cache-control") == [expected]
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert ("etag" in whole.headers) == (expected != NEVER)
    head = await reader.read("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    if expected != NEVER:  # the audit, for one, has the reading before as well
        assert dict(head.headers) == dict(whole.headers)
    tag = whole.headers.get("etag", "*")
    again = await reader.read("GET", path, **{"If-None-Match": tag})
    assert again.status_code == (200 if expected == NEVER else 304)


async def test_an_export_by_head_is_in_the_log_once(reader: Reader) -> None:
    await reader.read("HEAD", "/api/v1/audit-events/export")
    events = (await reader.read("GET", "/api/v1/audit-events")).json()["items"]
    assert [each["action"] for each in events].count("audit-export") == 1


@pytest.mark.parametrize("change", ["grant", "name"])
async def test_a_304_hides_no_change_of_a_user(reader: Reader, clerk: str, change: str) -> None:
    users = (await reader.read("GET", "/api/v1/users")).json()["items"]
    (user,) = (user for user in users if user["email"] == clerk)
    path = f"/api/v1/users/{user['id']}"
    held = {"If-None-Match": (await reader.read("GET", path)).headers["etag"]}
    assert (await reader.read("GET", path, **held)).status_code == 304
    requests: Mapping[str, Callable[[], Any]] = {
        "grant": lambda: reader.api.call(
            "POST", f"{path}/grants", token=reader.token, json={"role": "viewer", "courts": "*"}
        ),
        "name": lambda: reader.api.call(
            "PATCH",
            path,
            token=reader.token,
            json={"name": "Another Name"},
            headers={"If-Match": held["If-None-Match"]},
        ),
    }
    assert (await requests[change]()).is_success
    assert (await reader.read("GET", path, **held)).status_code == 200
