"""`make bench-replicas`: revocations and quotas at 100 replicas of the policy, on one Valkey.

Each replica is the policy's own check with its own connection. Processes that share two cores say
nothing about what 100 machines carry together, so what matters here is what Valkey spends on a
check, and whether a revocation and a quota hold for all replicas at once.
"""

import asyncio
import tempfile
from collections.abc import Coroutine, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final, TypeVar

import redis
import uvloop
from bench.figures import Run
from bench.sections import circumstances, write_section

from devstack.servers.valkey import EmbeddedValkey
from gateway.policy.checks import Checks, Stop, TokenState
from gateway.policy.quotas import Quota, QuotaPolicy, Spending
from gateway.policy.script import check_script
from gateway.policy.tokens import AccessToken
from gateway.policy.trips import RedisTrips, connect
from testkit.revocations import declare_complete

REPLICAS: Final = 100
PROCESSES: Final = 4
# Of one replica: of all of them 2,000 a second, which the machine carries with ease.
PACE_SECONDS: Final = 0.05
REVOKED: Final = 20
BETWEEN_SECONDS: Final = 0.5
FULL_SECONDS: Final = 5.0
AT_ONCE: Final = 8
LIMIT: Final = 500
ATTEMPTS: Final = 20
PATIENCE_SECONDS: Final = 10.0
FREE: Final = QuotaPolicy("user", Quota(1_000_000))
SHARED: Final = QuotaPolicy("shared", Quota(LIMIT, 3600))
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Refusal:
    """When a replica last let a session in, and when it refused it: the begin of its checks."""

    session: int
    last_admitted: float
    refused: float


def token_of(session: str) -> AccessToken:
    """What a verified token of a session says."""
    return AccessToken(
        session.encode(), "subject", session, session, 0, 1, 2e9, frozenset(), identity={}
    )


async def with_replicas(url: str, work: Any) -> list[Any]:
    """Do something with a share of all replicas, side by side."""
    trips = [
        RedisTrips(connect(url, PATIENCE_SECONDS), check_script(), PATIENCE_SECONDS)
        for _ in range(REPLICAS // PROCESSES)
    ]
    try:
        await asyncio.gather(*(each.start() for each in trips))
        replicas = [Checks(each, {}) for each in trips]
        return await asyncio.gather(*(work(n, each) for n, each in enumerate(replicas)))
    finally:
        await asyncio.gather(*(each.stop() for each in trips))


async def until_refused(number: int, checks: Checks) -> list[Refusal]:
    """Ask for each session at the usual pace, until it is revoked."""
    spending = (Spending(FREE, f"user:{number}"),)
    found, last = [], 0.0
    for session in range(REVOKED):
        token = token_of(f"revoked-{session}")
        while True:
            begun = monotonic()
            result = await checks.run(token, spending, Stop.UNCLEAR)
            if result.token is TokenState.REVOKED:
                found.append(Refusal(session, last, begun))
                break
            last = begun
            await asyncio.sleep(PACE_SECONDS)
    return found


async def as_fast_as_it_goes(number: int, checks: Checks) -> int:
    """How many checks, several at a time."""
    spending = (Spending(FREE, f"user:{number}"), Spending(FREE, f"address:{number}"))
    token, end = token_of(f"session-{number}"), monotonic() + FULL_SECONDS

    async def one_after_the_other() -> int:
        count = 0
        while monotonic() < end:
            result = await checks.run(token, spending, Stop.UNCLEAR)
            count += result.token is TokenState.CLEAR and not result.unavailable
        return count

    return sum(await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE))))


async def spend_one_account(_number: int, checks: Checks) -> int:
    """How many of a burst one account, which all replicas share, has room for."""
    spending = (Spending(SHARED, "shared"),)
    burst = (checks.run(None, spending, Stop.NEVER) for _ in range(ATTEMPTS))
    results = await asyncio.gather(*burst)
    return sum(not each.unavailable and not each.quotas[0].violated for each in results)


