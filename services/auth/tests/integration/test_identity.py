"""Reached directly, auth believes nothing but an assertion or a service token."""

import pytest

from common.assertions import AssertionMinter, derive_key
from testkit.auth.api import Api

PATHS = (
    ("GET", "/api/v1/auth/me"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
    ("POST", "/api/v1/auth/logout"),
    ("POST", "/api/v1/auth/introspect"),
    ("GET", "/internal/v1/users?ids=x"),
    ("GET", "/nowhere"),
)


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_only_the_listed_endpoints_need_no_credentials(
    api: Api, method: str, path: str
) -> None:
    response = await api.client.request(method, path)
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["/.well-known/jwks.json", "/.well-known/oauth-authorization-server", "/livez", "/readyz"],
)
async def test_keys_metadata_and_health_are_open(api: Api, path: str) -> None:
    assert (await api.client.get(path)).status_code == 200


async def test_forged_identities_are_refused(api: Api, clerk: str) -> None:
    token = (await api.login(clerk)).json()["access_token"]
    good = api.assertion(token)
    foreign = AssertionMinter("auth", derive_key("another secret", "auth"))
    other_audience = AssertionMinter("core", api.minter.key)
    now = api.clock.now()
    forged = [
        {"Authorization": f"Bearer {token}"},
        {"X-User-Id": "admin"},
        {"X-Gateway-Assertion": token},
        {"X-Gateway-Assertion": foreign.mint({"ip": "1.2.3.4"}, now)},
        {"X-Gateway-Assertion": other_audience.mint({"ip": "1.2.3.4"}, now)},
        {"X-Gateway-Assertion": good[:-1]},
        {"X_Gateway_Assertion": good},
        {"X.Gateway.Assertion": good},
        {"X-Gateway-Assertion": good, "X_Gateway_Assertion": good},
    ]
    for headers in forged:
        response = await api.client.get("/api/v1/auth/me", headers=headers)
        assert response.status_code == 401, headers
    twice = [("X-Gateway-Assertion", good), ("X-Gateway-Assertion", good)]
    assert (await api.client.get("/api/v1/auth/me", headers=twice)).status_code == 401


async def test_an_old_assertion_is_refused(api: Api, clerk: str) -> None:
    token = (await api.login(clerk)).json()["access_token"]
    old = {"X-Gateway-Assertion": api.assertion(token)}
    assert (await api.client.get("/api/v1/auth/me", headers=old)).status_code == 200
    api.clock.advance(seconds=61)  # type: ignore[attr-defined]  # the tests' clock is frozen
    assert (await api.client.get("/api/v1/auth/me", headers=old)).status_code == 401
