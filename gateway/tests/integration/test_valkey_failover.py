"""The policy outlives a failover: 32 callers find the new primary, and no revoked token passes.

What auth does is done here by hand; `tests/failure` has the real one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest
from prometheus_client import REGISTRY

from common.health import Health
from devstack.servers.valkey import EmbeddedValkey
from gateway.policy.checks import CheckResult, Checks, Stop, TokenState
from gateway.policy.quotas import Quota, QuotaPolicy, Spending
from gateway.policy.script import check_script
from gateway.policy.tokens import AccessToken
from gateway.policy.trips import RedisTrips, connect
from testkit.replication import (
    Pair,
    Watched,
    client_of,
    follows,
    is_primary,
    valkey_pair,
    watched_pair,
)
from testkit.revocations import declare_complete
from testkit.timing import require_within

CALLERS = 32
TIMEOUT_SECONDS = 0.15  # the default of GATEWAY_REDIS_TIMEOUT_SECONDS
RECOVERY_SECONDS = 2.0
SPENDING = Spending(QuotaPolicy("user", Quota(1_000_000)), "q:user")

pytestmark = pytest.mark.quiet


def token(session: str) -> AccessToken:
    return AccessToken(
        digest=session.encode(),
        subject="subject",
        session_id=session,
        token_id=f"token-of-{session}",
        issued_at=1_700_000_000,
        version=0,
        expires_at=2_000_000_000,
        roles=frozenset(),
        identity={},
    )


LIVE, REVOKED = token("live"), token("revoked")


def revoke(server: EmbeddedValkey) -> None:
    with client_of(server) as client:
        client.set(f"rev:sid:{REVOKED.session_id}", "1")


def rebuild(server: EmbeddedValkey) -> None:
    """As auth does it."""
    revoke(server)
    with client_of(server) as client:
        declare_complete(client)


async def until(holds: Callable[[], bool], seconds: float = 20.0) -> float:
    """Poll until it holds; the moment when it did."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.01)
    return monotonic()


@dataclass
class Load:
    """What 32 callers were answered, and what `/readyz` answered meanwhile."""

    trips: RedisTrips
    health: Health
    answers: list[tuple[float, AccessToken, CheckResult]] = field(default_factory=list)
    readiness: list[tuple[float, bool, str]] = field(default_factory=list)

    async def call(self, checks: Checks, caller: AccessToken) -> None:
        while True:
            result = await checks.run(caller, (SPENDING,), Stop.UNAVAILABLE)
            self.answers.append((monotonic(), caller, result))
            await asyncio.sleep(0.005)

    async def watch(self) -> None:
        while True:
            ready, states = await self.health.report()
            self.readiness.append((monotonic(), ready, states["redis"]))
            await asyncio.sleep(0.01)

    def works_since(self, moment: float) -> float | None:
        """When a caller whose token is good was let through by Redis, after a moment."""
        good = (
            at
            for at, caller, result in self.answers
            if at > moment
            and caller is LIVE
            and not result.unavailable
            and result.token is TokenState.CLEAR
        )
        return next(good, None)

    def let_in_revoked(self) -> bool:
        return any(
            caller is REVOKED and result.token is TokenState.CLEAR
            for _, caller, result in self.answers
        )

    def unready_between(self, start: float, end: float) -> set[str]:
        """What `/readyz` answered between two moments; fails when it was ready."""
        seen = [(ready, state) for at, ready, state in self.readiness if start < at < end]
        assert seen
        assert not any(ready for ready, _ in seen)
        return {state for _, state in seen}


