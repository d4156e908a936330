"""Clients who register cases one after the other, and when each was answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import httpx

PAUSE_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Write:
    """A case that was registered, when it was sent, and when it was answered."""

    case_id: str
    begun: datetime
    answered: datetime


@dataclass(slots=True)
class Writes:
    """All that were answered."""

    case: dict[str, str]
    done: list[Write] = field(default_factory=list)
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

    def answered_before(self, moment: datetime) -> set[str]:
        return {each.case_id for each in self.done if each.answered < moment}

    def begun_after(self, moment: datetime) -> set[str]:
        return {each.case_id for each in self.done if each.begun > moment}

    def _work(self, client: httpx.Client) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            begun = datetime.now(UTC)
            key = {"Idempotency-Key": str(uuid4())}
            answer = client.post("/api/v1/cases", json=self.case, headers=key)
            if answer.status_code == httpx.codes.CREATED:
                self.done.append(Write(answer.json()["id"], begun, datetime.now(UTC)))
