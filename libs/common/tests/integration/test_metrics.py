"""Metrics tell of the database without waiting for it."""

from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from common.database import Database
from common.sampling import SAMPLED, Sampler


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database.connect(database_url, pool_size=2)
    yield database
    await database.close()


async def test_connections_in_use_and_their_limit_are_shown(database: Database) -> None:
    assert value("database_connections_limit") == 4
    async with database.reading() as session:
        await session.connection()
        assert value("database_connections", state="in_use") == 1
    assert value("database_connections", state="in_use") == 0
    assert value("database_connections", state="idle") == 1


async def test_errors_of_postgres_are_counted_by_class(database: Database) -> None:
    before = value("database_errors_total", sqlstate_class="22")
    with pytest.raises(DBAPIError):
        async with database.reading() as session:
            await (await session.connection()).execute(text("SELECT 1 / 0"))
    assert value("database_errors_total", sqlstate_class="22") == before + 1


async def test_a_sample_that_fails_leaves_the_time_of_the_last(database: Database) -> None:
    broken = False

    async def sample(connection: AsyncConnection) -> None:
        await connection.execute(text("SELECT nothing" if broken else "SELECT 1"))

    sampler = Sampler(database, (sample,))
    SAMPLED.set(0)
    await sampler.run()
    first = value("metrics_sampled_timestamp_seconds")
    assert first > 0
    broken = True
    with pytest.raises(DBAPIError):
        await sampler.run()
    assert value("metrics_sampled_timestamp_seconds") == first
