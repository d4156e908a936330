"""The worker's own port: `/livez`, `/readyz` and `/metrics`, for probes and Prometheus alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from prometheus_client import Gauge
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from common.database import Database
from common.health import Health, livez, readyz
from common.metrics import metrics_endpoint

JOBS: Final = Gauge("core_jobs", "Jobs of the queue that have not ended", ["state"])
OLDEST: Final = Gauge("core_jobs_oldest_seconds", "Age of the job that has been due the longest")
STATES: Final = ("todo", "doing")
# Jobs that are to run later wait for their time and not for a worker.
COUNTED: Final = text(
    "SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),"
    " coalesce(extract(epoch FROM now() - min(due) FILTER (WHERE status = 'todo')), 0)::float8"
    " FROM (SELECT job.status, coalesce(job.scheduled_at, min(event.at)) AS due"
    " FROM procrastinate_jobs AS job"
    " LEFT JOIN procrastinate_events AS event ON event.job_id = job.id"
    " WHERE job.status IN ('todo', 'doing') AND coalesce(job.scheduled_at, now()) <= now()"
    " GROUP BY job.id) AS jobs"
)


class _Server(uvicorn.Server):
    """Leaves signals to the worker."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@dataclass(frozen=True, slots=True)
class QueueMetrics:
    """The metrics of the process, and of the queue as it is when they are read."""

    database: Database

    async def endpoint(self, request: Request) -> Response:
        """`/metrics`."""
        async with self.database.engine.connect() as connection:
            *counts, oldest = (await connection.execute(COUNTED)).one()
        for state, count in zip(STATES, counts, strict=True):
            JOBS.labels(state).set(count)
        OLDEST.set(oldest)
        return await metrics_endpoint(request)


@asynccontextmanager
async def answering(database: Database, host: str, port: int | None) -> AsyncIterator[None]:
    """Answer on this port, if there is one, for as long as the block runs."""
    if port is None:
        yield
        return
    app = Starlette(
        routes=[
            Route("/livez", livez),
            Route("/readyz", readyz),
            Route("/metrics", QueueMetrics(database).endpoint),
        ]
    )
    app.state.health = Health({"database": database.ping})
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(), name="worker-server")
    try:
        yield
    finally:
        server.should_exit = True
        await serving
