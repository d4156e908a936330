"""Refreshes a second per core, compared with Keycloak's published figure for calls over HTTP.

python -m bench.refresh [--profile]
"""

import cProfile
import os
import pstats
import sys
from asyncio import gather
from statistics import median
from time import perf_counter, process_time
from typing import Final

import uvloop
from bench.auth_running import DURABLE, Auth, running_auth
from bench.figures import Run

# "Concepts for sizing CPU and memory resources" of Keycloak's documentation: 120 refresh token
# requests a second for each vCPU.
KEYCLOAK_PER_CORE: Final = 120
CLIENTS: Final = 8
WARM_UP: Final = 30
REPEATS: Final = int(os.environ.get("BENCH_REPEATS", "100"))
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))


async def main() -> None:
    """Measure and write bench/results/refresh.json."""
    run = Run.begin()
    async with running_auth() as auth:
        email = await auth.create("clerk@masijala.example")
        tokens = [(await auth.login(email)).json()["refresh_token"] for _ in range(CLIENTS)]
        await _refresh(auth, tokens, WARM_UP)
        if "--profile" in sys.argv:
            await _profile(auth, tokens)
            return
        rounds = [await _measure(auth, tokens) for _ in range(ROUNDS)]
    per_core = median(per_cpu_second for per_cpu_second, _ in rounds)
    run.write(
        "refresh",
        {
            "durable": DURABLE,
            "per_second_and_core_of_auth": round(per_core, 1),
            "per_second_by_the_clock": round(median(clock for _, clock in rounds), 1),
            "keycloak_published_per_core": KEYCLOAK_PER_CORE,
            "ratio": round(per_core / KEYCLOAK_PER_CORE, 2),
            "goal": 3,
        },
    )


async def _measure(auth: Auth, tokens: list[str]) -> tuple[float, float]:
    """Refreshes for each second of this process's CPU time, and by the clock."""
    started, cpu = perf_counter(), process_time()
    await _refresh(auth, tokens, REPEATS)
    count = REPEATS * CLIENTS
    return count / (process_time() - cpu), count / (perf_counter() - started)


async def _refresh(auth: Auth, tokens: list[str], times: int) -> None:
    async def client(index: int) -> None:
        for _ in range(times):
            body = {"refresh_token": tokens[index]}
            answer = await auth.post("/api/v1/auth/refresh", body)
            if answer.status != 200:  # noqa: PLR2004 - OK
                raise RuntimeError(answer.body)
            tokens[index] = answer.json()["refresh_token"]

    await gather(*(client(index) for index in range(len(tokens))))


async def _profile(auth: Auth, tokens: list[str]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    await _refresh(auth, tokens, REPEATS)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(40)


if __name__ == "__main__":
    uvloop.run(main())
