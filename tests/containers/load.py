"""Eight clients who read and write through Traefik, as fast as their quotas allow."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final
from uuid import uuid4

import httpx

CLIENTS: Final = 8
# Two users share 20 requests a second, of one address.
PAUSE_SECONDS: Final = 0.45
READS: Final = ("/api/v1/cases?limit=1", "/api/v1/auth/me", "/api/v1/courts?limit=1")


@dataclass(slots=True)
class Load:
    """The outcome of every request: its status, or what went wrong on the way."""

    case: dict[str, str]
    outcomes: Counter[str] = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self, clients: list[httpx.Client]) -> Iterator[None]:
        """For as long as the block runs."""
        threads = [threading.Thread(target=self._work, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    @property
    def failures(self) -> dict[str, int]:
        """All that was not served."""
        return {what: n for what, n in self.outcomes.items() if what not in {"200", "201"}}

    def _work(self, client: httpx.Client) -> None:
        turns: Iterator[Callable[[], httpx.Response]] = cycle(
            [
                *(lambda path=path: client.get(path) for path in READS),
                lambda: self._register(client),
            ]
        )
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                outcome = _outcome(next(turns)())
            except httpx.HTTPError as error:
                outcome = repr(error)
            self.outcomes[outcome] += 1

    def _register(self, client: httpx.Client) -> httpx.Response:
        key = {"Idempotency-Key": str(uuid4())}
        return client.post("/api/v1/cases", json=self.case, headers=key)


def _outcome(answer: httpx.Response) -> str:
    """The status, and why it was refused."""
    if answer.is_success:
        return str(answer.status_code)
    return f"{answer.status_code} {answer.text[:200]}"
