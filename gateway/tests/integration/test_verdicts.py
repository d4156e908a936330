"""Every verdict of the policy, and what goes to the service with what passes."""

import asyncio
from collections.abc import Awaitable, Callable
from time import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
import redis.asyncio
from prometheus_client import REGISTRY

from common.assertions import Assertion, AssertionVerifier, derive_key
from common.clock import SystemClock
from testkit.gateway.issuer import Issuer, SigningKey, unsigned

Ask = Callable[..., Awaitable[httpx.Response]]
SECRET = "0123456789abcdef0123456789abcdef-for-tests"
CASES = "/api/v1/cases"
LOGIN = "/api/v1/auth/login"


def code_of(answer: httpx.Response, *statuses: int) -> str:
    """The problem's code; every refusal must be a whole problem."""
    assert answer.status_code in statuses
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert "RateLimit" in answer.headers
    assert "RateLimit-Policy" in answer.headers
    return str(problem["code"])


def assertion_of(answer: httpx.Response, audience: str) -> Assertion:
    """The headers that the service gets, and no others."""
    assert answer.status_code == 200
    assert {"content-length", "x-gateway-assertion"} >= answer.headers.keys()
    verifier = AssertionVerifier(audience, (derive_key(SECRET, audience),))
    (assertion,) = answer.headers.get_list("X-Gateway-Assertion")
    return verifier.verify(assertion, SystemClock().now())


async def test_a_valid_token_becomes_an_assertion(ask: Ask, issuer: Issuer) -> None:
    claims = issuer.claims()
    caller = assertion_of(
        await ask("GET", f"{CASES}?q=a%20b", issuer.sign(claims)), "core"
    ).principal
    assert str(caller.user_id) == claims["sub"]
    assert str(caller.session_id) == claims["sid"]
    assert caller.ip == "127.0.0.1"


async def test_a_public_route_names_no_user_but_vouches_for_the_address(
    ask: Ask, issuer: Issuer
) -> None:
    caller = assertion_of(await ask("POST", LOGIN, issuer.token()), "auth").principal
    assert caller.kind == "anonymous"
    assert caller.ip == "127.0.0.1"


async def test_client_credentials_go_to_the_token_endpoint(ask: Ask) -> None:
    basic = ("Authorization", "Basic Y29yZTpzZWNyZXQ=")
    answer = await ask("POST", "/api/v1/auth/token", None, basic)
    assert answer.status_code == 200
    assert assertion_of(answer, "auth").principal.kind == "anonymous"


async def test_no_token_on_a_required_route_is_401(ask: Ask) -> None:
    answer = await ask("GET", CASES)
    assert code_of(answer, 401) == "unauthenticated"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="masijala"'


@pytest.mark.parametrize(
    "value",
    ["Basic YTpi", "Bearer", "Bearer ", "Bearer a.b", "Bearer a.b.c.d", "Bearer a.b.c=", "a.b.c",
     "Bearer " + "a" * 8192 + ".b.c", "Bearer a.b.c, Bearer a.b.c"],
)  # fmt: skip
async def test_bad_syntax_of_the_token_is_401(ask: Ask, value: str) -> None:
    code_of(await ask("GET", CASES, None, ("Authorization", value)), 401)


async def test_two_authorization_headers_are_400(ask: Ask, issuer: Issuer) -> None:
    token = issuer.token()
    answer = await ask("GET", CASES, token, ("Authorization", f"Bearer {token}"))
    assert code_of(answer, 400) == "duplicate-authorization"


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


async def test_every_forged_or_unfit_token_is_401(ask: Ask, issuer: Issuer) -> None:
    for name, token in _attacks(issuer).items():
        answer = await ask("GET", CASES, token)
        assert code_of(answer, 401) in {"token-invalid", "token-expired"}, name
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


async def test_logout_learns_whose_an_expired_token_was_and_nothing_of_its_grants(
    ask: Ask, issuer: Issuer
) -> None:
    claims = issuer.claims(iat=int(time()) - 900, exp=int(time()) - 300)
    answer = await ask("POST", "/api/v1/auth/logout", issuer.sign(claims))
    principal = assertion_of(answer, "auth").principal
    assert (str(principal.user_id), str(principal.session_id)) == (claims["sub"], claims["sid"])
    assert principal.grants == ()


