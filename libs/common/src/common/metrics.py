"""Prometheus metrics that every service has; each feature defines its own next to its code."""

from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
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


async def metrics_endpoint(_request: Request) -> Response:
    """All metrics of this process in Prometheus' text format."""
    return Response(
        generate_latest(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": NO_STORE}
    )
