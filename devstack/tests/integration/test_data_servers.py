"""Where a stack's data live: on embedded servers, or on those that the settings name."""

import asyncio
from pathlib import Path

import psycopg
import pytest
import redis
from pydantic import SecretStr

from common.database_creation import as_role, create_login, database_url, drop_database
from devstack.data_servers import Addresses, Servers
from devstack.errors import StackError
from devstack.home import Home
from devstack.secrets import StackSecrets
from devstack.servers.ports import free_port
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


async def test_an_unavailable_database_server_is_named_by_its_variable(tmp_path: Path) -> None:
    unavailable = f"postgresql://postgres:x@127.0.0.1:{free_port()}/postgres"
    servers = make_servers(tmp_path, database_url=unavailable, redis_url="redis://127.0.0.1/0")
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


CAN_CREATE = "SELECT has_schema_privilege('public', 'CREATE')"


def owns_its_database(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    return bool(row and row[0])


@pytest.mark.parametrize("given", [True, False], ids=["a given server", "the embedded one"])
async def test_each_service_has_a_role_that_owns_nothing_and_reaches_one_database(
    tmp_path: Path, postgres_url: str, given: bool
) -> None:
    url = postgres_url if given else None
    servers = make_servers(tmp_path, database_url=url, redis_url="redis://127.0.0.1/0")
    try:
        addresses = await servers.start()
        for database in (addresses.auth, addresses.core):
            assert owns_its_database(database.owner)
            assert not owns_its_database(database.service)
            with psycopg.connect(database.service) as connection:
                assert connection.execute(CAN_CREATE).fetchone() == (False,)
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(database_url(addresses.auth.service, "core"))
    finally:
        await servers.stop()
        if given:
            drop_database(postgres_url, "auth")
            drop_database(postgres_url, "core")


async def test_the_owner_of_an_older_home_remains_the_owner(tmp_path: Path) -> None:
    servers = make_servers(tmp_path, database_url=None, redis_url="redis://127.0.0.1/0")
    first = await servers.start()
    assert servers.postgres is not None
    with psycopg.connect(first.core.owner) as connection:
        connection.execute("CREATE TABLE cases (number text)")
    with psycopg.connect(servers.postgres.url, autocommit=True) as connection:
        connection.execute("REVOKE CONNECT ON DATABASE core FROM core_service")
        connection.execute("DROP ROLE core_service")  # as before there was one
    await servers.stop()
    again = make_servers(tmp_path, database_url=None, redis_url="redis://127.0.0.1/0")
    again.secrets = servers.secrets
    try:
        addresses = await again.start()
        with psycopg.connect(addresses.core.owner) as connection:
            connection.execute("ALTER TABLE cases ADD COLUMN court text")
        assert not owns_its_database(addresses.core.service)
    finally:
        await again.stop()


async def test_a_given_server_whose_role_may_not_create_roles_is_reported(
    tmp_path: Path, postgres_url: str
) -> None:
    create_login(postgres_url, "only_databases", "secret")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("ALTER ROLE only_databases CREATEDB")
    url = as_role(postgres_url, "only_databases", "secret")
    servers = make_servers(tmp_path, database_url=url, redis_url="redis://127.0.0.1/0")
    try:
        with pytest.raises(StackError, match="create databases and roles"):
            await servers.start()
    finally:
        await servers.stop()
        drop_database(postgres_url, "auth")
        drop_database(postgres_url, "core")
