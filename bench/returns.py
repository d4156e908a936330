"""An import compared with bare COPY of the rows that it leaves behind, on its own database.

python -m bench.returns [--rows 20000] [--profile]

A real worker process validates and applies a file; then a copy of it in which 1 % of the rows say
something else. What the first file has left behind is then loaded by COPY into the same tables of
another database of the same server. Other requests are made all the while.
"""

import argparse
import asyncio
import cProfile
import pstats
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import psycopg
from bench.figures import Run, quantile
from bench.generate import Size, add_world
from bench.processes import Usage, usage
from bench.registry_sql import Recorder, recording
from bench.registry_world import World, invent_world
from bench.return_files import ReturnGenerator

from common.database_creation import create_missing_database
from common.identity import Role
from common.logs import configure_logging
from core_service.migrations.preparation import prepare
from core_service.returns.processing import BatchProcessing
from devstack.servers.postgres import EmbeddedPostgres
from testkit.core.processes import worker_process
from testkit.core.returns import ReturnsClient
from testkit.core.settings import make_settings
from testkit.databases import as_service, make_service_role

SIZE: Final = Size()
COURTS: Final = 5
SERVICE_ROLE: Final = "bench_core"
TABLES: Final = (
    "import_batches",
    "cases",
    "case_activities",
    "activity_judges",
    "case_status_events",
    "case_judge_assignments",
    "hearings",
    "import_rows",
    "import_row_issues",
)  # in an order that foreign keys allow
ENDED: Final = ("applied", "partial", "failed")
POLL_SECONDS: Final = 0.25
QUIET_SECONDS: Final = 5
BLOCK: Final = 1 << 20
PRELOAD: Final = "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'"
CALLS: Final = (
    "SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(total_exec_time), 0) / 1000"
    " FROM pg_stat_statements JOIN pg_database ON oid = dbid WHERE datname = 'core'"
)
LAST_WORKER: Final = "SELECT coalesce(max(id), 0) FROM procrastinate_workers"
SLOWEST: Final = (
    "SELECT round(total_exec_time) AS ms, calls, left(query, 110) FROM pg_stat_statements"
    " JOIN pg_database ON oid = dbid WHERE datname = 'core' ORDER BY 1 DESC LIMIT 25"
)


@dataclass(slots=True)
class Others:
    """Other requests, one after another; their seconds."""

    recorder: Recorder
    seconds: list[float] = field(default_factory=list)

    async def go_on(self) -> None:
        api = self.recorder.api.user(Role.ADMIN)
        while True:
            for path, query in (("/cases", {"limit": "50"}), ("/imports", {}), ("/courts", {})):
                started = perf_counter()
                (await api.get(path, **query)).raise_for_status()
                self.seconds.append(perf_counter() - started)
            await asyncio.sleep(POLL_SECONDS)

    @asynccontextmanager
    async def meanwhile(self) -> AsyncIterator[None]:
        self.seconds.clear()
        task = asyncio.create_task(self.go_on())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def p95_ms(self) -> float:
        return round(quantile(self.seconds, 0.95) * 1000, 1)


@dataclass(frozen=True, slots=True)
class Bench:
    """What one measurement needs."""

    postgres: EmbeddedPostgres
    url: str
    recorder: Recorder
    returns: ReturnsClient
    others: Others

    async def quiet_p95_ms(self) -> float:
        """Other requests while nothing is imported."""
        async with self.others.meanwhile():
            await asyncio.sleep(QUIET_SECONDS)
        return self.others.p95_ms()

    async def imported(self, content: bytes, rows: int) -> dict[str, Any]:
        """Send a file to a worker process and measure until it has ended."""
        settings = make_settings(as_service(self.url, SERVICE_ROLE))
        auth = self.recorder.api.auth
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            connection.execute("SELECT pg_stat_statements_reset()")
            before_it = self._last_worker()
            async with worker_process(settings, auth) as worker, self.others.meanwhile():
                await self._started(worker, before_it)
                before, started = usage(worker.pid), perf_counter()
                sent = (await self.returns.send(content, mode="apply")).json()
                batch = await self._ended(sent["id"], worker)
                seconds, used = perf_counter() - started, usage(worker.pid)
            calls, busy = connection.execute(CALLS).fetchone() or (0, 0)
            slowest = connection.execute(SLOWEST).fetchall()
        for line in slowest:
            print(*line)
        return {
            "batch": batch["id"],
            "counts": batch["counts"],
            "state": batch["state"],
            **_figures(seconds, used.less(before), rows),
            "statements_per_row": round(int(calls) / rows, 4),
            "server_seconds": round(float(busy), 2),
            "others_p95_ms": self.others.p95_ms(),
        }

    async def _started(self, worker: Process, before_it: int) -> None:
        """Until the worker takes jobs: its start is no part of an import."""
        while self._last_worker() == before_it:
            if worker.returncode is not None:
                raise RuntimeError(f"the worker has ended with {worker.returncode}")
            await asyncio.sleep(POLL_SECONDS)

    def _last_worker(self) -> int:
        with psycopg.connect(self.url) as connection:
            return int((connection.execute(LAST_WORKER).fetchone() or (0,))[0])

    async def _ended(self, batch_id: str, worker: Process) -> dict[str, Any]:
        while (batch := await self.returns.batch(batch_id))["state"] not in ENDED:
            if worker.returncode is not None:
                raise RuntimeError(f"the worker has ended with {worker.returncode}")
            await asyncio.sleep(POLL_SECONDS)
        return batch


