"""Hashing: outside the event loop, in a bounded queue, the same work for unknown users."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from auth_service.passwords.hashing import HashingBusy, PasswordHasher, PoolRules
from auth_service.passwords.scheme import HashingCost, PasswordScheme

SCHEME = PasswordScheme(HashingCost(memory_kib=64, time_cost=1))


@pytest.fixture
def hasher() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher(PoolRules(workers=1, queue=2), SCHEME)
    yield hasher
    hasher.close()


async def test_hashing_and_verifying_happen_outside_the_event_loop(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse")
    assert (await hasher.verify("correct horse", stored)).matches
    assert not (await hasher.verify("correct horsf", stored)).matches
    assert not (await hasher.verify("correct horse", None)).matches
    assert (await hasher.run(threading.current_thread)).name.startswith("hash")


async def test_a_full_queue_is_refused_with_retry_after(hasher: PasswordHasher) -> None:
    gate = threading.Event()
    waiting = [asyncio.create_task(hasher.run(gate.wait)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(HashingBusy) as refused:
        await hasher.hash("x")
    assert refused.value.status == 503
    assert refused.value.headers == {"Retry-After": "1"}
    gate.set()
    await asyncio.gather(*waiting)
    assert await hasher.hash("x")


async def test_a_cancelled_caller_frees_its_place_only_when_the_work_is_done(
    hasher: PasswordHasher,
) -> None:
    gate = threading.Event()
    running = asyncio.create_task(hasher.run(gate.wait))
    queued = [asyncio.create_task(hasher.run(lambda: True)) for _ in range(2)]
    await asyncio.sleep(0)
    for task in queued:
        task.cancel()
    await asyncio.gather(*queued, return_exceptions=True)
    gate.set()
    await running
    assert await hasher.hash("x")
    assert hasher._pending == 0


async def test_a_wait_that_would_be_too_long_is_refused_whatever_the_queue_allows() -> None:
    hasher = PasswordHasher(PoolRules(workers=1, queue=1000, wait_seconds=0.5), SCHEME)
    hasher._work_seconds = 0.2  # as after some hashes at this cost
    gate = threading.Event()
    waiting = [asyncio.create_task(hasher.run(gate.wait)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(HashingBusy) as refused:
        await hasher.hash("x")
    assert refused.value.headers == {"Retry-After": "1"}
    gate.set()
    await asyncio.gather(*waiting)
    hasher.close()


async def test_a_free_thread_is_used_however_slow_hashing_is(hasher: PasswordHasher) -> None:
    hasher._work_seconds = 60
    assert await hasher.hash("x")


async def test_the_expected_wait_follows_what_work_takes_now(hasher: PasswordHasher) -> None:
    hasher._work_seconds = 60
    for _ in range(40):
        await hasher.run(lambda: None)
    assert hasher._work_seconds < 0.2
