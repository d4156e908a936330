"""The circuit breaker of one upstream: after some failures in a row it is left alone for a moment.

Failures are those that cost waiting: no connection, or no answer in time. While the circuit is open
requests are refused at once; then one request at a time tries, and its success closes the circuit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Final

from common.logs import get_logger
from gateway import metrics

FAILURES: Final = 5
REST_SECONDS: Final = 0.5

log = get_logger(__name__)


class CircuitOpenError(Exception):
    """Not even tried; `retry_after_seconds` is when it may be worth it."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


@dataclass(slots=True)
class Breaker:
    """Counts; `trial` wraps each try."""

    name: str
    now: Callable[[], float] = monotonic
    _failures: int = 0
    _opened_at: float | None = None
    _probing: bool = False

    @property
    def open(self) -> bool:
        """Whether requests are refused, but for one that probes."""
        return self._opened_at is not None

    @contextmanager
    def trial(self) -> Iterator[None]:
        """One try, which `succeeded` or `failed` judges. Raises CircuitOpenError."""
        if self._opened_at is None:
            yield
            return
        left = self._opened_at + REST_SECONDS - self.now()
        if self._probing or left > 0:
            raise CircuitOpenError(max(1, ceil(left)))
        self._probing = True
        try:
            yield
        finally:
            self._probing = False

    def succeeded(self) -> None:
        """The upstream has answered."""
        self._failures = 0
        if self._opened_at is not None:
            self._opened_at = None
            metrics.BREAKER_OPEN.labels(self.name).set(0)
            log.info("circuit_closed", upstream=self.name)

    def failed(self) -> None:
        """The upstream could not be reached, or was silent for too long."""
        self._failures += 1
        if self._failures < FAILURES:
            return
        if self._opened_at is None:
            metrics.BREAKER_OPEN.labels(self.name).set(1)
            metrics.BREAKER_TRIPS.labels(self.name).inc()
            log.warning("circuit_opened", upstream=self.name)
        self._opened_at = self.now()
