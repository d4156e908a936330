"""pytest fixtures: real Postgres and Valkey. The root conftest.py loads this plugin.

TEST_BACKEND=embedded (default) takes the servers of the wheels; TEST_BACKEND=containers takes
POSTGRES_IMAGE and REDIS_IMAGE from a Docker engine. Servers start when a test first asks for one.
"""

from collections.abc import Iterator

import pytest
import redis

from devstack.servers.postgres import EmbeddedPostgres
from devstack.servers.valkey import EmbeddedValkey
from testkit.backends import postgres_server, redis_server
from testkit.databases import DatabaseFactory


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The superuser's URL of the session's Postgres."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The session's Valkey; what earlier tests wrote is still there, see `clean_redis_url`."""
    with redis_server(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def clean_redis_url(redis_url: str) -> str:
    """The session's Valkey, emptied for this test."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


@pytest.fixture(scope="session")
def database_factory(postgres_url: str) -> DatabaseFactory:
    """Builds a migrated template once; tests clone it."""
    return DatabaseFactory(postgres_url)


@pytest.fixture
def private_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    """A Valkey of the test's own, to stop, kill, pause and start again."""
    with EmbeddedValkey(tmp_path_factory.mktemp("private-valkey"), durable=False) as server:
        yield server


@pytest.fixture
def private_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A Postgres of the test's own, to stop, kill and start again."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("private-postgres"), durable=False) as server:
        yield server
