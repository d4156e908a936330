"""Runs Alembic from code: no ini file, one advisory lock, short waits for locks."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from common.database import async_url

# Two `auth migrate` at once (two pods of one release) take turns; the second finds nothing to do.
ADVISORY_LOCK: Final = 4_061_520_002
# A migration that would queue behind a long transaction must not make every reader queue behind it.
LOCK_TIMEOUT_MS: Final = 5_000


def upgrade(url: str, revision: str = "head") -> None:
    """Upgrade the database to a revision; quick when it is there already."""
    if revision == "head" and _is_current(url):
        return
    _run(url, revision, command.upgrade)


def downgrade(url: str, revision: str) -> None:
    """Downgrade the database; for tests and emergencies."""
    _run(url, revision, command.downgrade)


def _is_current(url: str) -> bool:
    """Whether there is nothing to do; found out without loading the models."""
    engine = create_engine(async_url(url))
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current == ScriptDirectory.from_config(_config()).get_current_head()


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
    finally:
        engine.dispose()