@asynccontextmanager
async def load(url: str) -> AsyncIterator[Load]:
    """32 callers, half of them with a revoked token, once all is well."""
    trips = RedisTrips(connect(url, TIMEOUT_SECONDS), check_script(), TIMEOUT_SECONDS)
    running = Load(trips, Health({"redis": trips.require_writable}))
    await trips.start()
    checks = Checks(trips, {})
    callers = [LIVE, REVOKED] * (CALLERS // 2)
    tasks = [asyncio.create_task(running.call(checks, caller)) for caller in callers]
    tasks.append(asyncio.create_task(running.watch()))
    try:
        await until(lambda: running.works_since(0.0) is not None)
        await until(lambda: bool(running.readiness) and running.readiness[-1][1])
        yield running
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        await trips.stop()
        assert all(isinstance(each, asyncio.CancelledError) for each in ended)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with valkey_pair(tmp_path) as servers:
        rebuild(servers.first)
        yield servers


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with watched_pair(tmp_path) as servers:
        rebuild(servers.pair.first)
        yield servers


def degraded_seconds() -> float:
    name, labels = "gateway_degraded_seconds_total", {"part": "redis"}
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_server_that_becomes_a_replica_is_disconnected_at_once_and_used_again_later(
    pair: Pair,
) -> None:
    before = degraded_seconds()
    async with load(pair.first.url) as running:
        demoted = monotonic()
        pair.follow(pair.first, pair.second)
        await until(lambda: running.trips.unavailable, seconds=1.0)
        await until(lambda: follows(pair.first))
        pair.promote(pair.first)
        promoted = monotonic()
        await until(lambda: not running.trips.unavailable)
        rebuild(pair.first)
        await until(lambda: running.works_since(promoted) is not None)
        works = running.works_since(promoted)
    assert works is not None
    require_within(works - promoted, RECOVERY_SECONDS)
    assert not running.let_in_revoked()
    assert "unavailable: READONLY" in running.unready_between(demoted + 0.1, promoted)
    assert degraded_seconds() - before >= (promoted - demoted) * 0.8


async def test_a_promoted_replica_that_missed_a_revocation_lets_no_token_in(pair: Pair) -> None:
    """It has the generation of the former primary, and not the mark that came last."""
    with client_of(pair.first) as client:
        client.delete(f"rev:sid:{REVOKED.session_id}")
    pair.follow(pair.second, pair.first)
    await until(lambda: follows(pair.second))
    pair.cut_off(pair.second, pair.first)
    revoke(pair.first)
    pair.first.kill()
    pair.promote(pair.second)
    with client_of(pair.second) as client:
        assert client.exists("rev:generation")
        assert not client.exists(f"rev:sid:{REVOKED.session_id}")
    trips = RedisTrips(connect(pair.second.url, 1.0), check_script(), 1.0)
    await trips.start()
    checks = Checks(trips, {})

    async def state_of(caller: AccessToken) -> TokenState:
        return (await checks.run(caller, (SPENDING,), Stop.UNCLEAR)).token

    assert await state_of(REVOKED) is TokenState.UNKNOWN
    assert await state_of(LIVE) is TokenState.UNKNOWN
    rebuild(pair.second)
    assert await state_of(REVOKED) is TokenState.REVOKED
    assert await state_of(LIVE) is TokenState.CLEAR
    await trips.stop()


async def test_sentinel_fails_over_under_load(watched: Watched) -> None:
    first, second = watched.pair.first, watched.pair.second
    await until(lambda: follows(second))
    async with load(watched.url) as running:
        killed = monotonic()
        first.kill()
        promoted = await until(lambda: is_primary(second))
        named = await until(lambda: watched.names(second))
        await until(lambda: not running.trips.unavailable)
        rebuild(second)
        await until(lambda: running.works_since(promoted) is not None)
        works = running.works_since(promoted)
    assert works is not None
    require_within(works - named, RECOVERY_SECONDS)
    assert not running.let_in_revoked()
    running.unready_between(killed + TIMEOUT_SECONDS + 0.1, promoted)


async def test_a_primary_that_sentinel_replaced_is_disconnected_though_it_answers(
    watched: Watched,
) -> None:
    """It was paused, and no request came meanwhile: the connection itself shows nothing."""
    first, second = watched.pair.first, watched.pair.second
    await until(lambda: follows(second))
    trips = RedisTrips(connect(watched.url, TIMEOUT_SECONDS), check_script(), TIMEOUT_SECONDS)
    await trips.start()
    first.pause()
    await until(lambda: is_primary(second))
    await until(lambda: watched.names(second))
    first.resume()

    def reaches_second() -> bool:
        wire = trips._wire
        return wire is not None and wire.address == ("127.0.0.1", second.port)

    await until(reaches_second, seconds=RECOVERY_SECONDS)
    await trips.require_writable()
    await trips.stop()
