"""The schema: it goes up, down and up again, and is the one that the models speak of."""

import time

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from auth_service import models
from auth_service.migrations import schema
from auth_service.tables import METADATA
from common import migrations
from common.database import async_url
from common.database_creation import create_missing_database, drop_database
from common.database_roles import UnknownRevision

OF_THE_JOBS = "procrastinate_"


def table_names(url: str) -> set[str]:
    """The tables of our revisions; those of the jobs are procrastinate's own."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND NOT starts_with(tablename, %s)",
            [OF_THE_JOBS],
        )
        return {name for (name,) in rows}


def test_the_schema_goes_up_down_and_up(postgres_url: str) -> None:
    url = create_missing_database(postgres_url, "auth_up_down_up")
    try:
        schema.upgrade(url)
        assert table_names(url) == {*METADATA.tables, "alembic_version"}
        schema.downgrade(url, "base")
        assert table_names(url) == {"alembic_version"}
        schema.upgrade(url)
        assert table_names(url) == {*METADATA.tables, "alembic_version"}
    finally:
        drop_database(postgres_url, "auth_up_down_up")


def is_ours(name: str | None, _kind: str, _parents: object) -> bool:
    return name is None or not name.startswith(OF_THE_JOBS)


def test_models_and_migrations_agree(database_url: str) -> None:
    assert models.User.metadata is METADATA
    engine = create_engine(async_url(database_url))
    try:
        with engine.connect() as connection:
            opts = {"compare_type": True, "include_name": is_ours}
            context = MigrationContext.configure(connection, opts=opts)
            assert compare_metadata(context, METADATA) == []
    finally:
        engine.dispose()


def test_every_constraint_has_a_name_of_ours(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
            " WHERE contype <> 'n' AND connamespace = 'public'::regnamespace"
            " AND relname <> 'alembic_version' AND NOT starts_with(relname, %s)",
            [OF_THE_JOBS],
        ).fetchall()
    assert rows
    assert all(name.startswith(("pk_", "uq_", "fk_", "ck_")) for (name,) in rows)


def test_a_database_at_an_older_revision_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    with pytest.raises(UnknownRevision, match=r"is at revision 0004, .* migrate it to 00"):
        schema.upgrade(database_url)


def test_tokens_from_before_versions_are_stale_where_grants_were_changed(postgres_url: str) -> None:
    url = create_missing_database(postgres_url, "auth_versions")
    insert = (
        "INSERT INTO users (id, email, name, is_active, tokens_valid_from, created_at, updated_at,"
        " version) VALUES (gen_random_uuid(), %s, %s, true, %s, now(), now(), 1)"
    )
    try:
        schema.upgrade(url, "0006")
        with psycopg.connect(url) as connection:
            connection.execute(insert, ["a@b.example", "Jose\u0301", None])
            connection.execute(insert, ["c@d.example", "Changed", "2026-01-01T00:00:00Z"])
        schema.upgrade(url)
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT name, token_version FROM users ORDER BY email")
            assert rows.fetchall() == [("Jos\u00e9", 0), ("Changed", 1)]
        schema.downgrade(url, "0006")
        schema.upgrade(url)
    finally:
        drop_database(postgres_url, "auth_versions")


def test_a_migration_gives_up_waiting_for_a_lock(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = create_missing_database(postgres_url, "auth_lock_timeout")
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT_MS", 200)
    try:
        schema.upgrade(url)
        with psycopg.connect(url) as reader:
            reader.execute("SELECT count(*) FROM users")  # holds its lock until the end
            with pytest.raises(Exception, match="lock timeout"):
                schema.downgrade(url, "base")
        assert "users" in table_names(url)
    finally:
        drop_database(postgres_url, "auth_lock_timeout")


def test_migrating_makes_the_tables_of_the_jobs(postgres_url: str) -> None:
    url = create_missing_database(postgres_url, "auth_without_jobs")
    try:
        schema.upgrade(url)
        with psycopg.connect(url) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        schema.upgrade(url)
        with psycopg.connect(url) as connection:
            jobs = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
        assert jobs == (0,)
    finally:
        drop_database(postgres_url, "auth_without_jobs")


def test_a_second_migration_has_nothing_to_do(database_url: str) -> None:
    started = time.monotonic()
    schema.upgrade(database_url)
    assert time.monotonic() - started < 5


def test_audit_events_can_be_neither_changed_nor_deleted(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO audit_events (occurred_at, action, outcome, details)"
            " VALUES (now(), 'login', 'failure', '{}')"
        )
        for statement in (
            "UPDATE audit_events SET outcome = 'success'",
            "DELETE FROM audit_events",
            "TRUNCATE audit_events",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(statement)
