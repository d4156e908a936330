"""What still passes while Redis, its memory or the keys are unavailable, and how fast."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from time import perf_counter, time

import httpx
import pytest
import redis.asyncio

from devstack.servers.ports import free_port
from devstack.servers.valkey import EmbeddedValkey
from gateway.policy.quotas import Quota
from testkit.gateway.issuer import Issuer
from testkit.revocations import declare_complete
from testkit.timing import require_within

Ask = Callable[..., Awaitable[httpx.Response]]
Serving = Callable[..., AbstractAsyncContextManager[Ask]]
CASES = "/api/v1/cases"
LOGIN = "/api/v1/auth/login"
LOGOUT = "/api/v1/auth/logout"
MOST_SECONDS = 0.3  # that a request may take because of a Redis that is unavailable


async def until(probe: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Poll until it holds."""
    async with asyncio.timeout(seconds):
        while not await probe():  # noqa: ASYNC110 - what changes lies in another process
            await asyncio.sleep(0.05)


def fill(url: str) -> None:
    with redis.Redis.from_url(url) as store:
        declare_complete(store)


async def expect_degraded(ask: Ask, issuer: Issuer) -> None:
    """The row of the table for a revocation store that cannot be asked."""
    now = int(time())
    young, old = issuer.token(), issuer.token(iat=now - 61, exp=now + 500)
    rows: tuple[tuple[str, str, str | None, int], ...] = (
        ("GET", CASES, young, 200),
        ("GET", CASES, old, 503),
        ("POST", CASES, young, 503),
        ("GET", "/api/v1/users", young, 503),
        ("POST", LOGIN, None, 200),
        ("POST", LOGOUT, old, 200),
        ("GET", "/.well-known/jwks.json", None, 200),
        ("GET", CASES, None, 401),
    )
    for method, path, token, expected in rows:
        started = perf_counter()
        answer = await ask(method, path, token)
        require_within(perf_counter() - started, MOST_SECONDS)
        assert answer.status_code == expected, (method, path)
        if expected == 503:
            assert answer.json()["code"] == "revocation-unavailable"
            assert int(answer.headers["Retry-After"]) >= 1


async def refused(ask: Ask, issuer: Issuer) -> bool:
    """Whether even a read with a fresh token is refused."""
    return (await ask("GET", CASES, issuer.token())).status_code == 503


async def recovered(ask: Ask, issuer: Issuer) -> bool:
    return (await ask("POST", CASES, issuer.token())).status_code == 200


@pytest.mark.quiet
async def test_a_killed_redis_degrades_and_comes_back(
    serving: Serving, private_valkey: EmbeddedValkey, issuer: Issuer
) -> None:
    fill(private_valkey.url)
    async with serving(redis_url=private_valkey.url) as ask:
        assert await recovered(ask, issuer)
        private_valkey.kill()
        await expect_degraded(ask, issuer)
        private_valkey.start()
        # It has come back without a memory: nothing says which sessions have ended.
        await until(lambda: refused(ask, issuer))
        fill(private_valkey.url)
        await until(lambda: recovered(ask, issuer))


@pytest.mark.quiet
async def test_a_paused_redis_costs_no_caller_more_than_its_timeout(
    serving: Serving, private_valkey: EmbeddedValkey, issuer: Issuer
) -> None:
    fill(private_valkey.url)
    async with serving(redis_url=private_valkey.url) as ask:
        assert await recovered(ask, issuer)
        private_valkey.pause()
        try:
            await expect_degraded(ask, issuer)
            started = perf_counter()
            await expect_degraded(ask, issuer)
            require_within(perf_counter() - started, 0.25, "with an open circuit")
        finally:
            private_valkey.resume()
        await until(lambda: recovered(ask, issuer))


async def test_a_policy_starts_without_redis_and_finds_it_later(
    serving: Serving, private_valkey: EmbeddedValkey, issuer: Issuer
) -> None:
    private_valkey.kill()
    async with serving(redis_url=private_valkey.url) as ask:
        answer = await ask("GET", "/readyz")
        assert answer.status_code == 503
        states = answer.json()["checks"]
        assert {name for name, state in states.items() if state != "ok"} == {"redis"}
        private_valkey.start()
        fill(private_valkey.url)
        await until(lambda: recovered(ask, issuer))

        async def ready() -> bool:
            return (await ask("GET", "/readyz")).status_code == 200

        await until(ready)


async def test_lost_revocations_refuse_reads_too_until_they_are_rebuilt(
    ask: Ask, valkey: redis.asyncio.Redis, redis_url: str, issuer: Issuer
) -> None:
    await valkey.flushall()
    for method in ("GET", "POST"):
        answer = await ask(method, CASES, issuer.token())
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert (await ask("POST", LOGIN)).status_code == 200
    fill(redis_url)
    assert await recovered(ask, issuer)


async def test_a_request_refused_for_lost_revocations_spends_nothing(
    ask: Ask, valkey: redis.asyncio.Redis, issuer: Issuer
) -> None:
    await valkey.delete("rev:generation")
    assert (await ask("POST", CASES, issuer.token())).status_code == 503
    assert await valkey.keys("q:*") == []


async def test_without_redis_quotas_hold_locally_and_sign_in_is_stricter(
    serving: Serving, issuer: Issuer
) -> None:
    unavailable = serving(
        redis_url=f"redis://127.0.0.1:{free_port()}/0",
        quota_user=Quota(10),
        replicas=2,
        quota_login_degraded=Quota(3),
    )
    token = issuer.token()
    async with unavailable as ask:
        answers = [(await ask("GET", CASES, token)).status_code for _ in range(7)]
        assert answers == [200] * 5 + [429] * 2, "half of the limit, for one of two replicas"
        answers = [(await ask("POST", LOGIN)).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]


async def test_a_cold_start_while_auth_is_unavailable_takes_the_keys_from_disk(
    serving: Serving, stop_auth: Callable[[], None], issuer: Issuer, tmp_path: Path
) -> None:
    stored = tmp_path / "jwks.json"
    async with serving(jwks_file=stored):
        pass
    stop_auth()
    async with serving(jwks_file=stored) as ask:
        assert (await ask("GET", CASES, issuer.token())).status_code == 200


async def test_without_any_keys_required_routes_are_503_and_optional_ones_anonymous(
    serving: Serving, stop_auth: Callable[[], None], issuer: Issuer
) -> None:
    stop_auth()
    token = issuer.token()
    async with serving() as ask:
        answer = await ask("GET", CASES, token)
        assert (answer.status_code, answer.json()["code"]) == (503, "keys-unavailable")
        assert "Retry-After" in answer.headers
        assert (await ask("POST", LOGOUT, token)).status_code == 200
        assert (await ask("GET", CASES)).status_code == 401
