"""The policy's own check in process: how many a second, and what one adds at half of that load."""

import asyncio
from dataclasses import asdict, dataclass
from time import perf_counter, process_time
from typing import Any, Final

import uvloop

from common.garbage_collection import freeze_after_start
from gateway.policy.correlation import correlate
from gateway.policy.decision import PolicyRequest
from gateway.policy.headers import HeaderMap
from gateway.policy.policy import Policy
from gateway.policy.tokens import KeySource
from gateway.policy.trips import RedisTrips
from gateway.routes import Route, RouteTable
from gateway.settings import GatewaySettings
from gateway.wiring import wire
from testkit.gateway.issuer import FixedKeys, Issuer

CONCURRENCY: Final = 64
ROUNDS: Final = 5
CHECKS: Final = 300
HALF_LOAD_SECONDS: Final = 3.0
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class PolicyFigures:
    """The best round of several: other work on the machine only ever takes away."""

    per_second: float
    per_cpu_second: float
    half_load_per_second: float
    half_load_p50_ms: float
    half_load_p99_ms: float


@dataclass(frozen=True, slots=True)
class Checker:
    """Asks the policy as an edge does, reading the headers again for every request."""

    policy: Policy
    route: Route
    requests: list[Headers]

    async def check(self, index: int) -> None:
        """One check, which must be allowed."""
        headers = HeaderMap(self.requests[index % len(self.requests)])
        request = PolicyRequest(headers, "127.0.0.1", self.route, correlate(headers))
        decision = await self.policy.decide(request)
        if decision.refusal is not None:
            raise RuntimeError(decision.reason)

    async def timed(self, index: int, latencies: list[float]) -> None:
        """One check, and how long it took."""
        started = perf_counter()
        await self.check(index)
        latencies.append(perf_counter() - started)

    async def many(self, index: int) -> None:
        """Some, one after the other."""
        for _ in range(CHECKS):
            await self.check(index)


def policy_figures(settings: GatewaySettings, issuer: Issuer) -> dict[str, Any]:
    """Measure, with Redis on another core as far as the machine has one."""
    freeze_after_start()  # as every server of the gateway does
    return asdict(uvloop.run(_measure(settings, issuer)))


async def _measure(settings: GatewaySettings, issuer: Issuer) -> PolicyFigures:
    gateway = wire(settings.model_copy(update={"redis_timeout_seconds": 1.0}))
    gateway.register_local_value(KeySource, FixedKeys(issuer))
    await gateway.get(RedisTrips).start()
    route = RouteTable(settings.routes).match("GET", "/api/v1/cases").route
    common = [(b"host", b"edge"), (b"accept", b"*/*"), (b"user-agent", b"bench")]
    tokens = [f"Bearer {issuer.token()}".encode() for _ in range(CONCURRENCY)]
    requests = [[*common, (b"authorization", token)] for token in tokens]
    checker = Checker(gateway.get(Policy), route, requests)
    try:
        rates = [await _round(checker) for _ in range(ROUNDS + 1)][1:]
        per_second = max(wall for wall, _ in rates)
        latencies = await _half_load(checker, per_second / 2)
    finally:
        await gateway.registry.aclose()
    return PolicyFigures(
        per_second,
        max(cpu for _, cpu in rates),
        per_second / 2,
        latencies[len(latencies) // 2] * 1000,
        latencies[len(latencies) * 99 // 100] * 1000,
    )


async def _round(checker: Checker) -> tuple[float, float]:
    wall, cpu = perf_counter(), process_time()
    await asyncio.gather(*(checker.many(index) for index in range(CONCURRENCY)))
    checks = CONCURRENCY * CHECKS
    return checks / (perf_counter() - wall), checks / (process_time() - cpu)


async def _half_load(checker: Checker, per_second: float) -> list[float]:
    """Open loop: requests come by the clock, whether the ones before are done or not."""
    latencies: list[float] = []
    tasks: set[asyncio.Task[None]] = set()
    started = perf_counter()
    sent = 0
    while (passed := perf_counter() - started) < HALF_LOAD_SECONDS:
        while sent < passed * per_second:
            task = asyncio.create_task(checker.timed(sent, latencies))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            sent += 1
        await asyncio.sleep(0)  # a timer would let what is due come in heaps, once a tick
    await asyncio.gather(*tasks)
    return sorted(latencies)
