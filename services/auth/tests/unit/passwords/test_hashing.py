"""Hashing: outside the event loop, never more than can be done soon, the same work for nobody."""

import asyncio
import threading
import unicodedata
from collections.abc import Iterator

import pytest

from auth_service.passwords.hashing import (
    HashingBusy,
    HashingRules,
    PasswordHasher,
    make_context,
)

CHEAP = HashingRules(memory_kib=64, time_cost=1, workers=1, queue=2)


@pytest.fixture
def hasher() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher(CHEAP)
    yield hasher
    hasher.close()


async def test_the_default_cost_is_the_designed_one() -> None:
    assert make_context(HashingRules()).hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_the_right_password_matches_and_others_do_not(hasher: PasswordHasher) -> None:
    stored = await hasher.hash("correct horse")
    assert (await hasher.verify("correct horse", stored)).matches
    assert not (await hasher.verify("correct horsf", stored)).matches


async def test_both_spellings_of_an_accent_are_one_password(hasher: PasswordHasher) -> None:
    stored = await hasher.hash(unicodedata.normalize("NFD", "café au lait"))
    assert (await hasher.verify(unicodedata.normalize("NFC", "café au lait"), stored)).matches


@pytest.mark.parametrize("length", [71, 72, 73, 256])
async def test_nothing_is_cut_off(hasher: PasswordHasher, length: int) -> None:
    stored = await hasher.hash("x" * length + "y")
    assert not (await hasher.verify("x" * length + "z", stored)).matches


async def test_a_hash_at_another_cost_is_replaced(hasher: PasswordHasher) -> None:
    old = make_context(HashingRules(memory_kib=128, time_cost=1)).hash("correct horse")
    verified = await hasher.verify("correct horse", old)
    assert verified.matches
    assert verified.new_hash is not None
    assert (await hasher.verify("correct horse", verified.new_hash)).new_hash is None


@pytest.mark.parametrize("scheme", ["bcrypt", "pbkdf2_sha256"])
async def test_hashes_of_older_systems_verify_and_are_replaced(
    hasher: PasswordHasher, scheme: str
) -> None:
    old = hasher._context.handler(scheme).using(rounds=4).hash("correct horse")
    verified = await hasher.verify("correct horse", old)
    assert verified.matches
    assert verified.new_hash is not None
    assert verified.new_hash.startswith("$argon2id$")
    assert not (await hasher.verify("x" * 100, old)).matches


async def test_nobody_costs_the_same_work_as_somebody(
    hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    real = hasher._context.verify

    def verify(password: str, stored: str) -> bool:
        verified.append(stored)
        return bool(real(password, stored))

    monkeypatch.setattr(hasher._context, "verify", verify)
    assert not (await hasher.verify("correct horse", None)).matches
    (dummy,) = verified
    parameters = (await hasher.hash("x")).rsplit("$", 2)[0]
    assert dummy.startswith(parameters)


async def test_beyond_a_short_queue_the_answer_is_to_come_back(hasher: PasswordHasher) -> None:
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


async def test_a_caller_who_gives_up_frees_no_place_before_the_work_is_done(
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
