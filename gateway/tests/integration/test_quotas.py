"""Quotas are exact under parallel load, on every response, and spent by the right account."""

import asyncio
import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import httpx
import redis.asyncio

from common.assertions import AssertionVerifier, derive_key
from common.clock import SystemClock
from common.known_devices import COOKIE, HOST_COOKIE, ID_BYTES, MAC_BYTES, mark
from gateway.policy.quotas import Quota
from testkit.gateway.issuer import Issuer

Ask = Callable[..., Awaitable[httpx.Response]]
Serving = Callable[..., AbstractAsyncContextManager[Ask]]
CASES = "/api/v1/cases"
LOGIN = "/api/v1/auth/login"
SECRET = "0123456789abcdef0123456789abcdef-for-tests"


def device_token(secret: str = SECRET) -> str:
    """The token of a device as auth marks it."""
    unmarked = bytes(ID_BYTES + MAC_BYTES)
    return urlsafe_b64encode(unmarked + mark(derive_key(secret, "auth"), unmarked)).decode()


def quotas_of(answer: httpx.Response) -> dict[bytes, bytes]:
    """What core is to tell its client of quotas."""
    verifier = AssertionVerifier("core", (derive_key(SECRET, "core"),))
    assertion = answer.headers["X-Gateway-Assertion"]
    return verifier.verify(assertion, SystemClock().now()).context.quota_headers


async def statuses(
    ask: Ask, token: str | None, count: int, parallel: int, method: str = "GET"
) -> Counter[int]:
    """The answers to `count` requests, `parallel` at a time."""
    gate = asyncio.Semaphore(parallel)

    async def one() -> int:
        async with gate:
            return (await ask(method, CASES, token)).status_code

    return Counter(await asyncio.gather(*(one() for _ in range(count))))


async def test_a_quota_of_100_admits_exactly_100_of_64_parallel_requests(
    serving: Serving, issuer: Issuer
) -> None:
    async with serving(quota_user=Quota(100)) as ask:
        assert await statuses(ask, issuer.token(), 320, 64) == {200: 100, 429: 220}


async def test_the_601st_request_in_a_minute_is_refused_by_default(
    serving: Serving, issuer: Issuer
) -> None:
    token = issuer.token()
    async with serving(quota_user=Quota(600)) as ask:
        assert await statuses(ask, token, 600, 16) == {200: 600}
        answer = await ask("GET", CASES, token)
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert answer.headers["RateLimit"] == f'"user";r=0;t={wait}'
    assert answer.json()["code"] == "quota-exceeded"
    assert answer.json()["violated-policies"] == ["user"]
    assert 1 <= wait <= 60


async def test_the_fields_read_as_the_draft_has_them(serving: Serving, issuer: Issuer) -> None:
    async with serving(quota_user=Quota(600)) as ask:
        reported = quotas_of(await ask("GET", CASES, issuer.token()))
    assert reported == {
        b"ratelimit-policy": b'"user";q=600;w=60',
        b"ratelimit": b'"user";r=599;t=60',
    }


async def test_a_class_with_fewer_remaining_requests_is_reported_too(
    serving: Serving, issuer: Issuer
) -> None:
    async with serving(quota_user=Quota(600), quota_write=Quota(5)) as ask:
        reported = quotas_of(await ask("POST", CASES, issuer.token()))
    assert reported[b"ratelimit-policy"] == b'"user";q=600;w=60, "write";q=5;w=60'
    assert reported[b"ratelimit"] == b'"user";r=599;t=60, "write";r=4;t=60'


async def test_a_refused_request_spends_no_other_quota(
    serving: Serving, valkey: redis.asyncio.Redis, issuer: Issuer
) -> None:
    async with serving(quota_user=Quota(2), quota_write=Quota(50)) as ask:
        assert await statuses(ask, issuer.token(), 10, 4, "POST") == {200: 2, 429: 8}
        (key,) = await valkey.keys("q:write:*")
        assert (await valkey.get(key) or "").split()[1] == "2"
        other = await ask("POST", CASES, issuer.token())
        assert other.status_code == 200, "another user of the address goes on"


async def test_sign_in_is_counted_by_address_and_refused_requests_spend_the_address(
    serving: Serving,
) -> None:
    async with serving(quota_login=Quota(3), quota_ip=Quota(8)) as ask:
        answers = [(await ask("POST", LOGIN)).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        # 3 sign-ins are spent; 5 more requests of any kind remain to the address.
        for path, expected in ((CASES, 401), ("/nowhere", 404), ("/%2e%2e/x", 400), (CASES, 401)):
            assert (await ask("GET", path)).status_code == expected
        assert await statuses(ask, None, 3, 1) == {401: 1, 429: 2}
        again = ("Authorization", "Bearer a.b.c")
        answer = await ask("GET", CASES, "a.b.c", again)
        assert answer.status_code == 400, "a malformed request gets 400 whatever the quota"


async def test_a_known_device_signs_in_and_refreshes_while_strangers_use_up_its_address(
    serving: Serving,
) -> None:
    async def answers(path: str, cookie: str, count: int) -> list[int]:
        return [
            (await ask("POST", path, None, ("Cookie", cookie))).status_code for _ in range(count)
        ]

    async with serving(quota_login=Quota(3), quota_token=Quota(3), quota_ip=Quota(7)) as ask:
        for path in (LOGIN, "/api/v1/auth/refresh"):
            assert await answers(path, "a=b", 4) == [200, 200, 200, 429]
            for token in (device_token("another key"), device_token()[:64], "x.y"):
                assert await answers(path, f"{COOKIE}={token}", 1) == [429]
            known = f"a=b; {HOST_COOKIE}=x.{device_token()}"
            assert await answers(path, known, 4) == [200, 200, 200, 429]


async def test_a_preflight_and_a_probe_spend_nothing(ask: Ask, valkey: redis.asyncio.Redis) -> None:
    page = ("Origin", "http://localhost:3000")
    requested_method = ("Access-Control-Request-Method", "PATCH")
    assert (await ask("OPTIONS", CASES, None, page, requested_method)).status_code == 204
    assert (await ask("GET", "/livez")).status_code == 200
    assert await valkey.keys("q:*") == []


async def test_the_script_comes_back_after_redis_has_lost_it(
    ask: Ask, valkey: redis.asyncio.Redis, issuer: Issuer
) -> None:
    await valkey.function_flush()
    assert await statuses(ask, issuer.token(), 20, 10) == {200: 20}
    (library,) = await valkey.function_list()
    assert re.fullmatch(
        r"gateway_check_[0-9a-f]{12}",
        dict(zip(library[::2], library[1::2], strict=True))["library_name"],
    )


async def test_an_ipv6_network_of_64_bits_shares_one_account(serving: Serving) -> None:
    hosts = ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")
    async with serving(trusted_proxies="127.0.0.0/8", quota_ip=Quota(2)) as ask:
        answers = [
            await ask("GET", CASES, None, ("X-Forwarded-For", f"10.9.9.9, {host}"))
            for host in hosts
        ]
    assert [answer.status_code for answer in answers] == [401, 401, 429, 401]
