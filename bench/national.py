"""Figures at national size: cold, warm, and while a writer works; and what the write pays.

python -m bench.national --cases 200000 2000000
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
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
from core_service.metrics.figures import Dimension, Selection
from core_service.metrics.folding import CaseloadFolding
from core_service.metrics.frame import Figure
from core_service.metrics.matrix import Matrix, MatrixColumn
from core_service.metrics.questions import FigureQuery, SettledQuery, settle
from core_service.metrics.service import FigureService
from core_service.metrics.stored import FigureAnswers, StoredAnswers
from core_service.migrations.preparation import prepare
from core_service.migrations.totals import FILL
from core_service.wiring import wire
from devstack.servers.postgres import EmbeddedPostgres
from testkit.core.settings import make_settings

TIMES: Final = 20
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
# One event more of cases that are there, as an import writes them.
COPIED: Final = """
INSERT INTO case_status_events
  (id, case_id, court_id, case_type_id, kind, effective_on, recorded_at)
SELECT uuidv7(), id, court_id, case_type_id, 'reopened', DATE '2025-03-03', now()
FROM cases ORDER BY id LIMIT %s
"""


@contextmanager
def database(folder: Path, cases: int) -> Iterator[str]:
    """A database of this size on its own server, deleted afterwards."""
    home = Path(tempfile.mkdtemp(prefix=f"national-{cases}-", dir=folder))
    try:
        with EmbeddedPostgres(home, durable=False) as server:
            url = create_missing_database(server.url, "national")
            asyncio.run(prepare(url))
            make(url, cases, FILL)
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def figure_times(core: Units, figure: Figure) -> dict[str, dict[str, float]]:
    """Milliseconds of each question: counted, and given again."""
    found = {}
    for name, query in QUERIES.items():
        stored = core.get(StoredAnswers)

        async def count(query: FigureQuery = query, stored: StoredAnswers = stored) -> None:
            stored.answers.clear()
            await read(core, figure, query)

        async def again(query: FigureQuery = query) -> None:
            await read(core, figure, query)

        first = await timed(count, 1)
        counted = await timed(count, 5)
        warm = await timed(again, TIMES)
        found[name] = {
            "first_ms": first[0],
            "cold_ms": quantile(counted, 0.5),
            "warm_ms": quantile(warm, 0.5),
            "warm_p95_ms": quantile(warm, 0.95),
        }
    return found


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
    """One answer, as the endpoint gives it."""
    async with core.view() as view:
        settled = settle(query, core.get(CourtCalendar))
        return await view.get(FigureAnswers).read(figure, settled, ALL)


async def timed(what: Callable[[], Awaitable[None]], times: int) -> list[float]:
    """How many milliseconds each run took."""
    taken = []
    for _ in range(times):
        started = perf_counter()
        await what()
        taken.append(round((perf_counter() - started) * 1000, 1))
    return taken


def price_of_writing(url: str) -> dict[str, float]:
    """What a bulk write of events takes with the triggers, and without those of figures."""
    with psycopg.connect(url) as connection:
        without: list[float] = []
        with_them: list[float] = []
        for _ in range(3):
            for taken, state in ((without, "DISABLE"), (with_them, "ENABLE")):
                connection.execute(f"ALTER TABLE case_status_events {state} TRIGGER USER")
                started = perf_counter()
                connection.execute(COPIED, [EVENTS])
                taken.append((perf_counter() - started) * 1000)
                connection.rollback()
    return {
        "without_ms": round(min(without), 1),
        "with_ms": round(min(with_them), 1),
        "ratio": round(min(with_them) / min(without), 2),
    }


async def while_writing(core: Units, url: str) -> dict[str, float]:
    """A national year while a writer adds events and commits all the time."""
    stop, taken = asyncio.Event(), []

    async def write() -> None:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            while not stop.is_set():
                await connection.execute(COPIED, [500])
                await connection.commit()

    writer = asyncio.create_task(write())
    for _ in range(TIMES):
        started = perf_counter()
        await read(core, FIGURES[0], YEAR)
        taken.append(round((perf_counter() - started) * 1000, 1))
        await asyncio.sleep(0.05)
    stop.set()
    await writer
    started = perf_counter()
    folded = await core.get(CaseloadFolding).fold()
    return {
        "median_ms": quantile(taken, 0.5),
        "p95_ms": quantile(taken, 0.95),
        "deltas_folded": folded,
        "fold_ms": round((perf_counter() - started) * 1000, 1),
    }


async def measure(url: str) -> dict[str, Any]:
    """All figures on one database."""
    core = wire(make_settings(url), FrozenClock(NOW))
    try:
        figures = {figure.name: await figure_times(core, figure) for figure in FIGURES}
        lists = await list_times(core)
        return {
            "figures": figures,
            "lists_ms": lists,
            "while_writing": await while_writing(core, url),
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
            for kind in ("cold_ms", "warm_ms"):
                before = small["figures"][figure][question][kind]
                found[f"{figure}, {question}, {kind}"] = round(times[kind] / before, 2)
    for name, taken in large["lists_ms"].items():
        found[f"list of {name}"] = round(taken / small["lists_ms"][name], 2)
    return found


if __name__ == "__main__":
    main()
