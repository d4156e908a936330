"""A connection to Redis that is lost in the middle of a call is lost, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import NoReturn

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from auth_service.redis_client import connect_redis


@pytest.fixture
async def client(clean_redis_url: str) -> AsyncIterator[Redis]:
    client = connect_redis(clean_redis_url)
    yield client
    await client.aclose()


def closed(_data: object) -> NoReturn:
    """What a writer says under uvloop when its transport has closed."""
    raise RuntimeError("unable to perform operation on <TCPTransport closed=True>")


async def test_a_write_to_a_closed_transport_is_tried_once_more(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.set("k", "v")
    (connection,) = client.connection_pool._available_connections
    monkeypatch.setattr(connection._writer, "writelines", closed)
    assert await client.get("k") == "v"


async def test_a_redis_that_stays_away_is_told_as_such(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio.StreamWriter, "writelines", lambda _self, data: closed(data))
    with pytest.raises(RedisError):
        await client.ping()
