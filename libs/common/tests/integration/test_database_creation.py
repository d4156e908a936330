"""Databases that tests clone and the local stack makes."""

import psycopg
import pytest

from common.database_creation import (
    create_missing_database,
    create_owned_database,
    database_url,
    drop_database,
)
from testkit.databases import DatabaseFactory


def make_table(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE words (word text)")


def count(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM words").fetchone()
    assert row is not None
    return int(row[0])


def test_clones_do_not_see_each_other(database_factory: DatabaseFactory) -> None:
    template = database_factory("clones", make_table)
    with template.clone() as first, template.clone() as second:
        with psycopg.connect(first) as connection:
            connection.execute("INSERT INTO words VALUES ('only here')")
        assert (count(first), count(second)) == (1, 0)


def test_a_template_is_built_once(database_factory: DatabaseFactory) -> None:
    built: list[str] = []
    first = database_factory("once", built.append)
    second = database_factory("once", built.append)
    assert first is second
    assert len(built) == 1


def test_a_clone_is_dropped_after_the_test_even_with_a_connection_left(
    database_factory: DatabaseFactory,
) -> None:
    template = database_factory("dropped", make_table)
    with template.clone() as url:
        forgotten = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")
    forgotten.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_template_is_cloned_although_its_migration_left_a_connection(
    database_factory: DatabaseFactory,
) -> None:
    left: list[psycopg.Connection[tuple[object, ...]]] = []

    def migrate(url: str) -> None:
        make_table(url)
        left.append(psycopg.connect(url))

    with database_factory("left_open", migrate).clone() as url:
        assert count(url) == 0
    left[0].close()


def test_making_a_database_that_exists_keeps_it(postgres_url: str) -> None:
    url = create_missing_database(postgres_url, "kept")
    make_table(url)
    assert create_missing_database(postgres_url, "kept") == url
    assert count(url) == 0
    drop_database(postgres_url, "kept")


def test_an_owner_cannot_connect_to_anothers_database(postgres_url: str) -> None:
    first = create_owned_database(postgres_url, "owner_a", "secret-a")
    second = create_owned_database(postgres_url, "owner_b", "secret-b")
    try:
        make_table(first)
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(database_url(second, "owner_a"))
    finally:
        drop_database(postgres_url, "owner_a")
        drop_database(postgres_url, "owner_b")


def test_a_new_password_of_an_owner_holds_from_the_next_start(postgres_url: str) -> None:
    old = create_owned_database(postgres_url, "owner_c", "old")
    new = create_owned_database(postgres_url, "owner_c", "new")
    try:
        make_table(new)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(old)
    finally:
        drop_database(postgres_url, "owner_c")
