"""Metrics that are read from the database at intervals, so that no scrape waits for it.

Without the database the last values stay; `metrics_sampled_timestamp_seconds` tells their age.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Self

from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from common.database import Database

SAMPLE_SECONDS: Final = 15.0
TIMEOUT_SECONDS: Final = 5.0
SAMPLED: Final = Gauge(
    "metrics_sampled_timestamp_seconds", "When metrics were last read from the database"
)
# Jobs that are to run later wait for their time and not for a worker.
JOBS: Final = text(
    "SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),"
    " coalesce(extract(epoch FROM now() - min(due) FILTER (WHERE status = 'todo')), 0)::float8"
    " FROM (SELECT job.status, coalesce(job.scheduled_at, min(event.at)) AS due"
    " FROM procrastinate_jobs AS job"
    " LEFT JOIN procrastinate_events AS event ON event.job_id = job.id"
    " WHERE job.status IN ('todo', 'doing') AND coalesce(job.scheduled_at, now()) <= now()"
    " GROUP BY job.id) AS jobs"
)
Sample = Callable[[AsyncConnection], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sampler:
    """Reads samples one after the other; run it every `SAMPLE_SECONDS`."""

    database: Database
    samples: tuple[Sample, ...]

    async def run(self) -> None:
        """Read all. Raises when the database does not answer in time."""
        async with asyncio.timeout(TIMEOUT_SECONDS), self.database.engine.connect() as connection:
            for sample in self.samples:
                await sample(connection)
        SAMPLED.set_to_current_time()


@dataclass(frozen=True, slots=True)
class QueueMetrics:
    """Jobs of the database's queue that have not ended."""

    jobs: Gauge
    oldest: Gauge

    @classmethod
    def named(cls, name: str) -> Self:
        """The gauges `<name>` and `<name>_oldest_seconds`."""
        return cls(
            Gauge(name, "Jobs of the queue that have not ended", ["state"]),
            Gauge(f"{name}_oldest_seconds", "Age of the job that has been due the longest"),
        )

    async def sample(self, connection: AsyncConnection) -> None:
        """Read them."""
        todo, running, oldest = (await connection.execute(JOBS)).one()
        self.jobs.labels("todo").set(todo)
        self.jobs.labels("doing").set(running)
        self.oldest.set(oldest)
