"""The Lua rule gives what the Python rule gives, moment by moment, on the real server."""

import asyncio
from importlib.resources import files
from uuid import uuid4

import pytest
import redis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from gateway.policy.local_quotas import LocalQuotas
from gateway.policy.quotas import MICROSECONDS, Quota, QuotaPolicy, QuotaState, Spending
from gateway.policy.script import Script, check_script
from gateway.policy.trips import Call, RedisTrips, connect

START = 1_700_000_000 * MICROSECONDS
SERVER_TIME = "redis.call('TIME')"


@pytest.fixture(scope="module")
def timed_script(redis_url: str) -> Script:
    """The released script, but for the clock: the test's last two arguments are the time."""
    source = files("gateway.policy").joinpath("check.lua").read_text()
    assert source.count(SERVER_TIME) == 1
    script = Script.named(source.replace(SERVER_TIME, "{ argv[#argv - 1], argv[#argv] }"))
    with redis.Redis.from_url(redis_url) as client:
        client.function_load(script.source, replace=True)
    return script


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    limits=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5)), min_size=1, max_size=3),
    pauses=st.lists(
        st.integers(0, 2 * MICROSECONDS) | st.integers(-8 * MICROSECONDS, -1),
        min_size=1,
        max_size=25,
    ),
)
def test_both_rules_agree(
    redis_url: str, timed_script: Script, limits: list[tuple[int, int]], pauses: list[int]
) -> None:
    run = uuid4().hex
    spendings = [
        Spending(QuotaPolicy(f"p{index}", Quota(limit, seconds)), f"q:{run}:{index}")
        for index, (limit, seconds) in enumerate(limits)
    ]
    keys = [item.key for item in spendings]
    policies = [item.policy for item in spendings]
    numbers = [n for p in policies for n in (p.limit, p.window_us, p.interval_us)]
    local, now = LocalQuotas(), START
    with redis.Redis.from_url(redis_url) as client:
        for pause in pauses:
            now += pause
            time = divmod(now, MICROSECONDS)
            reply = client.fcall(
                timed_script.function, len(keys), *keys, 0, 0, 0, 0, *numbers, *time
            )
            states = tuple(
                QuotaState(reply[at], reply[at + 1], violated=reply[at + 2] == 1)
                for at in range(2, len(reply), 3)
            )
            assert states == local.spend(spendings, now)


async def test_calls_of_one_turn_of_the_loop_share_one_pipeline(clean_redis_url: str) -> None:
    client = connect(clean_redis_url, 1.0)
    trips = RedisTrips(client, check_script(), 1.0)
    await trips.start()
    before = REGISTRY.get_sample_value("gateway_redis_trips_total") or 0
    call = Call(("q:a",), (0, 0, 0, 0, 5, 10 * MICROSECONDS, 2 * MICROSECONDS))
    replies = await asyncio.gather(*(trips.call(call) for _ in range(9)))
    assert [reply[0] for reply in replies] == [1] * 5 + [0] * 4
    assert REGISTRY.get_sample_value("gateway_redis_trips_total") == before + 1
    await trips.stop()


async def test_a_key_of_another_kind_counts_as_an_empty_one(clean_redis_url: str) -> None:
    client = connect(clean_redis_url, 1.0)
    trips = RedisTrips(client, check_script(), 1.0)
    await trips.start()
    await client.set("q:garbage", "not three numbers")
    quota = (0, 0, 0, 0, 5, 10 * MICROSECONDS, 2 * MICROSECONDS)
    assert (await trips.call(Call(("q:garbage",), quota)))[:3] == [1, 0, 4]
    await client.rpush("q:list", "no string")
    assert (await trips.call(Call(("q:list",), quota)))[:3] == [1, 0, 4]
    await trips.stop()
