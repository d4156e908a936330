"""Auth's two database roles: the owner migrates and prunes, auth itself owns nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy.exc import ProgrammingError
from typer.testing import Result

from auth_service.app import load_keys
from auth_service.audit.retention import prune_months
from auth_service.migrations import schema
from auth_service.migrations.privileges import PRIVILEGES
from auth_service.settings import AuthSettings
from auth_service.tables import METADATA
from auth_service.wiring import wire
from common.audit.maintenance import ChainAudit
from common.audit.sealer import Sealer
from common.clock import FrozenClock
from common.database import Database
from common.database_creation import (
    add_service_role,
    create_owned_database,
    drop_database,
)
from testkit.auth.settings import SERVICE_ROLE
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

NAME = "auth_roles"
ROLE = f"{NAME}_service"


@pytest.fixture(scope="module")
def owner_url(postgres_url: str) -> Iterator[str]:
    """An empty database that is no superuser's."""
    with owned_database(postgres_url, NAME) as url:
        yield url


@pytest.fixture(scope="module")
def role_url(postgres_url: str, owner_url: str) -> str:
    """The same for auth's own role, migrated by the owner, with an event and a checkpoint."""
    url = add_service_role(postgres_url, NAME, "service")
    schema.upgrade(owner_url, service_role=ROLE)
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "INSERT INTO audit_events (occurred_at, action, outcome, details, position,"
            " previous_hash, hash) VALUES (now(), 'login', 'success', '{}', 1, '', '')"
        )
        connection.execute("INSERT INTO audit_checkpoints VALUES (1, 'head', '', now(), 'key', '')")
    return url


def test_the_privileges_are_exactly_those_of_the_list(owner_url: str, role_url: str) -> None:
    assert role_url
    assert granted_to(owner_url, ROLE) == {
        table: frozenset(wanted) for table, wanted in PRIVILEGES.items()
    }
    assert METADATA.tables.keys() <= PRIVILEGES.keys()


def test_auth_owns_nothing_and_is_a_member_of_no_role(owner_url: str, role_url: str) -> None:
    assert role_url
    assert owned_by(owner_url, ROLE) == []


def test_postgres_refuses_to_change_what_protects_the_audit(role_url: str) -> None:
    assert not_refused(role_url) == []


def test_a_table_of_a_later_migration_can_be_read_and_written(
    owner_url: str, role_url: str
) -> None:
    with psycopg.connect(owner_url) as owner:
        owner.execute("CREATE TABLE later (id bigserial PRIMARY KEY, word text)")
    try:
        with psycopg.connect(role_url) as connection:
            connection.execute("INSERT INTO later (word) VALUES ('a')")
            connection.execute("UPDATE later SET word = 'b'")
            assert connection.execute("DELETE FROM later RETURNING word").fetchall() == [("b",)]
    finally:
        with psycopg.connect(owner_url) as owner:
            owner.execute("DROP TABLE later")


def test_not_even_the_owner_can_delete_events_after_a_checkpoint_of_the_same_session(
    owner_url: str, role_url: str
) -> None:
    assert role_url
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        try_decoy(owner_url)


def test_another_service_s_role_cannot_connect(postgres_url: str, role_url: str) -> None:
    assert_databases_are_apart(postgres_url, NAME, role_url)


def test_a_database_without_the_role_gets_it_at_the_next_migration(postgres_url: str) -> None:
    with owned_database(postgres_url, "auth_before") as owner:
        schema.upgrade(owner)
        add_service_role(postgres_url, "auth_before", "service")
        schema.upgrade(owner, service_role="auth_before_service")
        assert granted_to(owner, "auth_before_service") == {
            table: frozenset(wanted) for table, wanted in PRIVILEGES.items()
        }


def test_privileges_granted_manually_are_revoked(owner_url: str, role_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute(f"GRANT DELETE ON audit_events TO {ROLE}")
        connection.execute("GRANT UPDATE (hash) ON audit_checkpoints TO PUBLIC")
    assert not_refused(role_url)
    schema.upgrade(owner_url, service_role=ROLE)
    assert not_refused(role_url) == []


def test_another_owner_s_table_in_the_schema_is_left_alone(
    postgres_url: str, owner_url: str, role_url: str
) -> None:
    migrate = partial(schema.upgrade, owner_url, service_role=ROLE)
    assert_tables_of_others_are_left_alone(postgres_url, NAME, role_url, migrate)


def test_only_the_owner_migrates(role_url: str, owner_url: str) -> None:
    assert_only_the_owner_migrates(
        schema.upgrade, owner_url=owner_url, owner=NAME, role_url=role_url, role=ROLE
    )


def test_the_wrong_role_is_named_in_one_line(
    run: Callable[..., Result], database_url: str, service_url: str
) -> None:
    both = {"AUTH_DATABASE_URL": service_url, "AUTH_MIGRATION_DATABASE_URL": service_url}
    for command in (("migrate",), ("prune-audit", "--before", "2020-01")):
        refused = run(*command, env=both)
        assert refused.exit_code == 2
        assert refused.stderr == (
            f"AUTH_MIGRATION_DATABASE_URL: the role {SERVICE_ROLE} does not own the tables of its"
            " database\n"
        )
    for command in (("verify-audit",), ("rotate-keys",)):
        refused = run(*command, env={"AUTH_DATABASE_URL": database_url})
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
        assert refused.stderr.startswith("AUTH_DATABASE_URL: the role ")
        assert "who owns the tables" in refused.stderr


@pytest.mark.usefixtures("run")
def test_auth_does_not_serve_with_the_rights_of_the_owner(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "auth_service"],
        env=os.environ | {"AUTH_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("AUTH_DATABASE_URL: the role ")


async def test_auth_seals_and_the_owner_prunes(
    postgres_url: str, settings: AuthSettings, clock: FrozenClock
) -> None:
    owner_url = create_owned_database(postgres_url, "auth_split", "owner")
    role_url = add_service_role(postgres_url, "auth_split", "service")
    try:
        schema.upgrade(owner_url, service_role="auth_split_service")
        own = settings.model_copy(update={"database_url": SecretStr(role_url)})
        auth, owner = wire(own, clock), Database.connect(owner_url)
        await load_keys(auth)
        later = clock.now() + timedelta(days=1)
        with pytest.raises(ProgrammingError, match="permission denied"):
            await prune_months(auth.get(Sealer), auth.get(ChainAudit), auth, later)
        chain = replace(auth.get(ChainAudit), database=owner)
        assert await prune_months(auth.get(Sealer), chain, auth, later) == 1
        await auth.get(Sealer).checkpoint()
        report = await auth.get(ChainAudit).verify()
        assert (report.faults, report.rows, report.start.position) == ([], 1, 1)
        await auth.close()
        await owner.close()
    finally:
        drop_database(postgres_url, "auth_split")


def test_migrating_without_the_owner_s_url_names_the_variable(run: Callable[..., Result]) -> None:
    refused = run("migrate")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "AUTH_MIGRATION_DATABASE_URL: Field required\n",
    )