def _figures(seconds: float, used: Usage, rows: int) -> dict[str, float]:
    return {
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "ms_per_row": round(seconds / rows * 1000, 3),
        "cpu_ms_per_row": round(used.cpu_seconds / rows * 1000, 3),
        "worker_mib": round(used.most_resident_mib),
    }


async def measure(postgres: EmbeddedPostgres, rows: int) -> dict[str, Any]:
    """An import, the same again with 1 % changed, and the COPY of what the first has left."""
    world = invent_world(SIZE.seed, SIZE.courts)
    url = await _database(postgres, "core", world)
    file = ReturnGenerator(world, SIZE, world.courts[100 : 100 + COURTS]).rows(rows)
    figures: dict[str, Any] = {"rows": rows}
    async with recording(url) as recorder:
        returns = ReturnsClient(recorder.core, recorder.api.user(Role.ADMIN))
        bench = Bench(postgres, url, recorder, returns, Others(recorder))
        figures["others_p95_ms"] = await bench.quiet_p95_ms()
        figures["imported"] = await bench.imported(file.content(), rows)
        # The same lists of many more cases.
        figures["others_p95_ms_afterwards"] = await bench.quiet_p95_ms()
        with tempfile.TemporaryDirectory() as folder:
            _export(url, Path(folder))
            bare = await _database(postgres, "core_bare", world)
            _copy_aliases(url, bare)
            figures["bare_copy"] = _figures(_load(bare, Path(folder)), Usage(0, 0), rows)
        figures["sent_again"] = await bench.imported(file.corrected().content(), rows)
    bare_seconds = figures["bare_copy"]["seconds"]
    figures["ratio"] = round(figures["imported"]["seconds"] / bare_seconds, 2)
    figures["ratio_sent_again"] = round(
        figures["sent_again"]["seconds"] / figures["imported"]["seconds"], 2
    )
    return figures


async def _database(postgres: EmbeddedPostgres, name: str, world: World) -> str:
    url = create_missing_database(postgres.url, name)
    make_service_role(url, SERVICE_ROLE)
    await prepare(url, SERVICE_ROLE)
    await add_world(url, world)
    return url


def _export(url: str, folder: Path) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table in TABLES:
            with (
                (folder / table).open("wb") as file,
                cursor.copy(f"COPY {table} TO STDOUT") as copy,
            ):
                for block in copy:
                    file.write(block)


def _copy_aliases(source: str, target: str) -> None:
    with psycopg.connect(source) as read, psycopg.connect(target) as write:
        copied = (
            write.cursor().copy("COPY aliases FROM STDIN"),
            read.cursor().copy("COPY aliases TO STDOUT"),
        )
        with copied[0] as into, copied[1] as out:
            for block in out:
                into.write(block)


def _load(url: str, folder: Path) -> float:
    """Seconds of loading every table, in one transaction, with keys and indexes as they are."""
    with psycopg.connect(url) as connection:
        started = perf_counter()
        with connection.cursor() as cursor:
            for table in TABLES:
                with (
                    (folder / table).open("rb") as file,
                    cursor.copy(f"COPY {table} FROM STDIN") as copy,
                ):
                    while block := file.read(BLOCK):
                        copy.write(block)
        connection.commit()
        return perf_counter() - started


async def profile(url_of: EmbeddedPostgres, rows: int) -> None:
    """Where the time of one import goes, in this process."""
    world = invent_world(SIZE.seed, SIZE.courts)
    url = await _database(url_of, "core", world)
    file = ReturnGenerator(world, SIZE, world.courts[100 : 100 + COURTS]).rows(rows)
    profiler = cProfile.Profile()
    async with recording(url) as recorder:
        returns = ReturnsClient(recorder.core, recorder.api.user(Role.ADMIN))
        for content in (file.content(), file.corrected().content()):
            sent = (await returns.send(content, mode="apply")).json()
            recorder.taken()
            started = perf_counter()
            profiler.enable()
            await recorder.core.get(BatchProcessing).run(UUID(sent["id"]))
            profiler.disable()
            print(f"{(perf_counter() - started) / rows * 1000:.3f} ms a row")
            _show(profiler)
            profiler = cProfile.Profile()


def _show(profiler: cProfile.Profile) -> None:
    for order, count in (("tottime", 35), ("cumtime", 70)):
        pstats.Stats(profiler).sort_stats(order).print_stats(count)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write bench/results/returns.json; `--profile` says where time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true")
    wanted = parser.parse_args(arguments)
    configure_logging("bench", "ERROR")
    run = Run.begin()
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "pg") as postgres:
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute(PRELOAD)
        postgres.stop()
        postgres.start()
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        if wanted.profile:
            asyncio.run(profile(postgres, wanted.rows))
        else:
            run.write("returns", asyncio.run(measure(postgres, wanted.rows)))


if __name__ == "__main__":
    main()
