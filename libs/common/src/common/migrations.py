"""Runs Alembic from code: no ini file, one advisory lock, short waits for locks."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from common.database import migration_engine
from common.database_roles import (
    Privileges,
    UnknownRevision,
    grant_privileges,
    is_granted,
    open_schema,
    require_owner,
)

RETRY_LOCK_SECONDS: Final = 0.2
# A migration that would queue behind a long transaction must not make every reader queue behind it.
LOCK_TIMEOUT_MS: Final = 5_000
_JOBS_TABLE: Final = text("SELECT to_regclass('procrastinate_jobs')")


@dataclass(frozen=True, slots=True)
class Migrations:
    """The revisions in a folder, for one service's database.

    `lock` is an advisory lock: of two runs at once (two pods of one release) the second waits, and
    finds nothing to do. `jobs_schema` gives the SQL of the jobs' tables: procrastinate's own schema
    is in step with its version, so it is no revision of ours.
    """

    folder: Path
    lock: int
    privileges: Privileges
    jobs_schema: Callable[[], str]

    def upgrade(self, url: str, revision: str = "head", *, service_role: str | None = None) -> None:
        """Upgrade the database, and add the jobs' tables; quick when all is there already.

        `url` is the owner's; `service_role`, if given, gets its privileges. Raises WrongRole and
        UnknownRevision.
        """
        with _owner_connection(url) as connection:
            self._require_known_revision(connection)
            if revision == "head" and self._is_current(connection, service_role):
                return
            self._take_lock(connection)
            if service_role is not None:
                open_schema(_driver(connection), service_role)
                connection.commit()
            command.upgrade(self._config(connection), revision)
            connection.commit()
            if not _has_jobs_tables(connection):
                _driver(connection).execute(self.jobs_schema())
            if service_role is not None:
                grant_privileges(_driver(connection), service_role, self.privileges)
            connection.commit()

    def downgrade(self, url: str, revision: str) -> None:
        """Downgrade the database; for tests and emergencies. The jobs' tables stay."""
        with _owner_connection(url) as connection:
            self._take_lock(connection)
            command.downgrade(self._config(connection), revision)
            connection.commit()

    def head_revision(self) -> str | None:
        """The revision that this code needs."""
        return ScriptDirectory.from_config(self._config()).get_current_head()

    @staticmethod
    def current_revision(connection: Connection) -> str | None:
        """The revision that the database is at."""
        return MigrationContext.configure(connection).get_current_revision()

    def _is_current(self, connection: Connection, service_role: str | None) -> bool:
        """Whether there is nothing to do; found out without loading the models."""
        current = self.current_revision(connection) == self.head_revision()
        granted = service_role is None or is_granted(
            _driver(connection), service_role, self.privileges
        )
        ready = current and granted and _has_jobs_tables(connection)
        connection.commit()
        return ready

    def _require_known_revision(self, connection: Connection) -> None:
        current = self.current_revision(connection)
        scripts = ScriptDirectory.from_config(self._config())
        if current in (None, *(each.revision for each in scripts.walk_revisions())):
            return
        raise UnknownRevision(
            f"the database is at revision {current}, which this version does not have: migrate it"
            f" to {scripts.get_base()} with the version that made it, then run this again"
            " (docs/operations.md, Old revisions)"
        )

    def _take_lock(self, connection: Connection) -> None:
        # Tried again and again: CREATE INDEX CONCURRENTLY of the other run would wait for ever for
        # a statement that waits here.
        attempt = text(f"SELECT pg_try_advisory_lock({self.lock})")
        while not connection.execute(attempt).scalar_one():
            connection.commit()
            time.sleep(RETRY_LOCK_SECONDS)
        connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
        connection.commit()

    def _config(self, connection: Connection | None = None) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self.folder))
        config.attributes["connection"] = connection
        return config


def run_revisions(metadata: MetaData) -> None:
    """Alembic's entry (`env.py`): run revisions over the connection that `Migrations` hands in."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def _owner_connection(url: str) -> Iterator[Connection]:
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            require_owner(_driver(connection))
            yield connection
    finally:
        engine.dispose()


def _has_jobs_tables(connection: Connection) -> bool:
    return connection.execute(_JOBS_TABLE).scalar() is not None


def _driver(connection: Connection) -> Any:
    """The psycopg connection underneath."""
    return connection.connection.driver_connection
