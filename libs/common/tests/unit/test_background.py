"""Background work goes on after a failure, and ends with its block."""

import asyncio
from collections.abc import Iterator

import pytest
from redis.exceptions import RedisError

from common.background import repeat, running


@pytest.mark.parametrize("failure", [RedisError(), OSError(), ValueError("a fault of ours")])
async def test_work_goes_on_after_a_failure(failure: Exception) -> None:
    done = asyncio.Event()
    outcomes: Iterator[Exception | None] = iter([failure, None])

    async def work() -> None:
        outcome = next(outcomes, None)
        if outcome is not None:
            raise outcome
        done.set()

    async with running(repeat(work, 0)), asyncio.timeout(5):
        await done.wait()


async def test_the_pause_may_depend_on_what_the_work_has_done() -> None:
    pauses: list[float] = []
    done = asyncio.Event()

    async def work() -> None:
        if len(pauses) > 1:
            done.set()

    def pause() -> float:
        pauses.append(0)
        return 0

    async with running(repeat(work, pause)), asyncio.timeout(5):
        await done.wait()
    assert len(pauses) > 1


async def test_work_ends_with_its_block() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with running(repeat(work, 0)):
        await asyncio.sleep(0)
    assert ended.is_set()
