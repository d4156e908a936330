"""Only an assertion or a service token, each for this service, gives a caller an identity."""

from typing import Any
from unittest.mock import AsyncMock
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy.exc import OperationalError

from common.assertions import AssertionMinter
from common.clock import FrozenClock

ASSERTION_KEY = "0123456789abcdef" * 4
ISSUER = "https://court.example"
USER = uuid4()
USER_CLAIMS: dict[str, Any] = {
    "sub": str(USER),
    "sid": str(uuid4()),
    "grants": [{"role": "viewer", "courts": "*"}],
    "amr": ["pwd"],
    "ip": "192.0.2.7",
}


def service_token(key: EllipticCurvePrivateKey, clock: FrozenClock, **changes: Any) -> str:
    now = int(clock.now().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": "demo",
        "sub": "core",
        "client_id": "core",
        "jti": "1",
        "iat": now,
        "exp": now + 300,
        "scope": "users:read",
    } | changes
    return jwt.encode(claims, key, "ES256", headers={"typ": "at+jwt", "kid": "k1"})


async def test_an_assertion_of_the_gateway_names_the_user(
    client: httpx.AsyncClient, minter: AssertionMinter, clock: FrozenClock
) -> None:
    assertion = minter.mint(USER_CLAIMS, clock.now())
    answer = await client.get("/mine", headers={"X-Gateway-Assertion": assertion})
    assert answer.json() == {"user_id": str(USER)}


async def test_an_assertion_without_subject_is_anonymous_and_gives_the_address(
    client: httpx.AsyncClient, anonymous: dict[str, str]
) -> None:
    answer = await client.get("/who", headers=anonymous)
    assert answer.json() == {"kind": "anonymous", "ip": "192.0.2.7", "client_id": None}
    assert (await client.get("/mine", headers=anonymous)).status_code == 401


async def test_a_revoked_service_token_is_refused(
    client: httpx.AsyncClient,
    signing_key: EllipticCurvePrivateKey,
    clock: FrozenClock,
    is_active: AsyncMock,
) -> None:
    is_active.return_value = False
    headers = {"Authorization": f"Bearer {service_token(signing_key, clock)}"}
    answer = await client.get("/who", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert is_active.await_args is not None
    assert is_active.await_args.args[0]["client_id"] == "core"


async def test_a_database_that_cannot_say_what_was_revoked_is_a_503(
    client: httpx.AsyncClient,
    signing_key: EllipticCurvePrivateKey,
    clock: FrozenClock,
    is_active: AsyncMock,
) -> None:
    is_active.side_effect = OperationalError("", None, Exception())
    headers = {"Authorization": f"Bearer {service_token(signing_key, clock)}"}
    answer = await client.get("/who", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_a_service_token_names_the_service(
    client: httpx.AsyncClient, signing_key: EllipticCurvePrivateKey, clock: FrozenClock
) -> None:
    headers = {"Authorization": f"Bearer {service_token(signing_key, clock)}"}
    assert (await client.get("/who", headers=headers)).json()["client_id"] == "core"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "core"},
        {"aud": ["demo", "core"]},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"exp": "soon"},
        {"exp": True},
        {"sub": str(USER), "sid": str(uuid4())},
        {"jti": ""},
    ],
)
async def test_a_token_that_is_not_for_this_service_is_refused(
    client: httpx.AsyncClient,
    signing_key: EllipticCurvePrivateKey,
    clock: FrozenClock,
    changes: dict[str, Any],
) -> None:
    headers = {"Authorization": f"Bearer {service_token(signing_key, clock, **changes)}"}
    assert (await client.get("/who", headers=headers)).status_code == 401


async def test_forged_and_foreign_assertions_are_refused(
    client: httpx.AsyncClient, minter: AssertionMinter, clock: FrozenClock
) -> None:
    foreign = AssertionMinter("other", ASSERTION_KEY).mint(USER_CLAIMS, clock.now())
    forged = AssertionMinter("demo", "f" * 64).mint(USER_CLAIMS, clock.now())
    expired = minter.mint(USER_CLAIMS, clock.now())
    clock.advance(seconds=61)
    for assertion in (foreign, forged, expired, "", "a.b.c"):
        answer = await client.get("/mine", headers={"X-Gateway-Assertion": assertion})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "name", ["X_Gateway_Assertion", "X-Gateway_Assertion", "X.Gateway.Assertion"]
)
async def test_look_alike_headers_are_refused_even_with_a_valid_assertion(
    client: httpx.AsyncClient, anonymous: dict[str, str], name: str
) -> None:
    answer = await client.get("/who", headers={**anonymous, name: "x"})
    assert answer.status_code == 401


async def test_two_credentials_that_both_name_a_caller_are_refused(
    client: httpx.AsyncClient,
    minter: AssertionMinter,
    signing_key: EllipticCurvePrivateKey,
    clock: FrozenClock,
) -> None:
    assertion = minter.mint(USER_CLAIMS, clock.now())
    twice = [("X-Gateway-Assertion", assertion), ("X-Gateway-Assertion", assertion)]
    assert (await client.get("/who", headers=twice)).status_code == 401
    both = {
        "X-Gateway-Assertion": assertion,
        "Authorization": f"Bearer {service_token(signing_key, clock)}",
    }
    assert (await client.get("/who", headers=both)).status_code == 401


async def test_a_service_that_comes_through_the_gateway_has_its_name_and_address(
    client: httpx.AsyncClient,
    anonymous: dict[str, str],
    signing_key: EllipticCurvePrivateKey,
    clock: FrozenClock,
) -> None:
    bearer = {**anonymous, "Authorization": f"Bearer {service_token(signing_key, clock)}"}
    answer = await client.get("/who", headers=bearer)
    assert answer.json() == {"kind": "service", "ip": "192.0.2.7", "client_id": "core"}
    forged = {**anonymous, "Authorization": "Bearer a.b.c"}
    assert (await client.get("/who", headers=forged)).status_code == 401
    basic = {**anonymous, "Authorization": "Basic Y29yZTpzZWNyZXQ="}
    assert (await client.get("/who", headers=basic)).json()["kind"] == "anonymous"


async def test_identity_headers_of_the_client_mean_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/mine", headers={"X-User-Id": str(USER), "X-User-Role": "admin"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"


async def test_open_paths_need_no_credentials(client: httpx.AsyncClient) -> None:
    assert (await client.get("/clash")).status_code == 409
    assert (await client.get("/livez")).status_code == 200
