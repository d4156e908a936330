"""A migrated database for every test: built once, then cloned in some 20 ms."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import psycopg
from psycopg import sql

from common.database_creation import (
    as_role,
    clone_database,
    create_login,
    create_missing_database,
    drop_database,
)

Migrate = Callable[[str], None]
SERVICE_PASSWORD: Final = "password-of-the-service-role-in-tests"  # noqa: S105 - made up


def make_service_role(url: str, role: str) -> str:
    """Make the role that a service has in tests; return the database's URL for it."""
    create_login(url, role, SERVICE_PASSWORD)
    return as_service(url, role)


def as_service(url: str, role: str) -> str:
    """The database's URL for the service's role, which was made with its template."""
    return as_role(url, role, SERVICE_PASSWORD)


@dataclass(frozen=True, slots=True)
class DatabaseTemplate:
    """A database that accepts no connections, from which tests get their own copies."""

    server_url: str
    name: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def clone(self) -> Iterator[str]:
        """A copy for one test; yields its URL and drops it afterwards, open connections or not."""
        name = f"{self.name}_{next(self._numbers)}"
        url = clone_database(self.server_url, self.name, name)
        try:
            yield url
        finally:
            drop_database(self.server_url, name)


@dataclass(frozen=True, slots=True)
class DatabaseFactory:
    """Builds templates on one server, each name once a session.

    Use from a member's conftest.py::

        @pytest.fixture(scope="session")
        def template(database_factory: DatabaseFactory) -> DatabaseTemplate:
            return database_factory("auth", migrate)

        @pytest.fixture
        def database_url(template: DatabaseTemplate) -> Iterator[str]:
            with template.clone() as url:
                yield url
    """

    server_url: str
    _built: dict[str, DatabaseTemplate] = field(default_factory=dict)

    def __call__(self, name: str, migrate: Migrate) -> DatabaseTemplate:
        """The template of that name; `migrate` is given the URL of the new, empty database."""
        if name not in self._built:
            template = f"template_{name}"
            migrate(create_missing_database(self.server_url, template))
            self._seal(template)
            self._built[name] = DatabaseTemplate(self.server_url, template)
        return self._built[name]

    def _seal(self, name: str) -> None:
        """Postgres copies only a database without connections: forbid new ones, end the old."""
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            statement = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false")
            connection.execute(statement.format(sql.Identifier(name)))
            # The timeout makes it wait until the backend has really ended.
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )
