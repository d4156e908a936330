"""What still works while Redis, its memory, the keys or an upstream are away, and how fast."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter, time

import aiohttp
import pytest
import redis.asyncio

from common.servers.valkey import EmbeddedValkey
from gateway.policy.quotas import Quota
from gateway.testing.issuer import Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

CASES = "/api/v1/cases"
ORIGIN = "http://localhost:3000"
MOST_SECONDS = 0.3  # that a request may take because of a Redis that is away


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def aged(issuer: Issuer, seconds: int = 61) -> dict[str, str]:
    now = int(time())
    return bearer(issuer.token(iat=now - seconds, exp=now + 500))


async def until(probe: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Poll until it holds."""
    async with asyncio.timeout(seconds):
        while not await probe():  # noqa: ASYNC110 - what changes lies in another process
            await asyncio.sleep(0.05)


async def fill(url: str) -> None:
    async with redis.asyncio.Redis.from_url(url) as store:
        await store.set("rev:generation", "1")


async def expect_degraded(edge: str, client: aiohttp.ClientSession, issuer: Issuer) -> None:
    """The row of the table for a revocation store that cannot be asked."""
    young, old = bearer(issuer.token()), aged(issuer)
    rows: tuple[tuple[str, str, dict[str, str], int], ...] = (
        ("GET", CASES, young, 200),
        ("GET", CASES, old, 503),
        ("POST", CASES, young, 503),
        ("GET", "/api/v1/users", young, 503),
        ("POST", "/api/v1/auth/login", {}, 200),
        ("POST", "/api/v1/auth/logout", old, 200),
        ("GET", "/.well-known/jwks.json", {}, 200),
        ("GET", CASES, {}, 401),
    )
    for method, path, headers, expected in rows:
        started = perf_counter()
        origin = {"Origin": ORIGIN}
        async with client.request(method, edge + path, headers=headers | origin) as response:
            assert response.status == expected, (method, path)
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
            if expected == 503:
                assert (await response.json())["code"] == "revocation-unavailable"
                assert int(response.headers["Retry-After"]) >= 1
        assert perf_counter() - started < MOST_SECONDS


async def refused(edge: str, client: aiohttp.ClientSession, issuer: Issuer) -> bool:
    """Whether even a read with a fresh token is turned away."""
    async with client.get(edge + CASES, headers=bearer(issuer.token())) as response:
        return response.status == 503


async def recovered(edge: str, client: aiohttp.ClientSession, issuer: Issuer) -> bool:
    async with client.post(edge + CASES, headers=bearer(issuer.token())) as response:
        return response.status == 200