def run_share(url: str, work: Any) -> list[Any]:
    """One process's replicas."""
    simulation: Coroutine[Any, Any, list[Any]] = with_replicas(url, work)
    return uvloop.run(simulation)


def revoke_each(client: "redis.Redis", shares: Iterable["Future[list[Any]]"]) -> dict[int, float]:
    """End one session after the other, as auth does; when Valkey had acknowledged it."""
    at = {}
    for session in range(REVOKED):
        sleep(BETWEEN_SECONDS)
        client.set(f"rev:sid:revoked-{session}", "1", ex=600)
        at[session] = monotonic()
    for share in shares:
        share.exception()
    return at


def processor_seconds(client: "redis.Redis") -> float:
    """What Valkey has used."""
    info = client.info("cpu")
    return float(info["used_cpu_sys"]) + float(info["used_cpu_user"])


def measure(pool: ProcessPoolExecutor, url: str) -> dict[str, float]:
    """All figures."""
    client = redis.Redis.from_url(url)
    declare_complete(client)

    def begin(work: Any) -> list["Future[list[Any]]"]:
        return [pool.submit(partial(run_share, url, work)) for _ in range(PROCESSES)]

    def flat(shares: Iterable["Future[list[Any]]"]) -> list[Any]:
        return [each for share in shares for each in share.result()]

    list(pool.map(abs, range(PROCESSES)))  # starts the processes
    before = processor_seconds(client)
    counts = flat(begin(as_fast_as_it_goes))
    spent = processor_seconds(client) - before
    shares = begin(until_refused)
    revoked_at = revoke_each(client, shares)
    refusals = [each for found in flat(shares) for each in found]
    times = [
        max(each.refused for each in refusals if each.session == session) - at
        for session, at in revoked_at.items()
    ]
    late = sum(each.last_admitted > revoked_at[each.session] for each in refusals)
    return {
        "replicas": REPLICAS,
        "checks_per_second": sum(counts) / FULL_SECONDS,
        "valkey_us_per_check": spent / sum(counts) * 1e6,
        "revocations": REVOKED,
        "all_refuse_after_ms_median": sorted(times)[len(times) // 2] * 1000,
        "all_refuse_after_ms_most": max(times) * 1000,
        "admitted_after_revocation": late,
        "quota_limit": LIMIT,
        "quota_attempts": REPLICAS * ATTEMPTS,
        "quota_admitted": sum(flat(begin(spend_one_account))),
    }


def table(found: dict[str, Any]) -> str:
    """The figures for docs/performance.md."""
    pace = f"{PACE_SECONDS * 1000:.0f} ms"
    median, most = found["all_refuse_after_ms_median"], found["all_refuse_after_ms_most"]
    rows = {
        f"{found['replicas']} replicas, one Valkey": "",
        "---": "---",
        "processor time of Valkey for a check with two quotas, at full speed": (
            f"{found['valkey_us_per_check']:.1f} µs"
        ),
        "checks a second, while all share this machine": f"{found['checks_per_second']:,.0f}",
        f"from a revocation until all refuse, each with a check in {pace}": (
            f"median {median:.0f} ms, at most {most:.0f} ms, of {found['revocations']}"
        ),
        "checks that began after a revocation and were let in": (
            f"{found['admitted_after_revocation']}"
        ),
        f"let in by one quota of {found['quota_limit']}": (
            f"{found['quota_admitted']} of {found['quota_attempts']:,} at once at all replicas"
        ),
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join([f"{circumstances(found)}.", "", *lines])


def main() -> None:
    """Measure, keep the results, print them."""
    run = Run.begin()
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedValkey(Path(folder) / "valkey", durable=False) as valkey,
        ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool,
    ):
        figures = measure(pool, valkey.url)
    print(write_section("replicas", table(run.write("replicas", figures))))


if __name__ == "__main__":
    main()
