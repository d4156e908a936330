"""Figures at national size: cold, warm, and while a writer works; and what the write pays.

python -m bench.national --cases 200000 2000000
"""

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final
from uuid import UUID

import psycopg
from bench.figures import Run, quantile
from bench.national_data import make
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units, session_of
from common.database_creation import create_missing_database
from common.logs import configure_logging
from common.pages import PageRequest
from core_service.cases.visibility import ALL
from core_service.court_calendar import CourtCalendar
from core_service.metrics.catalogue import FIGURES
from core_service.metrics.errors import BeingCounted
from core_service.metrics.figures import Dimension, Selection
from core_service.metrics.folding import CaseloadFolding
from core_service.metrics.frame import Figure
from core_service.metrics.matrix import Matrix, MatrixColumn
from core_service.metrics.questions import FigureQuery, SettledQuery, settle
from core_service.metrics.service import FigureService
from core_service.metrics.stored import FigureAnswers, StoredAnswers
from core_service.migrations.preparation import prepare
from core_service.wiring import wire
from devstack.servers.postgres import EmbeddedPostgres
from testkit.core.settings import make_settings

TIMES: Final = 20
COLD_TIMES: Final = 1  # after one that is not measured
MATRIX: Final = Matrix()
NOW: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
YEAR: Final = FigureQuery(first=date(2025, 1, 1), last=date(2025, 12, 31))
QUERIES: Final = {
    "year by court and category": YEAR,
    "fiscal year so far": FigureQuery(),
    "year by month": replace(YEAR, group_by=(Dimension.MONTH,)),
    "year as known a month ago": replace(YEAR, known_on=date(2026, 5, 1)),
}
EVENTS: Final = 20_000
# One event more of cases that are there, as an import writes them. OFFSET 0: the courts' cases are
# looked for first, and not all cases by ID until enough are of these courts.
COPIED: Final = """
INSERT INTO case_status_events
  (id, case_id, court_id, case_type_id, kind, effective_on, recorded_at)
SELECT uuidv7(), id, court_id, case_type_id, 'reopened', DATE '2025-03-03', now()
FROM (SELECT * FROM cases WHERE court_id = ANY(%s::uuid[]) OFFSET 0) c ORDER BY id LIMIT %s
"""
# An activity more of each, which is adjourned.
ACTIVITIES: Final = """
INSERT INTO case_activities (id, created_at, updated_at, version, case_id, activity_on, seq,
  activity_type_id, outcome_id, applicant_witnesses, defendant_witnesses, source_kind, content_hash)
SELECT uuidv7(), now(), now(), 1, c.id, DATE '2025-03-03', 100 + %s, t.id, o.id, 0, 0, 'import', ''
FROM (SELECT id FROM cases WHERE court_id = %s OFFSET 0) c
CROSS JOIN (SELECT id FROM activity_types WHERE adjournable ORDER BY id LIMIT 1) t
CROSS JOIN (SELECT id FROM outcomes WHERE effect = 'adjourn' ORDER BY id LIMIT 1) o
ORDER BY c.id LIMIT %s
"""
AT_ONCE: Final = 500
COURTS: Final = "SELECT court_id FROM cases GROUP BY court_id ORDER BY count(*) DESC"


