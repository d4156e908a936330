"""Every verdict of the policy, as a client of the edge sees it."""

import asyncio
from time import time
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import redis.asyncio

from common.assertions import AssertionVerifier, derive_key
from common.clock import SystemClock
from gateway.testing.issuer import Issuer, SigningKey, unsigned
from gateway.testing.upstream import EchoUpstream

SECRET = "0123456789abcdef0123456789abcdef-for-tests"
CASES = "/api/v1/cases"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def code_of(response: aiohttp.ClientResponse) -> str:
    """The problem's code; every refusal must be a whole problem."""
    assert response.content_type == "application/problem+json"
    problem: dict[str, Any] = await response.json()
    assert problem["status"] == response.status
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert "RateLimit" in response.headers
    assert "RateLimit-Policy" in response.headers
    return str(problem["code"])


async def test_a_valid_token_reaches_the_upstream_as_an_assertion(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    claims = issuer.claims()
    token = issuer.sign(claims)
    async with client.get(f"{edge}{CASES}?q=a%20b", headers=bearer(token)) as response:
        assert response.status == 200
    received = upstream.received[-1]
    assert received.target == f"{CASES}?q=a%20b"
    assert received.all("authorization") == []
    (assertion,) = received.all("x-gateway-assertion")
    verifier = AssertionVerifier("core", (derive_key(SECRET, "core"),))
    principal = verifier.verify(assertion, SystemClock().now())
    assert str(principal.user_id) == claims["sub"]
    assert str(principal.session_id) == claims["sid"]
    assert principal.ip == "127.0.0.1"


async def test_a_public_route_names_nobody_but_vouches_for_the_address(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    url = f"{edge}/api/v1/auth/login"
    async with client.post(url, json={}, headers=bearer(issuer.token())) as response:
        assert response.status == 200
    received = upstream.received[-1]
    assert received.all("authorization") == []
    verifier = AssertionVerifier("auth", (derive_key(SECRET, "auth"),))
    (assertion,) = received.all("x-gateway-assertion")
    principal = verifier.verify(assertion, SystemClock().now())
    assert principal.kind == "anonymous"
    assert principal.ip == "127.0.0.1"


async def test_client_credentials_reach_the_token_endpoint(
    edge: str, upstream: EchoUpstream, client: aiohttp.ClientSession
) -> None:
    url = f"{edge}/api/v1/auth/token"
    async with client.post(url, headers={"Authorization": "Basic Y29yZTpzZWNyZXQ="}) as response:
        assert response.status == 200
    assert upstream.received[-1].all("authorization") == ["Basic Y29yZTpzZWNyZXQ="]


async def test_no_token_on_a_required_route_is_401(
    edge: str, upstream: EchoUpstream, client: aiohttp.ClientSession
) -> None:
    async with client.get(edge + CASES) as response:
        assert response.status == 401
        assert await code_of(response) == "unauthenticated"
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="masijala"'
    assert upstream.received == []


@pytest.mark.parametrize(
    "value",
    ["Basic YTpi", "Bearer", "Bearer ", "Bearer a.b", "Bearer a.b.c.d", "Bearer a.b.c=", "a.b.c",
     "Bearer " + "a" * 8192 + ".b.c", "Bearer a.b.c, Bearer a.b.c"],
)  # fmt: skip
async def test_bad_syntax_of_the_token_is_401(
    edge: str, upstream: EchoUpstream, client: aiohttp.ClientSession, value: str
) -> None:
    async with client.get(edge + CASES, headers={"Authorization": value}) as response:
        assert response.status == 401
        await code_of(response)
    assert upstream.received == []


async def test_two_authorization_headers_are_400(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    header = ("Authorization", f"Bearer {issuer.token()}")
    async with client.get(edge + CASES, headers=[header, header]) as response:
        assert response.status == 400
        assert await code_of(response) == "duplicate-authorization"
    assert upstream.received == []


def _attacks(issuer: Issuer) -> dict[str, str]:
    claims = issuer.claims()
    good = issuer.sign(claims)
    head, payload, signature = good.split(".")
    foreign = Issuer(SigningKey(kid=issuer.key.kid))
    jwk = foreign.key.jwk()
    return {
        "expired": issuer.token(iat=int(time()) - 900, exp=int(time()) - 300),
        "other issuer": issuer.token(iss="https://elsewhere.example"),
        "other audience": issuer.token(aud="core"),
        "a service's token": issuer.token(aud="auth", sid=None, sub="core", grants=None),
        "no session": issuer.token(sid=None),
        "no jti": issuer.token(jti=None),
        "not yet": issuer.token(nbf=int(time()) + 600),
        "issued in the future": issuer.token(iat=int(time()) + 600),
        "no expiry": issuer.token(exp=None),
        "user that is no UUID": issuer.token(sub="root"),
        "unknown role": issuer.token(grants=[{"role": "god", "courts": "*"}]),
        "unknown kid": issuer.sign(claims, kid="elsewhere"),
        "kid with a path": issuer.sign(claims, kid="../../etc/passwd"),
        "id token": issuer.sign(claims, typ="JWT"),
        "alg none": unsigned({"alg": "none", "typ": "at+jwt", "kid": issuer.key.kid}, claims),
        "foreign key": foreign.sign(claims),
        "embedded jwk": foreign.sign(claims, jwk=jwk),
        "jku": issuer.sign(claims, jku="http://127.0.0.1:1/keys"),
        "crit": issuer.sign(claims, crit=["b64"], b64=False),
        "other payload": f"{head}.{payload[:-2]}AA.{signature}",
        "no signature": f"{head}.{payload}.AA",
    }


async def test_every_forged_or_unfit_token_is_401(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    for name, token in _attacks(issuer).items():
        async with client.get(edge + CASES, headers=bearer(token)) as response:
            assert response.status == 401, name
            assert await code_of(response) in {"token-invalid", "token-expired"}, name
            assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert upstream.received == []


async def test_logout_passes_with_an_expired_token_as_nobody(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    token = issuer.token(iat=int(time()) - 900, exp=int(time()) - 300)
    async with client.post(f"{edge}/api/v1/auth/logout", headers=bearer(token)) as response:
        assert response.status == 200
    (assertion,) = upstream.received[-1].all("x-gateway-assertion")
    verifier = AssertionVerifier("auth", (derive_key(SECRET, "auth"),))
    assert verifier.verify(assertion, SystemClock().now()).kind == "anonymous"


@pytest.mark.parametrize(
    "revocation",
    [
        ("rev:sid:{sid}", "1", "token-revoked"),
        ("rev:jti:{jti}", "1", "token-revoked"),
        ("nbf:sub:{sub}", "{later}", "token-stale"),
    ],
)
async def test_a_revoked_token_is_refused_at_once(
    edge: str,
    issuer: Issuer,
    client: aiohttp.ClientSession,
    valkey: redis.asyncio.Redis,
    revocation: tuple[str, str, str],
) -> None:
    key, value, code = revocation
    claims = issuer.claims()
    headers = bearer(issuer.sign(claims))
    async with client.get(edge + CASES, headers=headers) as response:
        assert response.status == 200
    await valkey.set(key.format(**claims), value.format(later=claims["iat"] + 1))
    async with client.get(edge + CASES, headers=headers) as response:
        assert response.status == 401
        assert await code_of(response) == code


async def test_a_token_issued_at_the_not_before_passes(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession, valkey: redis.asyncio.Redis
) -> None:
    claims = issuer.claims()
    await valkey.set(f"nbf:sub:{claims['sub']}", str(claims["iat"]))
    async with client.get(edge + CASES, headers=bearer(issuer.sign(claims))) as response:
        assert response.status == 200


async def test_a_revoked_token_spends_nothing(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession, valkey: redis.asyncio.Redis
) -> None:
    claims = issuer.claims()
    await valkey.set(f"rev:sid:{claims['sid']}", "1")
    async with client.get(edge + CASES, headers=bearer(issuer.sign(claims))) as response:
        assert response.status == 401
    assert await valkey.keys("q:*") == []


async def test_an_unknown_path_is_404_and_internal_ones_are_unknown(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    for path in ("/", "/nothing", "/internal/v1/users", "/metrics", "/api/v2/cases", "/api"):
        async with client.get(edge + path, headers=bearer(issuer.token())) as response:
            assert response.status == 404, path
            assert await code_of(response) == "not-found"
    assert upstream.received == []


async def test_an_unknown_method_is_405_and_says_what_there_is(
    edge: str, client: aiohttp.ClientSession
) -> None:
    async with client.request("PROPFIND", edge + CASES) as response:
        assert response.status == 405
        assert response.headers["Allow"] == "DELETE, GET, HEAD, PATCH, POST, PUT"
        assert await code_of(response) == "method-not-allowed"


async def test_parallel_requests_share_trips(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    headers = bearer(issuer.token())

    async def one() -> str:
        async with client.get(edge + CASES, headers=headers) as response:
            assert response.status == 200
            return response.headers["X-Request-ID"]

    ids = await asyncio.gather(*(one() for _ in range(50)))
    assert len(set(ids)) == 50


async def test_the_request_id_is_kept_and_passed_on(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    given = f"frontend-{uuid4()}"
    headers = bearer(issuer.token()) | {"X-Request-ID": given}
    async with client.get(edge + CASES, headers=headers) as response:
        assert response.headers.getall("X-Request-ID") == [given]
    assert upstream.received[-1].all("x-request-id") == [given]
    assert len(upstream.received[-1].all("traceparent")) == 1
