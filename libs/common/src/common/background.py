"""Background work of a process: repeated after any failure, and cancelled when the process ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Final

from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from common.logs import get_logger

# Longer than auth's mail worker takes at most to finish the letters in hand.
CANCEL_AGAIN_SECONDS: Final = 6.0
_UNAVAILABLE: Final = (OSError, RedisError, OperationalError)

log = get_logger(__name__)


async def repeat(
    work: Callable[[], Awaitable[object]], every_seconds: float | Callable[[], float]
) -> None:
    """Do a piece of work until cancelled; a failure is logged, and the work tried again."""
    name = getattr(work, "__qualname__", type(work).__name__)
    while True:
        try:
            await work()
        except _UNAVAILABLE as error:
            log.warning("dependency_unavailable", work=name, error=type(error).__name__)
        except Exception:  # background work outlives any one failure of it
            log.exception("background_work_failed", work=name)
        await asyncio.sleep(every_seconds() if callable(every_seconds) else every_seconds)


@asynccontextmanager
async def running(*work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run coroutines for as long as the block lasts."""
    tasks = [asyncio.create_task(coroutine) for coroutine in work]
    try:
        yield
    finally:
        pending = set(tasks)
        while pending:
            for task in pending:
                task.cancel()
            # A worker can lose a cancellation that comes just after its start.
            _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)
        await asyncio.gather(*tasks, return_exceptions=True)
