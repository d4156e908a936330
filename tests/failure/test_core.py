"""`kill -9` of core while clerks write, auth unavailable, and clerks who send the same at once.

FULL_COUNTS=1 takes 1,000 writes instead of a few hundred.
"""

import asyncio
import os
from functools import partial
from time import monotonic
from uuid import uuid4

import pytest
from bare_stack import demo_credentials
from failure.registry import (
    ACKNOWLEDGED,
    CASES,
    Answer,
    Clerk,
    Register,
    Words,
    check_consistency,
    count_register,
    signed_in,
    until,
    work_in_turns,
)

from devstack.stack import Stack
from testkit.timing import require_within

FULL = os.environ.get("FULL_COUNTS") == "1"
WRITES = 1000 if FULL else 200
KILLS = 5 if FULL else 3
ROUNDS = 50 if FULL else 10
CLERKS = 8
# A page that waits for names answers within this, or it waits too long.
PAGE_SECONDS = 3.0

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900 if FULL else 240)]


def test_kill_9_of_core_neither_loses_nor_repeats_an_acknowledged_write(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def kill_while_writing(register: Register) -> None:
        for number in range(1, KILLS + 1):
            await until(partial(register.holds, number * WRITES // (KILLS + 1)))
            await stack.kill("core")
            await stack.restart("core")
        assert register.writes < WRITES, "the last kill came too late to be one under load"

    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            register = Register("KILLED", await Words.read(clerk))
            async with asyncio.TaskGroup() as group:
                group.create_task(kill_while_writing(register))
                work = register.file_and_withdraw
                await work_in_turns(lambda: work(clerk), WRITES // 2, CLERKS)
            assert register.writes == WRITES
            assert clerk.outcomes["502"] + clerk.outcomes["503"] >= KILLS
            await register.check(stack, clerk)
        await check_consistency(stack)

    runner.run(scenario())


def test_of_clerks_who_change_one_case_at_once_one_wins_and_the_others_get_a_conflict(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def change(clerk: Clerk, path: str, version: int, count: int) -> Answer:
        headers = {"If-Match": f'"{version}"'}
        body = {"parties": {"male_applicant": count}}
        return await clerk.call("PATCH", path, json=body, headers=headers)

    async def scenario() -> None:
        async with signed_in(stack) as clerk, signed_in(stack, "admin") as admin:
            case = await Register("MATCHED", await Words.read(clerk)).register(clerk)
            path = f"{CASES}/{case['id']}"
            version = case["version"]
            for _ in range(ROUNDS):
                people = [clerk, admin] * 4
                changes = [change(who, path, version, n) for n, who in enumerate(people, start=1)]
                answers = await asyncio.gather(*changes)
                (won,) = [each for each in answers if each.status == 200]
                lost = [each for each in answers if each is not won]
                assert {each.status for each in lost} == {412}
                assert {each.body["current_version"] for each in lost} == {won.body["version"]}
                assert won.body["version"] == version + 1
                assert (await clerk.get(path))["parties"] == won.body["parties"]
                version += 1

    runner.run(scenario())


def test_a_post_retried_at_once_under_one_key_happens_once(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            register = Register("RETRIED", await Words.read(clerk))
            for number in range(1, ROUNDS + 1):
                options = {
                    "json": register.new_case(),
                    "headers": {"Idempotency-Key": str(uuid4())},
                }
                calls = [clerk.call("POST", CASES, **options) for _ in range(16)]
                answers = [
                    *await asyncio.gather(*calls),
                    await clerk.call("POST", CASES, **options),
                ]
                outcomes = {each.outcome for each in answers}
                assert outcomes <= {"201", "409 idempotency-key-busy"}
                served = [each for each in answers if each.status in ACKNOWLEDGED]
                assert len({each.body["id"] for each in served}) == 1
                first = [each for each in served if "Idempotency-Replayed" not in each.headers]
                assert len(first) == 1
                assert served[-1].body == first[0].body
                assert count_register(stack, register.name)["cases"] == number

    runner.run(scenario())


@pytest.mark.quiet
def test_while_auth_is_unavailable_core_serves_all_but_names(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def recorder(clerk: Clerk, case_id: str) -> dict[str, str | None]:
        started = monotonic()
        timeline = await clerk.get(f"{CASES}/{case_id}/timeline")
        require_within(monotonic() - started, PAGE_SECONDS)
        (entry,) = timeline["items"]
        found: dict[str, str | None] = entry["recorded_by"]
        return found

    async def scenario() -> None:
        async with signed_in(stack) as clerk:
            register = Register("ALONE", await Words.read(clerk))
            await stack.kill("auth")
            # Core starts without auth too, and knows no name from before.
            await stack.restart("core")
            case = await register.register(clerk)
            assert (await clerk.get(f"{CASES}/{case['id']}"))["number"] == case["number"]
            unnamed = await recorder(clerk, case["id"])
            assert unnamed["name"] is None
            credentials = demo_credentials("clerk", stack.password)
            refused = await clerk.call("POST", "/api/v1/auth/login", json=credentials)
            assert refused.status in {502, 503}
            await stack.restart("auth")
            async with asyncio.timeout(30):
                while (named := await recorder(clerk, case["id"]))["name"] is None:  # noqa: ASYNC110 - core asks auth again by itself
                    await asyncio.sleep(0.1)
            assert named["id"] == unnamed["id"]

    runner.run(scenario())
