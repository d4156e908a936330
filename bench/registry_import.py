"""Rows a second of an import's two passes, on its own database.

python -m bench.registry_import [--rows 5000] [--profile]
"""

import argparse
import asyncio
import cProfile
import pstats
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import psycopg
from bench.figures import Run
from bench.generate import Size, add_world
from bench.registry_return import write_return
from bench.registry_sql import recording
from bench.registry_world import invent_world

from common.database_creation import create_missing_database
from common.identity import Role
from common.logs import configure_logging
from core_service.migrations.preparation import prepare
from devstack.servers.postgres import EmbeddedPostgres
from testkit.core.returns import ReturnsClient

SIZE: Final = Size(cases=20_000, activities=100_000)
BARE: Final = "COPY bare (row) FROM STDIN"


async def measure(url: str, rows: int, profile: cProfile.Profile | None) -> dict[str, Any]:
    """Validate a file of new cases, apply it, and send the same rows again as another file."""
    world = invent_world(SIZE.seed, SIZE.courts)
    await prepare(url)
    await add_world(url, world)
    content = write_return(world, SIZE, world.courts[100], rows)
    figures: dict[str, Any] = {"rows": rows, "bare_copy_seconds": _bare(url, content)}
    async with recording(url) as recorder:
        returns = ReturnsClient(recorder.core, recorder.api.user(Role.ADMIN))
        sent = (await returns.send(content, mode="validate")).json()
        if profile is not None:
            profile.enable()
        figures["validated"] = await _work(recorder, returns, sent["id"], rows)
        await returns.api.post(f"/imports/{sent['id']}/apply")
        figures["applied"] = await _work(recorder, returns, sent["id"], rows)
        if profile is not None:
            profile.disable()
        # One byte more, since a file that is the same is refused; both passes, as one goes on.
        again = (await returns.send(content + b"\n", mode="apply")).json()
        figures["sent_again"] = await _work(recorder, returns, again["id"], rows)
        figures["counts"] = (await returns.batch(sent["id"]))["counts"]
    return figures


async def _work(
    recorder: Any, returns: ReturnsClient, batch_id: str, rows: int
) -> dict[str, float]:
    recorder.taken()
    started, busy = perf_counter(), process_time()
    await returns.work(batch_id)
    seconds, busy = perf_counter() - started, process_time() - busy
    statements = len(recorder.taken())
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(busy, 2),
        "rows_per_second": round(rows / seconds),
        "statements_per_row": round(statements / rows, 2),
    }


def _bare(url: str, content: bytes) -> float:
    """The same lines by COPY into a table without keys."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare (row text)")
        started = perf_counter()
        with connection.cursor() as cursor, cursor.copy(BARE) as copy:
            for line in content.decode().splitlines():
                copy.write_row((line,))
        return round(perf_counter() - started, 3)


def main() -> None:
    """Measure and write bench/results/registry_import.json; `--profile` says where time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--profile", action="store_true")
    wanted = parser.parse_args()
    configure_logging("bench", "ERROR")
    run = Run.begin()
    profile = cProfile.Profile() if wanted.profile else None
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "pg") as postgres:
        url = create_missing_database(postgres.url, "core")
        run.write("registry_import", asyncio.run(measure(url, wanted.rows, profile)))
    if profile is not None:
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
