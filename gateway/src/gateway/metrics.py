"""The gateway's own metrics; `route` is a row of the route table, never a path."""

from functools import cache
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

from common.metrics import BUCKETS

REQUESTS: Final = Counter(
    "gateway_requests_total", "Requests answered by the edge", ["route", "method", "status"]
)
LATENCY: Final = Histogram(
    "gateway_request_duration_seconds",
    "From the request's head to the response's end",
    ["route"],
    buckets=BUCKETS,
)
DECISIONS: Final = Counter("gateway_decisions_total", "Verdicts of the policy", ["reason"])
TOKEN_CACHE: Final = Counter("gateway_token_cache_total", "Look-ups of verified tokens", ["result"])
REDIS_TRIPS: Final = Counter("gateway_redis_trips_total", "Pipelines sent to Redis")
REDIS_CALLS: Final = Counter("gateway_redis_calls_total", "Policy checks sent to Redis")
DEGRADED: Final = Counter(
    "gateway_degraded_requests_total", "Requests decided while a part was away", ["part"]
)
DEGRADED_SECONDS: Final = Counter(
    "gateway_degraded_seconds_total", "Seconds during which a part was away", ["part"]
)
UPSTREAM_FAILURES: Final = Counter(
    "gateway_upstream_failures_total", "Requests that an upstream failed", ["upstream", "error"]
)
BREAKER_OPEN: Final = Gauge(
    "gateway_breaker_open", "Whether an upstream's circuit is open", ["upstream"]
)
BREAKER_TRIPS: Final = Counter(
    "gateway_breaker_trips_total", "How often an upstream's circuit has opened", ["upstream"]
)
UPSTREAM_RETRIES: Final = Counter(
    "gateway_upstream_retries_total", "Requests sent again after no connection", ["upstream"]
)
TUNNELS: Final = Gauge("gateway_websockets_open", "WebSockets that are open now")


@cache
def _decisions(reason: str) -> Counter:
    return DECISIONS.labels(reason)


def decided(reason: str) -> None:
    """One verdict; reasons are codes of problems, so that there are few."""
    _decisions(reason).inc()


class RequestMetrics:
    """Counts requests; keeps the metrics' children, since finding one costs more than counting."""

    def __init__(self) -> None:
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request and how long it took."""
        key = (route, method, status)
        children = self._children.get(key)
        if children is None:
            children = REQUESTS.labels(route, method, status), LATENCY.labels(route)
            self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)
