"""Hashes passwords in a thread pool, so that other requests do not wait."""

import asyncio
import math
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import ClassVar, Final, TypeVar

from prometheus_client import Counter, Gauge

from auth_service.passwords.scheme import PasswordScheme, Verification
from common.errors import Unavailable

ResultT = TypeVar("ResultT")
# The weight of the newest measurement in the moving average, over about a dozen hashes.
RECENT: Final = 0.15
NICENESS: Final = 5
PENDING: Final = Gauge("auth_password_hashes_pending", "Passwords being hashed or waiting for it")
REFUSED: Final = Counter("auth_password_hashes_refused_total", "Refusals because of the queue")


class HashingBusy(Unavailable):
    """The queue for hashing is full."""

    code: ClassVar[str] = "hashing-busy"
    title: ClassVar[str] = "Too many sign-ins at once; try again shortly"


@dataclass(frozen=True, slots=True)
class PoolRules:
    """How many hashings may run at once, how many may wait, and how long."""

    workers: int = 0
    queue: int = 16
    wait_seconds: float = 1.0

    @property
    def threads(self) -> int:
        return self.workers or os.cpu_count() or 1


@dataclass(slots=True)
class PasswordHasher:
    """Hashes and verifies in its own threads; argon2 releases the interpreter's lock."""

    rules: PoolRules
    scheme: PasswordScheme
    _pool: ThreadPoolExecutor = field(init=False)
    # Reserved places: passwords that are being hashed, are waiting, or will be queued.
    _pending: int = 0
    _work_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(
            self.rules.threads, thread_name_prefix="hash", initializer=_yield_to_the_event_loop
        )

    @contextmanager
    def reserve(self) -> Iterator["Place"]:
        """Reserve a place in the queue.

        Raises HashingBusy when it is full: call it first, so that a refusal costs nothing else.
        """
        self._require_room()
        self._pending += 1
        PENDING.inc()
        try:
            yield Place(self)
        finally:
            self._pending -= 1
            PENDING.dec()

    async def hash(self, password: str) -> str:
        """The hash to store. Raises HashingBusy."""
        return await self.run(lambda: self.scheme.hash(password))

    async def verify(self, password: str, password_hash: str | None) -> Verification:
        """Compare with a stored hash; without one, do the same work and fail. Raises HashingBusy.

        The time is the same, so that it does not reveal whether an account exists.
        """
        with self.reserve() as place:
            return await place.verify(password, password_hash)

    async def run(self, work: Callable[[], ResultT]) -> ResultT:
        """Do other expensive work in the same threads. Raises HashingBusy."""
        with self.reserve():
            return await self._run(work)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], ResultT]) -> ResultT:
        future = asyncio.get_running_loop().run_in_executor(self._pool, _timed, work)
        result, seconds = await future
        self._work_seconds += RECENT * (seconds - self._work_seconds)
        return result

    def _require_room(self) -> None:
        waiting = max(0, self._pending - self.rules.threads + 1)
        seconds = waiting / self.rules.threads * self._work_seconds
        if waiting > self.rules.threads * self.rules.queue or (
            waiting and seconds > self.rules.wait_seconds
        ):
            REFUSED.inc()
            raise HashingBusy(retry_after_seconds=max(1, math.ceil(seconds)))


@dataclass(frozen=True, slots=True)
class Place:
    """A reserved place in the queue of a hasher, for one piece of work."""

    hasher: PasswordHasher

    async def verify(self, password: str, password_hash: str | None) -> Verification:
        """As `PasswordHasher.verify`, but never raises HashingBusy."""
        scheme = self.hasher.scheme
        return await self.hasher._run(lambda: scheme.verify(password, password_hash))  # noqa: SLF001 - one module, one queue


def _timed(work: Callable[[], ResultT]) -> tuple[ResultT, float]:
    started = perf_counter()
    result = work()
    return result, perf_counter() - started


def _yield_to_the_event_loop() -> None:
    # On Linux each thread has its own niceness. When all cores are hashing, the scheduler prefers
    # the thread that answers requests.
    if hasattr(os, "setpriority") and threading.current_thread() is not threading.main_thread():
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
