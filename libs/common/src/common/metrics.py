"""Prometheus metrics that every service has; each feature defines its own next to its code."""

import time
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from common.caching import NO_STORE

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS: Final = Counter(
    "http_requests_total", "Requests served", ["service", "method", "route", "status"]
)
LATENCY: Final = Histogram(
    "http_request_duration_seconds",
    "Time to serve",
    ["service", "method", "route"],
    buckets=BUCKETS,
)
IN_FLIGHT: Final = Gauge("http_requests_in_flight", "Requests that are being served")
IN_FLIGHT_LIMIT: Final = Gauge(
    "http_requests_in_flight_limit", "Requests in flight beyond which others are refused"
)
DEPENDENCY_UP: Final = Gauge(
    "dependency_up", "Whether a dependency answered the last check of /readyz", ["dependency"]
)
CONNECTIONS: Final = Gauge("database_connections", "Connections of the pool", ["state"])
CONNECTIONS_LIMIT: Final = Gauge(
    "database_connections_limit", "Connections that the pool opens at most"
)
DATABASE_ERRORS: Final = Counter(
    "database_errors_total", "Errors of Postgres by class of SQLSTATE", ["sqlstate_class"]
)
CLOCK: Final = Gauge("process_clock_seconds", "The clock of the process when it was scraped")
CLOCK.set_function(time.time)


def observe_pool(engine: AsyncEngine) -> None:
    """Show the use of an engine's pool; nothing is asked of the server."""
    pool = engine.pool
    if not isinstance(pool, QueuePool):
        return
    CONNECTIONS.labels("in_use").set_function(pool.checkedout)
    CONNECTIONS.labels("idle").set_function(pool.checkedin)
    CONNECTIONS_LIMIT.set(pool.size() + pool._max_overflow)  # noqa: SLF001 - it has no other name


async def metrics_endpoint(_request: Request) -> Response:
    """All metrics of this process in Prometheus' text format."""
    return Response(
        generate_latest(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": NO_STORE}
    )
