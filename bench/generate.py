"""Fills a registry with invented cases, as many as wanted and the same every time.

python -m bench.generate --database-url postgresql://… --cases 200000 --activities 1000000

The database has been migrated; courts and judges are added to it. Each chunk of cases is one
transaction, loaded by COPY, and chunks are made on all cores. As a superuser foreign keys are not
checked again for every row.
"""

import argparse
import asyncio
import math
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate, islice
from multiprocessing import get_context
from random import Random
from time import perf_counter
from typing import Final
from uuid import UUID

import psycopg
from bench.registry_histories import SATURDAY, Filing
from bench.registry_state import TABLES, Affair, Registrar, Row
from bench.registry_world import InventedCourt, Register, World, invent_world
from psycopg import sql

from common.clock import SystemClock
from common.database import Database
from core_service.reference.models import Court, Judge
from core_service.reference.seed import Seeding

CHUNK: Final = 1000
ROWS_PER_FILING: Final = 9.9
TRANSFERRED: Final = 0.01
# The number of cases filed in a year grows by this each year.
GROWTH: Final = 1.08
QUANTILES: Final = 1000
RAW: Final = argparse.RawDescriptionHelpFormatter


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make, of what, until when."""

    cases: int = 200_000
    activities: int = 1_000_000
    courts: int = 200
    seed: int = 20250203
    first_year: int = 2014
    until: date = date(2026, 6, 30)


@dataclass(slots=True)
class Intake:
    """Takes in filings by their dates; numbers of each register count from 1 every year."""

    size: Size
    world: World
    chance: Random = field(init=False)
    lengths: list[int] = field(init=False)
    serials: Counter[tuple[UUID, str, int]] = field(default_factory=Counter)
    count: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.size.seed)
        self.lengths = _lengths(self.size.activities / self.size.cases, self.chance)

    def affairs(self) -> Iterator[Affair]:
        """Every case of this size."""
        shares = list(accumulate(self.world.shares))
        while self.count < self.size.cases:
            (court,) = self.chance.choices(self.world.courts, cum_weights=shares)
            (register,) = self.chance.choices(court.registers, court.shares)
            on = _filing_day(self.size, self.count)
            sent_on = self._sending_day(on)
            there = self._elsewhere(court, register) if sent_on is not None else None
            if there is None:
                yield Affair(self._file(court, register, on))
            else:
                left = replace(self._file(court, register, on), sent_on=sent_on)
                onward = self._file(there, register, sent_on or on)
                yield Affair(left, replace(onward, received=True, registered=False))

    def _file(self, court: InventedCourt, register: Register, on: date) -> Filing:
        series = (court.id, register.caseid_type, on.year)
        self.serials[series] += 1
        rows = self.lengths[self.count % QUANTILES]
        # Cases older than the returns were never registered by one of their rows.
        registered = self.chance.random() < sum(self.lengths) / QUANTILES / ROWS_PER_FILING
        self.count += 1
        return Filing(self.count, court, register, self.serials[series], on, rows, registered)

    def _sending_day(self, filed_on: date) -> date | None:
        on = filed_on + timedelta(days=self.chance.randint(30, 300))
        sent = self.chance.random() < TRANSFERRED and self.count + 2 <= self.size.cases
        return on if sent and on <= self.size.until else None

    def _elsewhere(self, court: InventedCourt, register: Register) -> InventedCourt | None:
        """Another court that keeps such a register."""
        others = [
            each for each in self.world.courts if each != court and register in each.registers
        ]
        return self.chance.choice(others) if others else None


def _filing_day(size: Size, place: int) -> date:
    """The day by which this many cases had been filed, when each year brings more."""
    first = date(size.first_year, 1, 1)
    years = (size.until - first).days / 365.25
    share = place / size.cases
    years_on = math.log(1 + share * (GROWTH**years - 1), GROWTH)
    day = first + timedelta(days=int(years_on * 365.25))
    return max(first, day - timedelta(days=max(0, day.weekday() - SATURDAY + 1)))


def _lengths(mean: float, chance: Random) -> list[int]:
    """How many rows cases have: exponentially many short ones; exactly this many on average."""
    lengths = [
        max(1, round(-math.log(1 - (place + 0.5) / QUANTILES) * mean)) for place in range(QUANTILES)
    ]
    over = sum(lengths) - round(mean * QUANTILES)
    for place in range(abs(over)):
        lengths[QUANTILES - 1 - place % (QUANTILES // 2)] -= 1 if over > 0 else -1
    chance.shuffle(lengths)
    return lengths


def generate(url: str, size: Size) -> dict[str, int]:
    """Fill a migrated database; gives the rows by table."""
    world = invent_world(size.seed, size.courts)
    asyncio.run(add_world(url, world))
    workers = min(os.cpu_count() or 1, max(1, size.cases // CHUNK))
    if workers == 1:
        counts = [_load_share((url, size, 0, 1))]
    else:
        shares = [(url, size, worker, workers) for worker in range(workers)]
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            counts = list(pool.map(_load_share, shares))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)


async def add_world(url: str, world: World) -> None:
    """Seed the courts and judges."""
    database = Database.connect(url, pool_size=1)
    try:
        async with database.transaction() as session:
            seeding = Seeding(session, SystemClock())
            await seeding.add(Court, list(world.court_rows()))
            await seeding.add(Judge, list(world.judge_rows))
    finally:
        await database.close()


def _load_share(share: tuple[str, Size, int, int]) -> Counter[str]:
    """Load every so manieth chunk; all workers go through all filings, which takes seconds."""
    url, size, worker, workers = share
    world = invent_world(size.seed, size.courts)
    loaded: Counter[str] = Counter()
    affairs = Intake(size, world).affairs()
    chunks = iter(lambda: list(islice(affairs, CHUNK)), [])
    with psycopg.connect(url) as connection:
        _trust(connection)
        for chunk in islice(chunks, worker, None, workers):
            registrar = Registrar(world.words, size.until, size.seed)
            for affair in chunk:
                registrar.enter(affair)
            _copy(connection, registrar.rows)
            loaded.update({name: len(rows) for name, rows in registrar.rows.items()})
    return loaded


def _trust(connection: psycopg.Connection) -> None:
    """Check no foreign keys row by row, where the account may decide that."""
    with suppress(psycopg.errors.InsufficientPrivilege):
        connection.execute("SET session_replication_role = replica")
    connection.commit()


def _copy(connection: psycopg.Connection, rows: Mapping[str, Sequence[Row]]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        for table in filter(rows.get, TABLES):
            names = sql.SQL(", ").join(map(sql.Identifier, rows[table][0]))
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            with cursor.copy(statement) as copy:
                for row in rows[table]:
                    copy.write_row(tuple(row.values()))


def main() -> None:
    """Read the command line and fill the database."""
    size = Size()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RAW)
    parser.add_argument("--database-url", required=True)
    for name in ("cases", "activities", "courts", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(size, name))
    wanted = vars(parser.parse_args())
    url = wanted.pop("database_url")
    started = perf_counter()
    loaded = generate(url, Size(**wanted))
    print(f"{loaded} in {perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
