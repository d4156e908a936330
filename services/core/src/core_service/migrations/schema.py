"""Runs Alembic from code: no ini file, one advisory lock, short waits for locks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from common.database import migration_engine
from common.database_roles import grant_privileges, open_schema, require_owner
from core_service.migrations.privileges import PRIVILEGES

# Two `core migrate` at once (two pods of one release) take turns; the second finds nothing to do.
ADVISORY_LOCK: Final = 4_061_520_001
TAKE_TURN: Final = text(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})")
TURN_SECONDS: Final = 0.2
# A migration that would queue behind a long transaction must not make every reader queue behind it.
LOCK_TIMEOUT_MS: Final = 5_000


def upgrade(url: str, revision: str = "head", *, service_role: str | None = None) -> None:
    """Upgrade the database to a revision, and add the jobs' tables; quick when all is there.

    `url` is the owner's; `service_role`, if given, gets its privileges. Raises WrongRole.
    """
    with _locked(url) as connection:
        if service_role is not None:
            with connection.begin():
                open_schema(_driver(connection), service_role)
        command.upgrade(_config(connection), revision)
        connection.commit()
        _add_jobs_tables(connection)
        if service_role is not None:
            grant_privileges(_driver(connection), service_role, PRIVILEGES)
        connection.commit()


def downgrade(url: str, revision: str) -> None:
    """Downgrade the database; for tests and emergencies. The jobs' tables stay."""
    with _locked(url) as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def current_revision(connection: Connection) -> str | None:
    """The revision that the database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            require_owner(_driver(connection))
            # Asked again and again: a statement that waits would be waited for by those that build
            # an index beside the writers, for ever.
            while not connection.execute(TAKE_TURN).scalar_one():
                connection.commit()
                time.sleep(TURN_SECONDS)
            connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
            connection.commit()
            yield connection
    finally:
        engine.dispose()


def _add_jobs_tables(connection: Connection) -> None:
    """Procrastinate's own schema: in step with its version, so it is no revision of ours."""
    if connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is not None:
        return
    _driver(connection).execute(SchemaManager.get_schema())


def _driver(connection: Connection) -> Any:
    """The psycopg connection underneath."""
    return connection.connection.driver_connection
