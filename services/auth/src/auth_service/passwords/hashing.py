"""Hashes passwords in a few threads, so that no other request waits for it."""

import asyncio
import math
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import ClassVar, Final, TypeVar

from auth_service.passwords.scheme import PasswordScheme, Verification
from common.errors import Unavailable

ResultT = TypeVar("ResultT")
# How much of the estimate the newest piece of work makes: the last dozen or so decide.
RECENT: Final = 0.15
NICENESS: Final = 5


class HashingBusy(Unavailable):
    """More passwords wait to be checked than can be in a second."""

    code: ClassVar[str] = "hashing-busy"
    title: ClassVar[str] = "Too many sign-ins at once; try again shortly"


@dataclass(frozen=True, slots=True)
class PoolRules:
    """How many hashings may run at once, and how many may wait and how long."""

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
    _pending: int = 0
    _work_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(
            self.rules.threads, thread_name_prefix="hash", initializer=_yield_to_the_event_loop
        )

    async def hash(self, password: str) -> str:
        """The hash to store. Raises HashingBusy."""
        return await self.run(lambda: self.scheme.hash(password))

    async def verify(self, password: str, password_hash: str | None) -> Verification:
        """Compare with a stored hash; without one, the same work for nothing. Raises HashingBusy.

        An account that does not exist so takes as long to refuse as one that does.
        """
        return await self.run(lambda: self.scheme.verify(password, password_hash))

    async def run(self, work: Callable[[], ResultT]) -> ResultT:
        """Do something costly about a password in the same threads. Raises HashingBusy."""
        waiting = self._pending - self.rules.threads + 1
        expected_seconds = max(0, waiting) / self.rules.threads * self._work_seconds
        if waiting > self.rules.threads * self.rules.queue or (
            waiting > 0 and expected_seconds > self.rules.wait_seconds
        ):
            raise HashingBusy(retry_after_seconds=max(1, math.ceil(expected_seconds)))
        self._pending += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, _timed, work)
        future.add_done_callback(self._done)
        return (await future)[0]

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, future: "asyncio.Future[tuple[ResultT, float]]") -> None:
        self._pending -= 1
        if not future.cancelled() and future.exception() is None:
            seconds = future.result()[1]
            self._work_seconds += RECENT * (seconds - self._work_seconds)


def _timed(work: Callable[[], ResultT]) -> tuple[ResultT, float]:
    started = perf_counter()
    result = work()
    return result, perf_counter() - started


def _yield_to_the_event_loop() -> None:
    # On Linux each thread has its own niceness. When all cores hash, the thread that answers
    # requests is scheduled at once instead of waiting for its share.
    if hasattr(os, "setpriority") and threading.current_thread() is not threading.main_thread():
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
