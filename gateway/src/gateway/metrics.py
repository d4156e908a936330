"""The policy's metrics; those of requests and connections are Traefik's own."""

from functools import cache
from pathlib import Path
from typing import Final

from cryptography.x509 import load_pem_x509_certificates
from prometheus_client import Counter, Gauge

DECISIONS: Final = Counter("gateway_decisions_total", "Verdicts of the policy", ["reason"])
TOKEN_CACHE: Final = Counter("gateway_token_cache_total", "Look-ups of verified tokens", ["result"])
REDIS_TRIPS: Final = Counter("gateway_redis_trips_total", "Pipelines sent to Redis")
REDIS_CALLS: Final = Counter("gateway_redis_calls_total", "Policy checks sent to Redis")
DEGRADED: Final = Counter(
    "gateway_degraded_requests_total", "Requests decided while a part was unavailable", ["part"]
)
DEGRADED_SECONDS: Final = Counter(
    "gateway_degraded_seconds_total", "Seconds during which a part was unavailable", ["part"]
)
CERTIFICATE_END: Final = Gauge(
    "gateway_certificate_end_timestamp_seconds", "When the policy service's certificate ends"
)
# What alerts read is there from the start: of a new series' first increase a rate sees nothing.
DEGRADED_SECONDS.labels("redis")
DECISIONS.labels("revocation-unavailable")


def read_certificate_end(certificate: Path) -> None:
    """Read it from a PEM file; of a chain, the first that ends. Raises OSError, ValueError."""
    chain = load_pem_x509_certificates(certificate.read_bytes())
    CERTIFICATE_END.set(min(each.not_valid_after_utc for each in chain).timestamp())


@cache
def _decisions(reason: str) -> Counter:
    return DECISIONS.labels(reason)


def decided(reason: str) -> None:
    """One verdict; reasons are codes of problems, so that there are few."""
    _decisions(reason).inc()
