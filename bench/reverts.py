"""An import's revert compared with its application, on its own database.

python -m bench.reverts [--rows 20000] [--profile]

Each row is about another case, as on one day of the whole country, where a revert costs most: the
first file registers the cases, the second reports another day of each. A real worker process
applies both, and reverts the second, then the first.
"""

import argparse
import asyncio
import cProfile
import csv
import pstats
import tempfile
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final
from uuid import UUID

from bench.figures import Run
from bench.generate import Size, add_world
from bench.processes import usage
from bench.registry_sql import Recorder, recording
from bench.registry_world import invent_world
from bench.return_files import ReturnGenerator, ReturnLines

from common.database_creation import create_missing_database
from common.identity import Role
from common.logs import configure_logging
from core_service.access.actors import Actor
from core_service.migrations.preparation import prepare
from core_service.returns.processing import BatchProcessing
from core_service.returns.revert_job import RevertJob
from devstack.servers.postgres import EmbeddedPostgres
from testkit.core.api import Api
from testkit.core.processes import worker_process
from testkit.core.returns import ReturnsClient
from testkit.core.settings import make_settings
from testkit.databases import as_service, make_service_role

SIZE: Final = Size()
COURTS: Final = 5
SERVICE_ROLE: Final = "bench_core"
ENDED: Final = ("applied", "partial", "failed", "reverted")
POLL_SECONDS: Final = 0.1
KEY: Final = ("court", "caseid_type", "caseid_no", "filed_yyyy")
# More than a case has in the middle, so that there are cases enough.
ROWS_OF_CASE: Final = 14
WHY: Final = {"reason": "The file of another week"}


@dataclass(frozen=True, slots=True)
class Files:
    """Of the same cases: the first row of each, and the second."""

    first: ReturnLines
    second: ReturnLines

    @classmethod
    def of(cls, file: ReturnLines, cases: int) -> "Files":
        """From the rows of many days."""
        by_case: dict[tuple[str, ...], list[tuple[date, str]]] = defaultdict(list)
        cells = csv.DictReader([file.header, *file.lines])
        for day, line, row in zip(file.days, file.lines, cells, strict=True):
            case = by_case[tuple(row[name] for name in KEY)]
            if not case or case[-1][0] != day:
                case.append((day, line))
        several = [case for case in by_case.values() if len(case) > 1][:cases]
        return cls(*(_file(file.header, [case[place] for case in several]) for place in (0, 1)))


def _file(header: str, rows: Sequence[tuple[date, str]]) -> ReturnLines:
    in_order = sorted(rows)
    return ReturnLines(header, [day for day, _ in in_order], [line for _, line in in_order])


@dataclass(frozen=True, slots=True)
class Bench:
    """What one measurement needs."""

    recorder: Recorder
    returns: ReturnsClient
    admin: Api

    async def measured(self, batch_id: str, rows: int, worker: Process) -> dict[str, Any]:
        """Wait until a batch has ended, and say what that took."""
        before, started = usage(worker.pid), perf_counter()
        while (batch := await self.returns.batch(batch_id))["state"] not in ENDED:
            if worker.returncode is not None:
                raise RuntimeError(f"the worker has ended with {worker.returncode}")
            await asyncio.sleep(POLL_SECONDS)
        seconds, used = perf_counter() - started, usage(worker.pid)
        return {
            "state": batch["state"],
            "counts": {name: count for name, count in batch["counts"].items() if count},
            "seconds": round(seconds, 2),
            "ms_per_row": round(seconds / rows * 1000, 3),
            "cpu_ms_per_row": round(used.less(before).cpu_seconds / rows * 1000, 3),
            "worker_mib": round(used.most_resident_mib),
        }

    async def send(self, file: ReturnLines) -> str:
        sent: dict[str, Any] = (await self.returns.send(file.content(), mode="apply")).json()
        return str(sent["id"])

    async def order_revert(self, batch_id: str) -> None:
        (await self.admin.post(f"/imports/{batch_id}/revert", WHY)).raise_for_status()


async def measure(url: str, files: Files) -> dict[str, Any]:
    """Both files applied, then both reverted."""
    rows = len(files.first.lines)
    figures: dict[str, Any] = {"rows": rows}
    async with recording(url) as recorder:
        admin = recorder.api.user(Role.ADMIN)
        bench = Bench(recorder, ReturnsClient(recorder.core, admin), admin)
        settings = make_settings(as_service(url, SERVICE_ROLE))
        async with worker_process(settings, recorder.api.auth) as worker:
            batches = {}
            for name, file in (("first", files.first), ("second", files.second)):
                batches[name] = await bench.send(file)
                figures[f"{name}_applied"] = await bench.measured(batches[name], rows, worker)
            for name, batch_id in reversed(batches.items()):
                started = perf_counter()
                await bench.order_revert(batch_id)
                ordered = round(perf_counter() - started, 2)
                figures[f"{name}_reverted"] = {
                    "order_seconds": ordered,
                    **await bench.measured(batch_id, rows, worker),
                }
    return figures


async def profile(url: str, files: Files) -> None:
    """Where the time of the reverts goes, in this process."""
    async with recording(url) as recorder:
        admin = recorder.api.user(Role.ADMIN)
        bench = Bench(recorder, ReturnsClient(recorder.core, admin), admin)
        batches = [await bench.send(file) for file in (files.first, files.second)]
        rows = len(files.first.lines)
        for batch_id in batches:
            await recorder.core.get(BatchProcessing).run(UUID(batch_id))
        for batch_id in reversed(batches):
            await bench.order_revert(batch_id)
            profiler, started, cpu = cProfile.Profile(), perf_counter(), process_time()
            profiler.enable()
            await recorder.core.get(RevertJob).run(
                UUID(batch_id), WHY["reason"], Actor(admin.user_id)
            )
            profiler.disable()
            print(f"{(perf_counter() - started) / rows * 1000:.3f} ms a row,", end=" ")
            print(f"{(process_time() - cpu) / rows * 1000:.3f} of them this process")
            for order, count in (("tottime", 25), ("cumtime", 60)):
                pstats.Stats(profiler).sort_stats(order).print_stats(count)


async def prepared(postgres: EmbeddedPostgres, rows: int) -> tuple[str, Files]:
    """A registry with courts and judges, and the files."""
    world = invent_world(SIZE.seed, SIZE.courts)
    url = create_missing_database(postgres.url, "core")
    make_service_role(url, SERVICE_ROLE)
    await prepare(url, SERVICE_ROLE)
    await add_world(url, world)
    file = ReturnGenerator(world, SIZE, world.courts[100 : 100 + COURTS]).rows(rows * ROWS_OF_CASE)
    return url, Files.of(file, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write bench/results/reverts.json; `--profile` says where time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true")
    wanted = parser.parse_args(arguments)
    configure_logging("bench", "ERROR")
    run = Run.begin()
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "pg") as postgres:
        url, files = asyncio.run(prepared(postgres, wanted.rows))
        if wanted.profile:
            asyncio.run(profile(url, files))
        else:
            run.write("reverts", asyncio.run(measure(url, files)))


if __name__ == "__main__":
    main()