@pytest.mark.parametrize("changes", [{"iss": "https://evil.example"}, {"aud": "core"}])
async def test_logout_passes_with_an_expired_token_of_others_as_anonymous(
    ask: Ask, issuer: Issuer, changes: dict[str, str]
) -> None:
    token = issuer.token(exp=int(time()) - 300, **changes)
    answer = await ask("POST", "/api/v1/auth/logout", token)
    assert assertion_of(answer, "auth").principal.kind == "anonymous"


async def test_an_expired_token_names_its_session_for_signing_out_alone(
    ask: Ask, issuer: Issuer
) -> None:
    token = issuer.token(exp=int(time()) - 1)
    assert code_of(await ask("GET", CASES, token), 401) == "token-expired"
    assert code_of(await ask("GET", "/api/v1/auth/me", token), 401) == "token-expired"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("rev:sid:{sid}", "1", "token-revoked"),
        ("rev:jti:{jti}", "1", "token-revoked"),
        ("ver:sub:{sub}", "{later}", "token-stale"),
        ("rev:floor", "{next_second}", "token-stale"),
    ],
)
async def test_a_revoked_token_is_refused_at_once(
    ask: Ask, issuer: Issuer, valkey: redis.asyncio.Redis, key: str, value: str, code: str
) -> None:
    claims = issuer.claims()
    token = issuer.sign(claims)
    assert (await ask("GET", CASES, token)).status_code == 200
    await valkey.set(
        key.format(**claims), value.format(later=claims["ver"] + 1, next_second=claims["iat"] + 1)
    )
    assert code_of(await ask("GET", CASES, token), 401) == code


async def test_a_token_of_the_current_version_passes(
    ask: Ask, issuer: Issuer, valkey: redis.asyncio.Redis
) -> None:
    claims = issuer.claims()
    await valkey.set(f"ver:sub:{claims['sub']}", str(claims["ver"]))
    assert (await ask("GET", CASES, issuer.sign(claims))).status_code == 200


async def test_a_token_of_the_second_of_a_restore_or_later_passes(
    ask: Ask, issuer: Issuer, valkey: redis.asyncio.Redis
) -> None:
    claims = issuer.claims()
    await valkey.set("rev:floor", str(claims["iat"]))
    assert (await ask("GET", CASES, issuer.sign(claims))).status_code == 200


async def test_a_token_without_a_version_counts_as_the_first(
    ask: Ask, issuer: Issuer, valkey: redis.asyncio.Redis
) -> None:
    claims = issuer.claims()
    del claims["ver"]
    await valkey.set(f"ver:sub:{claims['sub']}", "0")
    assert (await ask("GET", CASES, issuer.sign(claims))).status_code == 200
    await valkey.set(f"ver:sub:{claims['sub']}", "1")
    assert code_of(await ask("GET", CASES, issuer.sign(claims)), 401) == "token-stale"


async def test_a_revoked_token_spends_nothing(
    ask: Ask, issuer: Issuer, valkey: redis.asyncio.Redis
) -> None:
    claims = issuer.claims()
    await valkey.set(f"rev:sid:{claims['sid']}", "1")
    assert (await ask("GET", CASES, issuer.sign(claims))).status_code == 401
    assert await valkey.keys("q:*") == []


async def test_an_unknown_path_is_404_and_internal_ones_are_unknown(
    ask: Ask, issuer: Issuer
) -> None:
    for path in ("/", "/nothing", "/internal/v1/users", "/metrics", "/api/v2/cases", "/api"):
        assert code_of(await ask("GET", path, issuer.token()), 404) == "not-found", path


async def test_an_unknown_method_is_405_and_says_what_there_is(ask: Ask) -> None:
    answer = await ask("PROPFIND", CASES)
    assert code_of(answer, 405) == "method-not-allowed"
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, PATCH, POST, PUT, OPTIONS"


async def test_parallel_requests_share_trips(ask: Ask, issuer: Issuer) -> None:
    token = issuer.token()
    before = REGISTRY.get_sample_value("gateway_redis_trips_total") or 0
    answers = await asyncio.gather(*(ask("GET", CASES, token) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({assertion_of(answer, "core").context.rid for answer in answers}) == 50
    assert (REGISTRY.get_sample_value("gateway_redis_trips_total") or 0) < before + 50


async def test_the_request_id_is_preserved_and_passed_on(ask: Ask, issuer: Issuer) -> None:
    given = f"frontend-{uuid4()}"
    answer = await ask("GET", CASES, issuer.token(), ("X-Request-ID", given))
    context = assertion_of(answer, "core").context
    assert context.rid == given
    assert context.traceparent is not None
