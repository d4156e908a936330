"""The registry at scale through the gateway, compared with the same statements by psycopg alone.

python -m bench.registry [--home DIR] [--database-url URL] [--cases N --activities N] [--rebuild]

Starts the whole stack in its own home, fills it once, and sends requests as three users.
With `--home`, or on a given Postgres server, the data is preserved and used again for the same size
and generator. `--rebuild` measures `core rebuild` as well.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import psycopg
from bench.figures import Run, quantile
from bench.generate import Size
from bench.registry_client import Client, lookup_path
from bench.registry_filling import fill
from bench.registry_report import write_report
from bench.registry_requests import (
    ORDERS,
    User,
    bench_users,
    filters,
    list_path,
    new_cases,
    spelt,
)
from bench.registry_sql import KEYS, Recorder, Statement, forget_cases, recording, replaying
from bench.registry_world import World, invent_world
from psycopg.rows import dict_row
from pydantic import SecretStr

from auth_service.commands import run_command
from auth_service.seeding import Account, Seeding
from common.identity import Grant, Role
from common.logs import configure_logging
from devstack.environment import auth_environment
from devstack.settings import DevstackSettings
from devstack.stack import Stack

LOOKUPS: Final = 200
PAGES: Final = 2
PASSES: Final = 4
DEEP_PAGES: Final = 20
CREATED: Final = 60
WARM_UP: Final = 20
# Quotas are for bench_users; a benchmark asks faster.
ENVIRONMENT: Final = {
    "GATEWAY_QUOTA_USER": "off",
    "GATEWAY_QUOTA_IP": "off",
    "GATEWAY_QUOTA_WRITE": "off",
}
SAMPLE: Final = """
SELECT id, caseid_type, number_raw, filed_year FROM cases
WHERE court_id = ANY(%s) AND NOT sealed AND deleted_at IS NULL ORDER BY md5(id::text) LIMIT %s
"""


async def main(size: Size, home: Path, server_url: str | None, *, rebuild: bool) -> None:
    """Measure, write bench/results/registry.json and the table in docs/performance.md."""
    run = Run.begin()
    os.environ |= ENVIRONMENT
    settings = DevstackSettings(
        _env_file=None,
        home=home,
        port=0,
        demo=False,  # its cases would be among those that are measured
        database_url=SecretStr(server_url) if server_url else None,
        redis_url=None,
    )
    world = invent_world(size.seed, size.courts)
    async with Stack(settings, report=print) as stack:
        figures = await asyncio.to_thread(fill, core_url(stack), size)
        await asyncio.to_thread(_add_accounts, stack, world)
        figures["users"] = {
            user.name: await asyncio.to_thread(_measure, stack, user, world, size)
            for user in bench_users(world)
        }
        print(json.dumps(figures["users"], indent=1))
        figures["ratios"] = await _ratios(stack, world, size)
        run.write("registry", figures)
        if rebuild:
            command = (sys.executable, "-m", "bench.registry_rebuild")
            process = await asyncio.create_subprocess_exec(
                *command, "--database-url", core_url(stack)
            )
            await process.wait()
    print(write_report())


def core_url(stack: Stack) -> str:
    """Core's database, as the superuser."""
    given, own = stack.settings.database_url, stack.servers.postgres
    if own is not None:
        return own.url.rsplit("/", 1)[0] + "/core"
    if given is None:
        raise RuntimeError("the stack has no Postgres")
    return given.get_secret_value().rsplit("/", 1)[0] + "/core"


def _email(user: User) -> str:
    return f"{user.name.replace(' ', '-')}@bench.example"


def _add_accounts(stack: Stack, world: World) -> None:
    os.environ |= auth_environment(stack.wiring)
    accounts = [
        Account(
            _email(user),
            user.name,
            stack.password,
            Grant(Role(user.role), frozenset(court.id for court in user.courts or ()) or None),
        )
        for user in bench_users(world)
    ]
    run_command(lambda auth: auth.get(Seeding).ensure(accounts))


