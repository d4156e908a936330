"""A new primary of Redis knows every revocation, whatever the former one had not passed on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from redis.exceptions import RedisError

from auth_service.app import create_app
from auth_service.units import AuthUnits
from auth_service.wiring import wire
from common.assertions import AssertionMinter
from common.clock import SystemClock
from devstack.servers.valkey import EmbeddedValkey
from testkit.auth.api import Api
from testkit.auth.settings import ASSERTION_KEY, make_settings
from testkit.replication import (
    Pair,
    Watched,
    client_of,
    follows,
    replication,
    valkey_pair,
    watched_pair,
)

# Sentinel takes some two seconds, and auth looks twice a second.
FAILOVER_SECONDS = 15.0


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with valkey_pair(tmp_path) as servers:
        yield servers


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with watched_pair(tmp_path) as servers:
        yield servers


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(FAILOVER_SECONDS):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)


def is_complete(server: EmbeddedValkey, marks: set[str]) -> bool:
    """Whether a gateway that looks here sees these marks, and the generation of this primary."""
    state = replication(server)
    try:
        with client_of(server) as client:
            return bool(
                state.get("role") == "master"
                and client.get("rev:generation") == state["master_replid"]
                and (not marks or client.exists(*marks) == len(marks))
            )
    except RedisError:  # it closes connections when its role changes
        return False


@asynccontextmanager
async def serving(database_url: str, redis_url: str) -> AsyncIterator[tuple[Api, AuthUnits]]:
    """The whole service, its background work included."""
    auth = wire(make_settings(database_url, redis_url))
    app = create_app(auth)[0]
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
            yield Api(client, AssertionMinter("auth", ASSERTION_KEY), SystemClock()), auth


async def log_out(api: Api, email: str) -> str:
    """End a session; the name of its mark."""
    body = (await api.login(email)).json()
    assert (await api.logout(body["refresh_token"])).status_code == 204
    return f"rev:sid:{body['session']['id']}"


async def test_sentinel_promotes_a_replica_that_missed_a_revocation(
    watched: Watched, database_url: str, clerk: str
) -> None:
    first, second = watched.pair.first, watched.pair.second
    async with serving(database_url, watched.url) as (api, _):
        await until(lambda: is_complete(first, set()))
        marks = {await log_out(api, clerk)}
        await until(lambda: follows(second))
        watched.pair.cut_off(second, first)
        marks.add(await log_out(api, clerk))
        with client_of(second) as client:
            assert client.exists(*marks) == 1, "the second mark did not reach the replica"
        first.kill()
        marks.add(await log_out(api, clerk))
        await until(lambda: is_complete(second, marks))


async def test_what_is_revoked_while_the_server_is_a_replica_is_published_afterwards(
    pair: Pair, database_url: str, clerk: str
) -> None:
    async with serving(database_url, pair.first.url) as (api, auth):
        await until(lambda: is_complete(pair.first, set()))
        marks = {await log_out(api, clerk)}
        pair.follow(pair.first, pair.second)
        marks.add(await log_out(api, clerk))
        assert auth.publisher.in_doubt
        await until(lambda: follows(pair.first))
        pair.promote(pair.first)
        await until(lambda: is_complete(pair.first, marks))


async def test_a_former_primary_is_disconnected_though_it_still_answers(
    watched: Watched, database_url: str, clerk: str
) -> None:
    first, second = watched.pair.first, watched.pair.second
    async with serving(database_url, watched.url) as (api, _):
        await until(lambda: is_complete(first, set()))
        await until(lambda: follows(second))
        first.pause()
        await until(lambda: watched.sentinels[0].names() == ("127.0.0.1", second.port))
        first.resume()
        mark = await log_out(api, clerk)
        await until(lambda: is_complete(second, {mark}))
