"""Logins a second compared with raw argon2id, and the event loop's delay under them.

python -m bench.login
"""

import asyncio
import os
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter
from typing import Any, Final

import uvloop
from argon2.low_level import Type, hash_secret_raw
from bench.auth_running import DURABLE, REAL_COST, Answer, Auth, running_auth
from bench.figures import Run, quantile

SECONDS: Final = float(os.environ.get("BENCH_SECONDS", "4"))
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))
CORES: Final = os.cpu_count() or 1
PROBE_SECONDS: Final = 0.002
CROWD: Final = 300
OK: Final = 200
BUSY: Final = 503


async def main() -> None:
    """Measure and write bench/results/login.json."""
    run = Run.begin()
    async with running_auth(**REAL_COST, hash_queue=16) as auth:
        email = await auth.create("clerk@masijala.example")
        await _logins(auth, email)
        raw, logins, stalls = [], [], list[float]()
        for _ in range(ROUNDS):
            raw.append(await asyncio.to_thread(_raw))
            logins.append(await _probed(_logins(auth, email), stalls))
        crowd, crowd_stalls = list[Answer](), list[float]()
        await _probed(_crowd(auth, email, crowd), crowd_stalls)
    served = [answer.seconds for answer in crowd if answer.status == OK]
    refused = [answer for answer in crowd if answer.status == BUSY]
    run.write(
        "login",
        {
            "durable": DURABLE,
            "raw_argon2id_per_second": round(median(raw), 2),
            "logins_per_second": round(median(logins), 2),
            "ratio": round(
                median(login / alone for login, alone in zip(logins, raw, strict=True)), 3
            ),
            "goal": 0.9,
            "event_loop_stall_p99_ms": round(quantile(stalls, 0.99) * 1000, 2),
            "event_loop_stall_p99_goal_ms": 25,
            "crowd": {
                "at_once": CROWD,
                "statuses": dict(Counter(str(answer.status) for answer in crowd)),
                "slowest_served_ms": round(max(served, default=0) * 1000),
                "slowest_refused_ms": round(
                    max((answer.seconds for answer in refused), default=0) * 1000
                ),
                "refusals_with_retry_after": all("retry-after" in a.headers for a in refused),
                "event_loop_stall_p99_ms": round(quantile(crowd_stalls, 0.99) * 1000, 2),
            },
        },
    )


def _raw() -> float:
    """Hashes a second with as many threads as cores, and nothing else."""
    deadline = perf_counter() + SECONDS

    def work() -> int:
        count = 0
        while perf_counter() < deadline:
            hash_secret_raw(b"seven brown owls", b"salt" * 4, 2, 19456, 1, 32, Type.ID)
            count += 1
        return count

    started = perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        counts = [future.result() for future in [pool.submit(work) for _ in range(CORES)]]
    return sum(counts) / (perf_counter() - started)


async def _logins(auth: Auth, email: str) -> float:
    """Logins a second with four clients for each core, each signing in again and again."""
    started = perf_counter()

    async def client() -> int:
        count = 0
        while perf_counter() - started < SECONDS:
            answer = await auth.login(email)
            if answer.status != OK:
                raise RuntimeError(answer.body)
            count += 1
        return count

    counts = await asyncio.gather(*(client() for _ in range(4 * CORES)))
    return sum(counts) / (perf_counter() - started)


async def _crowd(auth: Auth, email: str, answers: list[Answer]) -> float:
    """Everybody signs in at the same moment."""
    answers.extend(await asyncio.gather(*(auth.login(email) for _ in range(CROWD))))
    return 0


async def _probed(work: Coroutine[Any, Any, float], stalls: list[float]) -> float:
    """Do the work, and measure repeatedly how late a concurrent short sleep ends."""

    async def probe() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(PROBE_SECONDS)
            stalls.append(perf_counter() - before - PROBE_SECONDS)

    probing = asyncio.create_task(probe())
    try:
        return await work
    finally:
        probing.cancel()


if __name__ == "__main__":
    uvloop.run(main())
