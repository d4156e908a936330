"""Refusals leave at whole steps of time after their requests came.

Known and unknown accounts cause the same queries, and still differ by tens of microseconds: a row
that is read, a key that is written. On a quiet machine some thousand samples show that.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic_ns
from typing import Final

STEP_MILLISECONDS: Final = 10
_NANOSECONDS: Final = 1_000_000


@asynccontextmanager
async def refusing_evenly(*refusals: type[Exception]) -> AsyncIterator[None]:
    """Hold these back until the step has passed in which they are raised."""
    began = monotonic_ns()
    try:
        yield
    except refusals:
        await asyncio.sleep(milliseconds_left(began, monotonic_ns()) / 1000)
        raise


def milliseconds_left(began: int, now: int) -> int:
    """From now until the first millisecond after the step, both in nanoseconds of one clock.

    Timers of uvloop count whole milliseconds of this clock: what is left of one would show again.
    """
    step = STEP_MILLISECONDS * _NANOSECONDS
    end = began + step * -(-(now - began) // step)
    return end // _NANOSECONDS + 1 - now // _NANOSECONDS
