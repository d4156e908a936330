"""Core's two database roles: the owner migrates, core and its worker own nothing."""

from collections.abc import Iterator
from functools import partial

import psycopg
import pytest

from common.database_creation import (
    add_service_role,
)
from core_service.migrations import schema
from core_service.migrations.preparation import prepare
from core_service.migrations.privileges import PRIVILEGES
from core_service.settings import CoreSettings
from core_service.tables import METADATA
from testkit.core.processes import process_environment, run_module
from testkit.core.settings import SERVICE_ROLE
from testkit.roles import (
    assert_databases_are_apart,
    assert_only_the_owner_migrates,
    assert_tables_of_others_are_left_alone,
    granted_to,
    not_refused,
    owned_by,
    owned_database,
    try_decoy,
)

NAME = "core_roles"
ROLE = f"{NAME}_service"


@pytest.fixture(scope="module")
def owner_url(postgres_url: str) -> Iterator[str]:
    """An empty database whose owner is not a superuser."""
    with owned_database(postgres_url, NAME) as url:
        yield url


@pytest.fixture(scope="module")
def role_url(postgres_url: str, owner_url: str) -> str:
    """The same database for core's role, migrated by the owner, with an event and a checkpoint."""
    url = add_service_role(postgres_url, NAME, "service")
    schema.upgrade(owner_url, service_role=ROLE)
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "INSERT INTO audit_events (occurred_at, action, entity, operation, changes, position,"
            " previous_hash, hash) VALUES (now(), 'read', 'cases', 'GET', '{}', 1, '', '')"
        )
        connection.execute("INSERT INTO audit_checkpoints VALUES (1, 'head', '', now(), 'key', '')")
    return url


def test_the_privileges_are_exactly_those_of_the_list(owner_url: str, role_url: str) -> None:
    assert role_url
    assert granted_to(owner_url, ROLE) == {
        table: frozenset(wanted) for table, wanted in PRIVILEGES.items()
    }
    assert METADATA.tables.keys() <= PRIVILEGES.keys()


def test_core_owns_nothing_and_is_a_member_of_nothing(owner_url: str, role_url: str) -> None:
    assert role_url
    assert owned_by(owner_url, ROLE) == []


def test_core_cannot_remove_the_protection_of_the_audit(role_url: str) -> None:
    assert not_refused(role_url) == []


def test_even_the_owner_cannot_delete_events_with_a_forged_checkpoint(
    owner_url: str, role_url: str
) -> None:
    assert role_url
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        try_decoy(owner_url)


def test_another_service_s_role_cannot_connect(postgres_url: str, role_url: str) -> None:
    assert_databases_are_apart(postgres_url, NAME, role_url)


async def test_a_database_without_the_role_gets_it_with_the_next_migration(
    postgres_url: str,
) -> None:
    with owned_database(postgres_url, "core_before") as owner:
        schema.upgrade(owner)
        add_service_role(postgres_url, "core_before", "service")
        await prepare(owner, "core_before_service")
        assert granted_to(owner, "core_before_service") == {
            table: frozenset(wanted) for table, wanted in PRIVILEGES.items()
        }


def test_another_owners_table_in_the_schema_is_not_changed(
    postgres_url: str, owner_url: str, role_url: str
) -> None:
    migrate = partial(schema.upgrade, owner_url, service_role=ROLE)
    assert_tables_of_others_are_left_alone(postgres_url, NAME, role_url, migrate)


def test_only_the_owner_migrates(role_url: str, owner_url: str) -> None:
    assert_only_the_owner_migrates(
        schema.upgrade, owner_url=owner_url, owner=NAME, role_url=role_url, role=ROLE
    )


def run(settings: CoreSettings, *command: str, **variables: str) -> tuple[int, str]:
    """The exit code and what was written to standard error."""
    done = run_module(process_environment(settings) | variables, *command)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "command",
    [("core_service",), ("core_service.worker",), ("core_service.cli", "rebuild")],
    ids=" ".join,
)
def test_only_migrations_accept_the_owners_role(
    settings: CoreSettings, database_url: str, command: tuple[str, ...]
) -> None:
    code, complaint = run(settings, *command, CORE_DATABASE_URL=database_url)
    assert (code, complaint.count("\n")) == (2, 1)
    assert complaint.startswith("CORE_DATABASE_URL: the role ")
    assert "who owns the tables" in complaint


def test_migrating_as_the_wrong_role_names_the_variable(
    settings: CoreSettings, service_url: str, database_url: str
) -> None:
    migrate = ("core_service.cli", "migrate")
    code, complaint = run(settings, *migrate, CORE_MIGRATION_DATABASE_URL=service_url)
    assert code == 2
    assert complaint == (
        f"CORE_MIGRATION_DATABASE_URL: the role {SERVICE_ROLE} does not own the tables of its"
        " database\n"
    )
    both = {"CORE_MIGRATION_DATABASE_URL": database_url, "CORE_DATABASE_URL": database_url}
    code, complaint = run(settings, *migrate, **both)
    assert (code, complaint.startswith("CORE_DATABASE_URL: the role ")) == (2, True)
    assert run(settings, *migrate) == (2, "CORE_MIGRATION_DATABASE_URL: Field required\n")


def test_migrating_an_older_revision_says_what_to_do(
    settings: CoreSettings, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0010'")
    code, complaint = run(
        settings, "core_service.cli", "migrate", CORE_MIGRATION_DATABASE_URL=database_url
    )
    assert (code, complaint.count("\n")) == (2, 1)
    assert complaint.startswith("CORE_MIGRATION_DATABASE_URL: the database is at revision 0010")
