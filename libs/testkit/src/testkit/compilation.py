"""What SQLAlchemy has compiled, shared by the engines of all tests.

A process of a service has one engine and compiles each statement once. Tests have an engine each,
and would spend half of their time on compiling the same statements again.
"""

from typing import Any, Final

import pytest
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.ext.asyncio import create_async_engine as create  # noqa: TID251 - wrapped below
from sqlalchemy.util import LRUCache

STATEMENTS: Final = 5000  # more than all services have


def pytest_configure(config: pytest.Config) -> None:
    compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def sharing(*arguments: Any, **options: Any) -> AsyncEngine:
        engine = create(*arguments, **options)
        engine.sync_engine._compiled_cache = compiled  # noqa: SLF001 - there is no public way
        return engine

    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    patch.setattr("common.database.create_async_engine", sharing)
    # What is compiled is found by its dialect, too; each engine has its own, and all are the same.
    patch.setattr(PGDialectAsync_psycopg, "__eq__", lambda one, other: type(one) is type(other))
    patch.setattr(PGDialectAsync_psycopg, "__hash__", lambda one: hash(type(one)))
