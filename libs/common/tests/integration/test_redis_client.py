"""A client finds the primary again, takes no dead connection for a fault, and refuses a cluster."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

from common.redis_client import ClusterMode, connect_redis, find_primary, require_no_cluster
from devstack.servers.ports import LOOPBACK
from devstack.servers.valkey import EmbeddedValkey
from testkit.replication import Watched, follows, watched_pair

SECONDS = 0.5
FAILOVER_SECONDS = 15.0


@pytest.fixture
async def client(clean_redis_url: str) -> AsyncIterator[Redis]:
    async with connect_redis(clean_redis_url, SECONDS, decode_responses=True) as client:
        yield client


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with watched_pair(tmp_path) as servers:
        yield servers


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path, durable=False, options=("cluster-enabled yes",)) as server:
        yield server


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


async def test_a_redis_that_stays_unavailable_is_known_as_such(
    client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio.StreamWriter, "writelines", lambda _self, data: closed(data))
    with pytest.raises(RedisError):
        await client.ping()


async def test_a_connection_to_a_replica_is_dropped_at_the_first_write(
    private_valkey: EmbeddedValkey,
) -> None:
    async with connect_redis(private_valkey.url, SECONDS) as client:
        await client.replicaof(LOOPBACK, "1")
        (connection,) = client.connection_pool._available_connections
        with pytest.raises(RedisConnectionError, match="READONLY"):
            await client.set("k", "v")
        assert not connection.is_connected
        await client.replicaof("NO", "ONE")
        assert await client.set("k", "v")


async def test_an_error_of_one_call_keeps_the_connection(client: Redis) -> None:
    await client.set("k", "v")
    (connection,) = client.connection_pool._available_connections
    with pytest.raises(ResponseError, match="not an integer"):
        await client.incr("k")
    assert connection.is_connected


async def test_the_primary_is_found_by_sentinel_before_and_after_a_failover(
    watched: Watched,
) -> None:
    first, second = watched.pair.first, watched.pair.second
    async with connect_redis(watched.url, SECONDS) as client:
        assert await client.set("k", "v")
        assert await find_primary(client) == (LOOPBACK, first.port)
        async with asyncio.timeout(FAILOVER_SECONDS):
            while not await asyncio.to_thread(follows, second):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)
            first.kill()
            while not await sets(client):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)
        assert await find_primary(client) == (LOOPBACK, second.port)


async def sets(client: Redis) -> bool:
    try:
        return bool(await client.set("k", "after the failover"))
    except RedisError:
        return False


async def test_without_sentinel_there_is_nothing_to_find(client: Redis) -> None:
    assert await find_primary(client) is None


async def test_a_cluster_is_refused_at_every_connection(cluster: EmbeddedValkey) -> None:
    async with connect_redis(cluster.url, SECONDS) as client:
        with pytest.raises(ClusterMode):
            await client.ping()


def test_a_cluster_stops_the_start_with_one_line(
    cluster: EmbeddedValkey, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        require_no_cluster(cluster.url, "GATEWAY_REDIS_URL")
    assert stopped.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("GATEWAY_REDIS_URL: Redis runs in cluster mode, which is not supported")
    assert cluster.password not in line


def test_a_server_that_does_not_answer_stops_no_start(private_valkey: EmbeddedValkey) -> None:
    require_no_cluster(private_valkey.url, "GATEWAY_REDIS_URL")
    private_valkey.kill()
    require_no_cluster(private_valkey.url, "GATEWAY_REDIS_URL")
