"""Quotas are exact under parallel load, told on every response, and spent by the right account."""

import asyncio
import re
from collections import Counter

import aiohttp
import redis.asyncio
from yarl import URL

from gateway.policy.quotas import Quota
from gateway.testing.issuer import Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

CASES = "/api/v1/cases"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def statuses(
    client: aiohttp.ClientSession, url: str, headers: dict[str, str], count: int, parallel: int
) -> Counter[int]:
    """The answers to `count` requests, `parallel` at a time."""
    gate = asyncio.Semaphore(parallel)

    async def one() -> int:
        async with gate, client.get(url, headers=headers) as response:
            return response.status

    return Counter(await asyncio.gather(*(one() for _ in range(count))))


async def test_a_quota_of_100_admits_exactly_100_of_64_parallel_requests(
    settings: SettingsFactory, upstream: EchoUpstream, issuer: Issuer
) -> None:
    connector = aiohttp.TCPConnector(limit=64)
    async with (
        serving_edge(settings(quota_user=Quota(100))) as edge,
        aiohttp.ClientSession(connector=connector) as client,
    ):
        answers = await statuses(client, edge + CASES, bearer(issuer.token()), 320, 64)
    assert answers == {200: 100, 429: 220}
    assert len(upstream.received) == 100


async def test_the_601st_request_in_a_minute_is_refused_by_default(
    settings: SettingsFactory,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    headers = bearer(issuer.token())
    async with serving_edge(settings(quota_user=Quota(600))) as edge:
        assert await statuses(client, edge + CASES, headers, 600, 16) == {200: 600}
        async with client.get(edge + CASES, headers=headers) as response:
            assert response.status == 429
            problem = await response.json()
            wait = int(response.headers["Retry-After"])
            assert response.headers["RateLimit"] == f'"user";r=0;t={wait}'
    assert problem["code"] == "quota-exceeded"
    assert problem["violated-policies"] == ["user"]
    assert 1 <= wait <= 60


async def test_the_fields_read_as_the_draft_has_them(
    settings: SettingsFactory,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    async with (
        serving_edge(settings(quota_user=Quota(600))) as edge,
        client.get(edge + CASES, headers=bearer(issuer.token())) as response,
    ):
        assert response.headers.getall("RateLimit-Policy") == ['"user";q=600;w=60']
        assert response.headers.getall("RateLimit") == ['"user";r=599;t=60']


async def test_a_class_that_is_nearer_to_its_end_is_told_too(
    settings: SettingsFactory,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    async with (
        serving_edge(settings(quota_user=Quota(600), quota_write=Quota(5))) as edge,
        client.post(edge + CASES, json={}, headers=bearer(issuer.token())) as response,
    ):
        assert response.headers["RateLimit-Policy"] == '"user";q=600;w=60, "write";q=5;w=60'
        assert response.headers["RateLimit"] == '"user";r=599;t=60, "write";r=4;t=60'


async def test_a_refused_request_spends_no_other_quota(
    settings: SettingsFactory,
    valkey: redis.asyncio.Redis,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    claims = issuer.claims()
    async with serving_edge(settings(quota_user=Quota(2), quota_ip=Quota(50))) as edge:
        answers = await statuses(client, edge + CASES, bearer(issuer.sign(claims)), 10, 4)
        assert answers == {200: 2, 429: 8}
        assert (await valkey.get("q:ip:127.0.0.1") or "").split()[1] == "2"
        async with client.get(edge + CASES, headers=bearer(issuer.token())) as other:
            assert other.status == 200, "another user of the address goes on"


async def test_sign_in_is_counted_by_address_and_refused_requests_spend_the_address(
    settings: SettingsFactory,
    client: aiohttp.ClientSession,
) -> None:
    async with serving_edge(settings(quota_login=Quota(3), quota_ip=Quota(8))) as edge:
        for expected in (200, 200, 200, 429):
            async with client.post(f"{edge}/api/v1/auth/login", json={}) as response:
                assert response.status == expected
        # 3 sign-ins are spent; 5 more requests of any kind remain to the address.
        for path, expected in ((CASES, 401), ("/nowhere", 404), ("/%2e%2e/x", 400), (CASES, 401)):
            async with client.get(URL(edge + path, encoded=True)) as response:
                assert response.status == expected
        assert await statuses(client, edge + CASES, {}, 3, 1) == {401: 1, 429: 2}
        twice = [("Authorization", "Bearer a.b.c")] * 2
        async with client.get(edge + CASES, headers=twice) as response:
            assert response.status == 400, "a malformed request is told so whatever the quota"


async def test_a_preflight_and_a_probe_spend_nothing(
    settings: SettingsFactory,
    valkey: redis.asyncio.Redis,
    client: aiohttp.ClientSession,
) -> None:
    asking = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "PATCH"}
    async with serving_edge(settings()) as edge:
        async with client.options(edge + CASES, headers=asking) as response:
            assert response.status == 204
        async with client.get(f"{edge}/livez") as response:
            assert response.status == 200
    assert await valkey.keys("q:*") == []


async def test_the_script_comes_back_after_redis_has_lost_it(
    edge: str, valkey: redis.asyncio.Redis, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    headers = bearer(issuer.token())
    await valkey.function_flush()
    assert await statuses(client, edge + CASES, headers, 20, 10) == {200: 20}
    (library,) = await valkey.function_list()
    assert re.fullmatch(
        r"gateway_check_[0-9a-f]{12}",
        dict(zip(library[::2], library[1::2], strict=True))["library_name"],
    )


async def test_an_ipv6_network_of_64_bits_shares_one_account(
    settings: SettingsFactory,
    client: aiohttp.ClientSession,
    issuer: Issuer,
) -> None:
    trusted = settings(trusted_proxies="127.0.0.0/8", quota_ip=Quota(2))
    async with serving_edge(trusted) as edge:
        answers = []
        for host in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"):
            headers = bearer(issuer.token()) | {"X-Forwarded-For": f"10.9.9.9, {host}"}
            async with client.get(edge + CASES, headers=headers) as response:
                answers.append(response.status)
    assert answers == [200, 200, 429, 200]
