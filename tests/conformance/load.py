"""Load on an edge, and the outcome of every request."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic, sleep
from typing import Final, Self
from urllib.parse import urlsplit

from conformance.edges import Edge, tls_of

CASES: Final = "/api/v1/cases"
PROBLEM: Final = "application/problem+json"
OK: Final = "200"
REFUSED: Final = "no listener"
SECONDS: Final = 30.0


def connection_to(edge: Edge) -> HTTPConnection:
    """A connection that is not made yet."""
    address = urlsplit(edge.url)
    host, port = address.hostname or "", address.port
    context = tls_of(edge)
    if context is None:
        return HTTPConnection(host, port, timeout=10)
    return HTTPSConnection(host, port, timeout=10, context=context)


@dataclass(slots=True)
class Load:
    """Workers that send requests until stopped, each on a new connection.

    `until` ends them: a load balancer's look at the edge, say. Without it they go on for as long as
    the edge listens, or until the block is left.
    """

    edge: Edge
    headers: dict[str, str]
    workers: int = 16
    until: Callable[[], bool] = lambda: False
    outcomes: list[tuple[float, str]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        works = [self._watch, *[self._work] * self.workers]
        self._threads = [threading.Thread(target=work) for work in works]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            self._stop.set()
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """Send nothing more."""
        self._stop.set()

    def seen(self, since: float = 0.0) -> set[str]:
        """The kinds of outcome from then on."""
        return {outcome for at, outcome in self.outcomes if at >= since}

    @property
    def figures(self) -> dict[str, int]:
        """How often each outcome was seen."""
        return dict(Counter(outcome for _, outcome in self.outcomes))

    def await_served(self, times: int) -> None:
        """Wait until the newest so many requests have all been answered with 200."""
        deadline = monotonic() + SECONDS
        while {outcome for _, outcome in self.outcomes[-times:]} != {OK} or (
            len(self.outcomes) < times
        ):
            assert monotonic() < deadline, self.outcomes[-times:]
            sleep(0.01)

    def await_next(self, times: int) -> None:
        """Wait until so many more have been answered, however."""
        deadline, enough = monotonic() + SECONDS, len(self.outcomes) + times
        while len(self.outcomes) < enough:
            assert monotonic() < deadline
            sleep(0.01)

    def await_outcome(self, outcomes: set[str], since: float) -> None:
        """Wait until one of these has been seen."""
        deadline = monotonic() + SECONDS
        while not self.seen(since) & outcomes:
            assert monotonic() < deadline, self.seen(since)
            sleep(0.01)

    def expect_calm(self) -> None:
        """Once requests are served again, expect no further failure, and stop."""
        self.await_served(300)
        calm = monotonic()
        while len([at for at, _ in self.outcomes if at > calm]) < 300:
            self.await_served(1)
        self.stop()
        assert self.seen(calm) == {OK}

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            if self.until():
                self._stop.set()

    def _work(self) -> None:
        while not self._stop.is_set():
            outcome = self._outcome()
            self.outcomes.append((monotonic(), outcome))
            if outcome == REFUSED:
                self._stop.set()

    def _outcome(self) -> str:
        connection = connection_to(self.edge)
        try:
            connection.request("GET", CASES, headers=self.headers)
            answer = connection.getresponse()
            answer.read()
        except ConnectionRefusedError:
            return REFUSED
        except (HTTPException, OSError) as error:
            return repr(error)
        finally:
            connection.close()
        if answer.status != 200 and answer.headers["Content-Type"] != PROBLEM:
            return f"{answer.status} that is no problem"
        return str(answer.status)
