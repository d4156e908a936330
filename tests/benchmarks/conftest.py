"""Databases for what benchmarks generate."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from common.database_creation import create_missing_database
from core_service.migrations.preparation import prepare


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """A migrated registry without a case."""
    name = f"bench-{uuid4()}"
    made = create_missing_database(postgres_url, name)
    asyncio.run(prepare(made))
    yield made
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