async def test_a_killed_redis_degrades_and_comes_back(
    settings: SettingsFactory,
    private_valkey: EmbeddedValkey,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    await fill(private_valkey.url)
    async with serving_edge(settings(redis_url=private_valkey.url)) as edge:
        assert await recovered(edge, client, issuer)
        private_valkey.kill()
        await expect_degraded(edge, client, issuer)
        private_valkey.start()
        # It has come back without a memory: nothing says which sessions have ended.
        await until(lambda: refused(edge, client, issuer))
        await fill(private_valkey.url)
        await until(lambda: recovered(edge, client, issuer))


async def test_a_paused_redis_costs_nobody_more_than_its_timeout(
    settings: SettingsFactory,
    private_valkey: EmbeddedValkey,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    await fill(private_valkey.url)
    async with serving_edge(settings(redis_url=private_valkey.url)) as edge:
        assert await recovered(edge, client, issuer)
        private_valkey.pause()
        try:
            await expect_degraded(edge, client, issuer)
            started = perf_counter()
            await expect_degraded(edge, client, issuer)
            assert perf_counter() - started < 0.25, "the open circuit asks nobody to wait"
        finally:
            private_valkey.resume()
        await until(lambda: recovered(edge, client, issuer))


async def test_an_edge_starts_without_redis_and_finds_it_later(
    settings: SettingsFactory,
    private_valkey: EmbeddedValkey,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    private_valkey.kill()
    async with serving_edge(settings(redis_url=private_valkey.url)) as edge:
        async with client.get(f"{edge}/readyz") as response:
            assert response.status == 503
            assert (await response.json())["checks"]["redis"] == "away"
        private_valkey.start()
        await fill(private_valkey.url)
        await until(lambda: recovered(edge, client, issuer))

        async def ready() -> bool:
            async with client.get(f"{edge}/readyz") as response:
                return response.status == 200

        await until(ready)


async def test_a_lost_memory_refuses_reads_too_until_it_is_rebuilt(
    edge: str, valkey: redis.asyncio.Redis, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    await valkey.flushall()
    for method in ("GET", "POST"):
        headers = bearer(issuer.token())
        async with client.request(method, edge + CASES, headers=headers) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "1")
    async with client.post(f"{edge}/api/v1/auth/login", json={}) as response:
        assert response.status == 200
    await valkey.set("rev:generation", "2")
    assert await recovered(edge, client, issuer)


async def test_a_request_refused_for_a_lost_memory_spends_nothing(
    edge: str, valkey: redis.asyncio.Redis, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    await valkey.delete("rev:generation")
    async with client.post(edge + CASES, headers=bearer(issuer.token())) as response:
        assert response.status == 503
    assert await valkey.keys("q:*") == []


async def test_without_redis_quotas_hold_locally_and_sign_in_is_stricter(
    settings: SettingsFactory, free_port: int, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    away = settings(
        redis_url=f"redis://127.0.0.1:{free_port}/0",
        quota_user=Quota(10),
        replicas=2,
        quota_login_degraded=Quota(3),
    )
    headers = bearer(issuer.token())
    async with serving_edge(away) as edge:
        answers = []
        for _ in range(7):
            async with client.get(edge + CASES, headers=headers) as response:
                answers.append(response.status)
        assert answers == [200] * 5 + [429] * 2, "half of the limit, for one of two replicas"
        answers = []
        for _ in range(4):
            async with client.post(f"{edge}/api/v1/auth/login", json={}) as response:
                answers.append(response.status)
        assert answers == [200, 200, 200, 429]


async def test_a_cold_start_while_auth_is_away_takes_the_keys_from_disk(
    settings: SettingsFactory,
    upstream: EchoUpstream,
    issuer: Issuer,
    client: aiohttp.ClientSession,
    tmp_path: Path,
) -> None:
    stored = settings(jwks_file=tmp_path / "jwks.json")
    async with serving_edge(stored):
        pass
    upstream.jwks_available = False
    async with (
        serving_edge(stored) as edge,
        client.get(edge + CASES, headers=bearer(issuer.token())) as response,
    ):
        assert response.status == 200


async def test_without_any_keys_required_routes_are_503_and_optional_ones_anonymous(
    settings: SettingsFactory,
    upstream: EchoUpstream,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    upstream.jwks_available = False
    headers = bearer(issuer.token())
    async with serving_edge(settings()) as edge:
        async with client.get(edge + CASES, headers=headers) as response:
            assert response.status == 503
            assert (await response.json())["code"] == "keys-unavailable"
            assert "Retry-After" in response.headers
        async with client.post(f"{edge}/api/v1/auth/logout", headers=headers) as response:
            assert response.status == 200
        async with client.get(edge + CASES) as response:
            assert response.status == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_dead_upstream_is_a_502_problem_with_cors_and_quota(
    settings: SettingsFactory,
    valkey: redis.asyncio.Redis,
    free_port: int,
    issuer: Issuer,
    client: aiohttp.ClientSession,
    method: str,
) -> None:
    headers = bearer(issuer.token()) | {"Origin": ORIGIN}
    async with (
        serving_edge(settings(core_url=f"http://127.0.0.1:{free_port}")) as edge,
        client.request(method, edge + CASES, headers=headers, data=b"x") as response,
    ):
        assert response.status == 502
        assert (await response.json())["code"] == "upstream-unavailable"
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert response.headers["Proxy-Status"] == "masijala-gateway; error=connection_refused"
        assert int(response.headers["Retry-After"]) >= 1
        assert "RateLimit" in response.headers
    count = (await valkey.get("q:ip:127.0.0.1") or "").split()[1]
    assert count == "1", "however often it was tried"


async def test_an_upstream_that_comes_back_is_used_again(
    settings: SettingsFactory,
    free_port: int,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    headers = bearer(issuer.token())
    async with serving_edge(settings(core_url=f"http://127.0.0.1:{free_port}")) as edge:
        async with client.get(edge + CASES, headers=headers) as response:
            assert response.status == 502
        async with (
            EchoUpstream(issuer).running(free_port),
            client.get(edge + CASES, headers=headers) as response,
        ):
            assert response.status == 200


async def test_a_silent_upstream_is_504_and_a_dropped_connection_502(
    settings: SettingsFactory,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    headers = bearer(issuer.token())
    async with serving_edge(settings(response_seconds=0.3)) as edge:
        async with client.get(f"{edge}/api/v1/silent", headers=headers) as response:
            assert response.status == 504
            assert (await response.json())["code"] == "upstream-timeout"
            assert "error=http_response_timeout" in response.headers["Proxy-Status"]
        async with client.post(f"{edge}/api/v1/drop", headers=headers) as response:
            assert response.status == 502
            assert "error=connection_terminated" in response.headers["Proxy-Status"]
