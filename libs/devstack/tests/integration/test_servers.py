"""Where a stack's data live: on embedded servers, or on those that the settings name."""

import asyncio
from pathlib import Path

import psycopg
import pytest
import redis
from pydantic import SecretStr

from common.servers.databases import drop_database
from common.servers.ports import free_port
from devstack.errors import StackError
from devstack.home import Home
from devstack.secrets import StackSecrets
from devstack.servers import Addresses, Servers
from devstack.settings import DevstackSettings


def make_servers(folder: Path, *, database_url: str | None, redis_url: str | None) -> Servers:
    home = Home(folder / "home")
    home.create()
    settings = DevstackSettings(
        home=home.path,
        database_url=SecretStr(database_url) if database_url else None,
        redis_url=SecretStr(redis_url) if redis_url else None,
    )
    return Servers(settings, home, StackSecrets())


def answer(addresses: Addresses) -> list[object]:
    """The names of both databases, and whether the cache is there."""
    names: list[object] = []
    for url in (addresses.auth.service, addresses.core.service):
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_database()").fetchone()
            names.append(row and row[0])
    with redis.Redis.from_url(addresses.redis) as client:
        return [*names, client.ping()]


async def test_given_servers_are_used_and_nothing_is_embedded(
    tmp_path: Path, postgres_url: str, redis_url: str
) -> None:
    servers = make_servers(tmp_path, database_url=postgres_url, redis_url=redis_url)
    try:
        addresses = await servers.start()
        assert answer(addresses) == ["auth", "core", True]
        assert addresses.redis == redis_url
        assert (servers.postgres, servers.valkey) == (None, None)
    finally:
        await servers.stop()
        drop_database(postgres_url, "auth")
        drop_database(postgres_url, "core")


async def test_embedded_servers_hold_a_database_for_each_service(tmp_path: Path) -> None:
    servers = make_servers(tmp_path, database_url=None, redis_url=None)
    try:
        assert answer(await servers.start()) == ["auth", "core", True]
    finally:
        await servers.stop()


async def test_a_database_server_that_is_away_is_named_by_its_variable(tmp_path: Path) -> None:
    away = f"postgresql://postgres:x@127.0.0.1:{free_port()}/postgres"
    servers = make_servers(tmp_path, database_url=away, redis_url="redis://127.0.0.1/0")
    try:
        with pytest.raises(StackError, match=r"^MASIJALA_DATABASE_URL: ") as refused:
            await servers.start()
    finally:
        await servers.stop()
    assert "\n" not in str(refused.value)


async def test_stopping_in_the_middle_of_a_start_leaves_nothing(tmp_path: Path) -> None:
    servers = make_servers(tmp_path, database_url=None, redis_url=None)
    start = asyncio.create_task(servers.start())
    await asyncio.sleep(0)
    start.cancel()
    await asyncio.gather(start, return_exceptions=True)
    await servers.stop()
    embedded = (servers.postgres, servers.valkey)
    assert not any(server is not None and server.running for server in embedded)
