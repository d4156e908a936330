"""Migrations go up and down, match the models, and can be repeated."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, create_engine
from sqlalchemy.exc import ProgrammingError

from common.database import async_url
from common.database_creation import create_missing_database, drop_database
from common.migrations import Migrations
from core_service import models
from core_service.app import CONSTRAINTS
from core_service.migrations import schema
from core_service.migrations.preparation import prepare
from core_service.tables import METADATA

BUILD_SECONDS = 30
POLL_SECONDS = 0.02
WAITING_BUILD = (
    "SELECT FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND query ILIKE '%INDEX%ix_cases_next%'"
    " AND datname = current_database()"
)

NEXT_REVISION = """
from common.migration_indexes import build_index, drop_index

revision = "next"
down_revision = "{head}"


def upgrade():
    build_index("ix_cases_next", "cases", ["status", "filed_on", "id"])


def downgrade():
    drop_index("ix_cases_next", "cases")
"""


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    url = create_missing_database(postgres_url, "core_empty")
    yield url
    drop_database(postgres_url, "core_empty")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(async_url(database_url))
    yield engine
    engine.dispose()


def names(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes"
        )
        return {name for (name,) in rows}


def test_up_down_and_up_again(empty_database_url: str) -> None:
    schema.upgrade(empty_database_url)
    first = names(empty_database_url)
    schema.downgrade(empty_database_url, "base")
    assert not {name for name in names(empty_database_url) if name.startswith(("uq_", "ck_"))}

    schema.upgrade(empty_database_url)

    assert names(empty_database_url) == first


def test_the_models_match_the_migrations(engine: Engine) -> None:
    assert models.Case.__tablename__ in METADATA.tables
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: "procrastinate" not in (name or "")}
        )
        assert compare_metadata(context, METADATA) == []


def test_checks_have_the_names_that_the_models_give_them(database_url: str) -> None:
    # Alembic's comparison leaves checks out.
    checks = {
        str(constraint.name)
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }

    assert {name for name in names(database_url) if name.startswith("ck_")} == checks


def test_the_database_is_at_the_head(engine: Engine) -> None:
    with engine.connect() as connection:
        assert schema.current_revision(connection) == schema.head_revision()


async def test_preparing_again_adds_nothing(database_url: str) -> None:
    assert await prepare(database_url) == 0


def test_two_migrations_at_once_take_turns(empty_database_url: str) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(schema.upgrade, [empty_database_url] * 2))

    assert "uq_cases_number" in names(empty_database_url)


@pytest.fixture
def next_schema(tmp_path: Path) -> Migrations:
    """The revisions with one more, which builds an index of cases."""
    folder = shutil.copytree(schema.folder, tmp_path / "migrations")
    revision = NEXT_REVISION.format(head=schema.head_revision())
    (folder / "versions" / "next.py").write_text(revision)
    return replace(schema, folder=folder)


def test_cases_are_written_to_while_their_index_is_built(
    empty_database_url: str, next_schema: Migrations
) -> None:
    schema.upgrade(empty_database_url)
    with (
        psycopg.connect(empty_database_url) as writer,
        psycopg.connect(empty_database_url, autocommit=True) as observer,
        ThreadPoolExecutor() as pool,
    ):
        writer.execute("LOCK TABLE cases IN ROW EXCLUSIVE MODE")
        migrating = pool.submit(next_schema.upgrade, empty_database_url)
        deadline = time.monotonic() + BUILD_SECONDS
        while not observer.execute(WAITING_BUILD).fetchall():
            assert time.monotonic() < deadline, "the migration does not come to the index"
            assert not migrating.done(), migrating.result()
            time.sleep(POLL_SECONDS)

        observer.execute("SET lock_timeout = '2s'")
        observer.execute("UPDATE cases SET sealed = sealed")
        writer.rollback()
        migrating.result()

    assert "ix_cases_next" in names(empty_database_url)


def test_an_index_whose_build_was_interrupted_is_built_again(
    empty_database_url: str, next_schema: Migrations
) -> None:
    schema.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE INDEX ix_cases_next ON cases (status)")
        connection.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_cases_next'::regclass"
        )

        next_schema.upgrade(empty_database_url)

        found = connection.execute(
            "SELECT indisvalid, indnkeyatts FROM pg_index"
            " WHERE indexrelid = 'ix_cases_next'::regclass"
        )
        assert found.fetchall() == [(True, 3)]


def test_a_migration_that_fails_at_its_index_can_be_run_again(
    empty_database_url: str, next_schema: Migrations
) -> None:
    schema.upgrade(empty_database_url)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE ix_cases_next ()")
        with pytest.raises(ProgrammingError, match="ix_cases_next"):
            next_schema.upgrade(empty_database_url)
        connection.execute("DROP TABLE ix_cases_next")

    next_schema.upgrade(empty_database_url)

    assert "ix_cases_next" in names(empty_database_url)


def test_every_constraint_that_has_a_domain_error_exists(database_url: str) -> None:
    assert set(CONSTRAINTS) <= names(database_url)


async def test_a_renamed_row_is_not_seeded_again(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE outcomes SET label = 'Renamed', label_norm = 'renamed'"
            " WHERE label = 'Struck Out'"
        )

    assert await prepare(database_url) == 0