def _measure(stack: Stack, user: User, world: World, size: Size) -> dict[str, Any]:
    """The latencies that one user sees."""
    chance = Random(size.seed)
    client = Client(stack.base_url, _email(user), stack.password)
    cases = _some_cases(stack, user, world)
    paths = [lookup_path(spelt(case, chance)) for case in cases]
    client.get(paths[:WARM_UP])
    found: dict[str, Any] = {"lookup": _summary(client.get(paths))}
    lists: dict[str, list[float]] = {}
    for _ in range(PASSES):
        for name, wanted in filters(user, world, size):
            for order in ORDERS:
                lists.setdefault(name, []).extend(_pages(client, wanted, order, PAGES))
    found["list"] = _summary([seconds for each in lists.values() for seconds in each])
    found["list"]["p95_ms_by_filter"] = {
        name: _summary(seconds)["p95_ms"] for name, seconds in lists.items()
    }
    found["deep"] = _summary(
        [
            seconds
            for order in ORDERS
            for seconds in _pages(client, {"limit": "200"}, order, DEEP_PAGES)
        ]
    )
    for part in ("", "/activities", "/timeline"):
        found[f"case{part}"] = _summary(client.get(f"/cases/{case['id']}{part}" for case in cases))
    found["create"] = _summary(client.create(new_cases(user, world, size, CREATED)))
    client.close()
    return found


def _pages(client: Client, wanted: dict[str, str], order: str, count: int) -> Iterator[float]:
    """Seconds of the first page, and of those that follow."""
    cursor = None
    for _ in range(count):
        seconds, page = client.timed("GET", list_path(wanted, order, cursor))
        yield seconds
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _some_cases(stack: Stack, user: User, world: World) -> list[dict[str, Any]]:
    with psycopg.connect(core_url(stack), row_factory=dict_row) as connection:
        return connection.execute(SAMPLE, (user.court_ids(world), LOOKUPS)).fetchall()


async def _ratios(stack: Stack, world: World, size: Size) -> dict[str, Any]:
    """One client through the gateway, compared with psycopg alone running the same statements."""
    user, chance = bench_users(world)[1], Random(size.seed + 1)
    cases = await asyncio.to_thread(_some_cases, stack, user, world)
    queries = {
        "lookup": [lookup_path(spelt(case, chance)) for case in cases[:100]],
        "list": [
            list_path(wanted, "-filed_on")
            for _, wanted in filters(user, world, size)
            for _ in "123"
        ],
    }
    bodies = list(new_cases(user, world, size, CREATED, offset=CREATED))
    configure_logging("bench", "ERROR")
    async with recording(core_url(stack)) as recorder:
        api = recorder.api.user(Role(user.role), *user.court_ids(world))
        executed = {
            name: [await _executed(recorder, api.call("GET", path)) for path in paths]
            for name, paths in queries.items()
        }
        executed["create"] = [
            await _executed(recorder, api.post("/cases", body, key=f"{KEYS}{place}"))
            for place, body in enumerate(bodies)
        ]
    return await asyncio.to_thread(_compare, stack, user, queries, executed, bodies)


async def _executed(recorder: Recorder, call: Awaitable[Any]) -> list[Statement]:
    """What core has run to answer. Raises RuntimeError unless it has answered well."""
    recorder.taken()
    response = await call
    if response.is_error:
        raise RuntimeError(response.text)
    return recorder.taken()


def _compare(
    stack: Stack,
    user: User,
    queries: dict[str, list[str]],
    executed: dict[str, list[list[Statement]]],
    bodies: list[dict[str, Any]],
) -> dict[str, Any]:
    url = core_url(stack)
    forget_cases(url, executed["create"])
    client = Client(stack.base_url, _email(user), stack.password)
    ratios = {}
    with replaying(url) as replay:
        for name, requests in executed.items():
            # Alternating, so that other load on the machine affects both equally.
            alone, through = list[float](), list[float]()
            for place, statements in enumerate(requests):
                alone.append(replay(statements))
                if name in queries:
                    through += client.get([queries[name][place]])
                else:
                    through += client.create([bodies[place]])
            ratios[name] = _ratio(alone, through, [len(statements) for statements in requests])
    client.close()
    return ratios


def _ratio(alone: list[float], through: list[float], statements: list[int]) -> dict[str, float]:
    return {
        "gateway_ms": round(median(through) * 1000, 2),
        "sql_alone_ms": round(median(alone) * 1000, 2),
        "statements": round(median(statements)),
        "ratio": round(median(alone) / median(through), 3),
        "goal": 0.25,
    }


def _summary(seconds: Sequence[float]) -> dict[str, float]:
    each = list(seconds)
    return {
        "p50_ms": round(median(each) * 1000, 1),
        "p95_ms": round(quantile(each, 0.95) * 1000, 1),
        "requests": len(each),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--database-url")
    parser.add_argument("--rebuild", action="store_true")
    for each in ("cases", "activities"):
        parser.add_argument(f"--{each}", type=int, default=getattr(Size(), each))
    wanted = vars(parser.parse_args())
    given_home, server_url = wanted.pop("home"), wanted.pop("database_url")
    with_rebuild = wanted.pop("rebuild")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(
            main(Size(**wanted), given_home or Path(folder), server_url, rebuild=with_rebuild)
        )