@contextmanager
def database(folder: Path, cases: int) -> Iterator[str]:
    """A database of this size on its own server, deleted afterwards."""
    home = Path(tempfile.mkdtemp(prefix=f"national-{cases}-", dir=folder))
    try:
        with EmbeddedPostgres(home, durable=False) as server:
            url = create_missing_database(server.url, "national")
            asyncio.run(prepare(url))
            make(url, cases)
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Processor:
    """What this process and the server have used of it; on a busy machine, elapsed time says less.

    The time of processes that have ended is with the one that began them.
    """

    postmaster: int

    @classmethod
    def of(cls, url: str) -> "Processor":
        """That of this server."""
        with psycopg.connect(url) as connection:
            (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        return cls(int((Path(folder) / "postmaster.pid").read_text().split()[0]))

    def used_ms(self) -> float:
        """So far."""
        ticks = 0
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
            except OSError:  # it has ended
                continue
            if int(status.parent.name) == self.postmaster:
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == self.postmaster:
                ticks += sum(map(int, fields[11:13]))
        return ticks * 1000 / os.sysconf("SC_CLK_TCK") + process_time() * 1000

    async def timed(self, what: Callable[[], Awaitable[object]], times: int) -> dict[str, float]:
        """Elapsed and processor time of each run, in milliseconds."""
        before = self.used_ms()
        taken = await timed(what, times)
        used = round((self.used_ms() - before) / times, 1)
        return {"ms": quantile(taken, 0.5), "p95_ms": quantile(taken, 0.95), "cpu_ms": used}


async def figure_times(
    core: Units, figure: Figure, processor: Processor
) -> dict[str, dict[str, float]]:
    """Milliseconds of each question: counted, and given again."""
    found: dict[str, dict[str, float]] = {}
    for name, wanted in QUERIES.items():
        stored, query = core.get(StoredAnswers), of_figure(figure, wanted)

        async def count(query: FigureQuery = query, stored: StoredAnswers = stored) -> None:
            for key in list(stored.answers):
                stored.drop(key)
            await read(core, figure, query)

        async def again(query: FigureQuery = query) -> None:
            await read(core, figure, query)

        await count()
        for kind, what, times in (("cold", count, COLD_TIMES), ("warm", again, TIMES)):
            taken = await processor.timed(what, times)
            found.setdefault(name, {}).update(
                {f"{kind}_{each}": value for each, value in taken.items()}
            )
        print(figure.name, name, found[name], flush=True)  # what is measured before it is stopped
    return found


def of_figure(figure: Figure, query: FigureQuery) -> FigureQuery:
    """The question by those groups that the figure is wanted for by default."""
    by_both = query.group_by == (Dimension.COURT, Dimension.CATEGORY)
    return replace(query, group_by=figure.group_by) if by_both else query


async def list_times(core: Units) -> dict[str, float]:
    """Milliseconds of the first page of lists behind the matrix, of one court and of all."""
    settled = settle(YEAR, core.get(CourtCalendar))
    settled = replace(settled, moment=replace(settled.moment, known_at=NOW, month_known_at=NOW))
    found = {}
    async with core.view() as view:
        connection = await session_of(view).connection()
        court_id = (await connection.execute(text("SELECT min(id::text) FROM courts"))).scalar_one()
    one_court = replace(settled, selection=Selection(court_id=UUID(court_id)))
    for name, query in {"one court": one_court, "all courts": settled}.items():
        for column in (MatrixColumn.NEW, MatrixColumn.END_ACTIVE):

            async def page(query: SettledQuery = query, column: MatrixColumn = column) -> None:
                async with core.view() as view:
                    service = view.get(FigureService)
                    await service.cases(MATRIX, query, column, ALL, PageRequest())

            found[f"{column.value}, {name}"] = quantile(await timed(page, 5), 0.5)
    return found


async def read(core: Units, figure: Figure, query: FigureQuery) -> bytes:
    """One answer, as the endpoint gives it to those who ask until it is counted."""
    while True:
        async with core.view() as view:
            settled = settle(query, core.get(CourtCalendar))
            with suppress(BeingCounted):
                return await view.get(FigureAnswers).read(figure, settled, ALL)


async def timed(what: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """How many milliseconds each run took."""
    taken = []
    for _ in range(times):
        started = perf_counter()
        await what()
        taken.append(round((perf_counter() - started) * 1000, 1))
    return taken


def price_of_writing(url: str) -> dict[str, float]:
    """What a bulk write of events and activities takes with the triggers, and without them."""
    with psycopg.connect(url) as connection:
        courts = [each for (each,) in connection.execute(COURTS)]
        without: list[float] = []
        with_them: list[float] = []
        for _ in range(3):
            for taken, state in ((without, "DISABLE"), (with_them, "ENABLE")):
                for table in ("case_status_events", "case_activities"):
                    connection.execute(f"ALTER TABLE {table} {state} TRIGGER USER")
                started = perf_counter()
                connection.execute(COPIED, [courts, EVENTS])
                connection.execute(ACTIVITIES, [0, courts[0], EVENTS])
                taken.append((perf_counter() - started) * 1000)
                connection.rollback()
    return {
        "without_ms": round(min(without), 1),
        "with_ms": round(min(with_them), 1),
        "ratio": round(min(with_them) / min(without), 2),
    }


@dataclass(slots=True)
class Importing:
    """Writes what an import of one court's return does, a court after another."""

    connection: psycopg.AsyncConnection
    courts: Sequence[UUID]
    chunks: int = 0

    async def write(self, court: int) -> None:
        """One chunk: 500 events and 500 activities of one court."""
        court_id = self.courts[court % len(self.courts)]
        self.chunks += 1
        await self.connection.execute(COPIED, [[court_id], AT_ONCE])
        await self.connection.execute(ACTIVITIES, [self.chunks, court_id, AT_ONCE])
        await self.connection.commit()


async def while_writing(core: Units, url: str, processor: Processor) -> dict[str, Any]:
    """A national year of each figure, of which each read is the first after a commit; and while a
    writer commits all the time.
    """
    found: dict[str, Any] = {}
    async with await psycopg.AsyncConnection.connect(url) as connection:
        courts = [each for (each,) in await (await connection.execute(COURTS)).fetchall()]
        importing = Importing(connection, courts)
        for figure in FIGURES:
            query = of_figure(figure, YEAR)
            await read(core, figure, query)
            taken = []
            for n in range(TIMES):  # from the largest court to the smallest
                await importing.write(n * len(courts) // TIMES)
                taken.append(await processor.timed(partial(read, core, figure, query), 1))
            found[figure.name] = {
                **{
                    f"after_a_commit_{name}": quantile([each[name] for each in taken], 0.5)
                    for name in ("ms", "cpu_ms")
                },
                "largest_court_cpu_ms": taken[0]["cpu_ms"],
                **await _importing(core, importing, figure, query),
            }
            print(figure.name, found[figure.name], flush=True)
    started = perf_counter()
    folded = await core.get(CaseloadFolding).fold()
    fold_ms = round((perf_counter() - started) * 1000, 1)
    return {"figures": found, "deltas_folded": folded, "fold_ms": fold_ms}


async def _importing(
    core: Units, importing: Importing, figure: Figure, query: FigureQuery
) -> dict[str, float]:
    """Reads while the writer never pauses."""
    stop, taken = asyncio.Event(), []

    async def write() -> None:
        while not stop.is_set():
            await importing.write(importing.chunks)

    writer = asyncio.create_task(write())
    for _ in range(TIMES):
        await asyncio.sleep(0.05)
        taken += await timed(partial(read, core, figure, query), 1)
    stop.set()
    await writer
    return {"importing_ms": quantile(taken, 0.5), "importing_p95_ms": quantile(taken, 0.95)}


async def measure(url: str) -> dict[str, Any]:
    """All figures on one database."""
    core, processor = wire(make_settings(url), FrozenClock(NOW)), Processor.of(url)
    try:
        figures = {figure.name: await figure_times(core, figure, processor) for figure in FIGURES}
        lists = await list_times(core)
        return {
            "figures": figures,
            "lists_ms": lists,
            "while_writing": await while_writing(core, url, processor),
        }
    finally:
        await core.close()


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[200_000, 2_000_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--name", default="national")
    arguments = parser.parse_args()
    configure_logging("bench", "ERROR")
    run, sizes = Run.begin(), {}
    for cases in arguments.cases:
        started = perf_counter()
        with database(arguments.folder, cases) as url:
            made = round(perf_counter() - started)
            sizes[str(cases)] = {"made_in_seconds": made, "writing": price_of_writing(url)}
            sizes[str(cases)] |= asyncio.run(measure(url))
    results: dict[str, Any] = {"cases": sizes}
    small, *larger = sizes.values()
    if larger:
        results["growth"] = growth(small, larger[-1])
    run.write(arguments.name, results)


def growth(small: dict[str, Any], large: dict[str, Any]) -> dict[str, float]:
    """How many times as long each question takes on the larger database."""
    found = {}
    for figure, questions in large["figures"].items():
        for question, times in questions.items():
            for kind in ("cold_ms", "cold_cpu_ms", "warm_ms"):
                before = small["figures"][figure][question][kind]
                found[f"{figure}, {question}, {kind}"] = round(times[kind] / before, 2)
    for name, taken in large["lists_ms"].items():
        found[f"list of {name}"] = round(taken / small["lists_ms"][name], 2)
    return found


if __name__ == "__main__":
    main()
