"""Runs Alembic from code: no ini file, one advisory lock, short waits for locks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from common.database import async_url

# Two `auth migrate` at once (two pods of one release) take turns; the second finds nothing to do.
ADVISORY_LOCK: Final = 4_061_520_002
# A migration that would queue behind a long transaction must not make every reader queue behind it.
LOCK_TIMEOUT_MS: Final = 5_000


def upgrade(url: str, revision: str = "head") -> None:
    """Upgrade the database, and add the jobs' tables; quick when all is there already."""
    if revision == "head" and _is_current(url):
        return
    _run(url, revision, command.upgrade)


def downgrade(url: str, revision: str) -> None:
    """Downgrade the database; for tests and emergencies. The jobs' tables stay."""
    _run(url, revision, command.downgrade)


def _is_current(url: str) -> bool:
    """Whether there is nothing to do; found out without loading the models."""
    engine = create_engine(async_url(url))
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            has_jobs = _has_jobs_tables(connection)
    finally:
        engine.dispose()
    return has_jobs and current == ScriptDirectory.from_config(_config()).get_current_head()


def _has_jobs_tables(connection: Connection) -> bool:
    return connection.execute(text("SELECT to_regclass('procrastinate_jobs')")).scalar() is not None


def _add_jobs_tables(connection: Connection) -> None:
    """Procrastinate's own schema: in step with its version, so it is no revision of ours."""
    from procrastinate.schema import SchemaManager  # not loaded when there is nothing to do

    if not _has_jobs_tables(connection):
        driver: Any = connection.connection.driver_connection
        driver.execute(SchemaManager.get_schema())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def _run(url: str, revision: str, action: Callable[[Config, str], None]) -> None:
    engine = create_engine(async_url(url))
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
            connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            action(config, revision)
            connection.commit()
            _add_jobs_tables(connection)
            connection.commit()
    finally:
        engine.dispose()
