"""Runs Alembic from code: no ini file, one advisory lock, short waits for locks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from auth_service.migrations.privileges import PRIVILEGES
from common.database import migration_engine
from common.database_roles import grant_privileges, is_granted, open_schema, require_owner

# Two `auth migrate` at once (two pods of one release) take turns; the second finds nothing to do.
ADVISORY_LOCK: Final = 4_061_520_002
# A migration that would queue behind a long transaction must not make every reader queue behind it.
LOCK_TIMEOUT_MS: Final = 5_000


def upgrade(url: str, revision: str = "head", *, service_role: str | None = None) -> None:
    """Upgrade the database, and add the jobs' tables; quick when all is there already.

    `url` is the owner's; `service_role`, if given, gets its privileges. Raises WrongRole.
    """
    if revision == "head" and _is_current(url, service_role):
        return
    _run(url, revision, command.upgrade, service_role)


def downgrade(url: str, revision: str) -> None:
    """Downgrade the database; for tests and emergencies. The jobs' tables stay."""
    _run(url, revision, command.downgrade)


def _is_current(url: str, service_role: str | None) -> bool:
    """Whether there is nothing to do; found out without loading the models."""
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            require_owner(_driver(connection))
            current = MigrationContext.configure(connection).get_current_revision()
            has_jobs = _has_jobs_tables(connection)
            granted = service_role is None or is_granted(
                _driver(connection), service_role, PRIVILEGES
            )
    finally:
        engine.dispose()
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return has_jobs and granted and current == head


def _driver(connection: Connection) -> Any:
    """The psycopg connection underneath."""
    return connection.connection.driver_connection


def _has_jobs_tables(connection: Connection) -> bool:
    return connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is not None


def _add_jobs_tables(connection: Connection) -> None:
    """Procrastinate's own schema: in step with its version, so it is no revision of ours."""
    from procrastinate.schema import SchemaManager  # not loaded when there is nothing to do

    if not _has_jobs_tables(connection):
        _driver(connection).execute(SchemaManager.get_schema())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def _run(
    url: str,
    revision: str,
    action: Callable[[Config, str], None],
    service_role: str | None = None,
) -> None:
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
            connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
            if service_role is not None:
                open_schema(_driver(connection), service_role)
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            action(config, revision)
            connection.commit()
            _add_jobs_tables(connection)
            if service_role is not None:
                grant_privileges(_driver(connection), service_role, PRIVILEGES)
            connection.commit()
    finally:
        engine.dispose()
