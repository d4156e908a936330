"""What a service's own role must be refused by Postgres itself, whatever the service does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, LiteralString, Protocol

import psycopg
import pytest

from common.database_creation import (
    add_service_role,
    create_owned_database,
    database_url,
    drop_database,
)
from common.database_roles import NotTheOwner, WrongRole, granted_privileges

ANOTHER_TRIGGER: Final = """
CREATE TRIGGER another BEFORE INSERT ON audit_events
FOR EACH ROW EXECUTE FUNCTION protect_audit_events()
"""
WITHOUT_PROTECTION: Final = """
CREATE OR REPLACE FUNCTION protect_audit_events() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RETURN NEW; END $$
"""
FORBIDDEN: Final[tuple[LiteralString, ...]] = (
    "DELETE FROM audit_events",
    "DELETE FROM audit_checkpoints",
    "TRUNCATE audit_events",
    "TRUNCATE audit_checkpoints",
    "UPDATE audit_events SET occurred_at = now()",
    "UPDATE audit_events SET position = NULL, previous_hash = NULL, hash = NULL",
    "UPDATE audit_events SET position = position + 100",
    "UPDATE audit_checkpoints SET hash = ''",
    "UPDATE audit_checkpoints SET position = position + 100",
    "MERGE INTO audit_events USING audit_checkpoints ON true WHEN MATCHED THEN DELETE",
    "DROP TABLE audit_events",
    "DROP TABLE audit_checkpoints",
    "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only",
    "ALTER TABLE audit_events ADD COLUMN more text",
    "ALTER TABLE audit_events OWNER TO CURRENT_USER",
    "DROP TRIGGER audit_events_append_only ON audit_events",
    ANOTHER_TRIGGER,
    "CREATE RULE nothing AS ON INSERT TO audit_events DO INSTEAD NOTHING",
    WITHOUT_PROTECTION,
    "DROP FUNCTION protect_audit_events() CASCADE",
    "ALTER FUNCTION protect_audit_events() RESET ALL",
    "SET session_replication_role = replica",
    "CREATE TABLE mine (a int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "UPDATE alembic_version SET version_num = '0001'",
    "GRANT DELETE ON audit_events TO PUBLIC",
    "CREATE ROLE another",
    "COPY audit_events TO PROGRAM 'cat'",
)
# A session's own table goes before the real one wherever a path is not fixed.
DECOY: Final = """
CREATE TEMPORARY TABLE audit_checkpoints AS SELECT 'start'::text AS kind, 999 AS position
"""
OWNED: Final = """
SELECT relname FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = %(role)s)
UNION ALL
SELECT proname FROM pg_proc WHERE proowner = (SELECT oid FROM pg_roles WHERE rolname = %(role)s)
UNION ALL
SELECT rolname FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = roleid
WHERE member = (SELECT oid FROM pg_roles WHERE rolname = %(role)s)
"""


class Upgrade(Protocol):
    """How a service migrates its database and grants its role."""

    def __call__(self, url: str, *, service_role: str) -> None:
        """Migrate as the owner whose URL this is."""


@contextmanager
def owned_database(server_url: str, name: str) -> Iterator[str]:
    """The owner's URL of an empty database that belongs to no superuser."""
    url = create_owned_database(server_url, name, "owner")
    try:
        yield url
    finally:
        drop_database(server_url, name)


def granted_to(owner_url: str, role: str) -> dict[str, frozenset[str]]:
    """What the role may do with each table."""
    with psycopg.connect(owner_url) as connection:
        return granted_privileges(connection, role)


def assert_databases_are_apart(server_url: str, name: str, role_url: str) -> None:
    """A service's role connects to no other service's database, and no other's to this one."""
    with owned_database(server_url, "another"):
        other_url = add_service_role(server_url, "another", "service")
        for url, database in ((other_url, name), (role_url, "another")):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(database_url(url, database))


def assert_tables_of_others_are_left_alone(
    server_url: str, name: str, role_url: str, migrate: Callable[[], object]
) -> None:
    """A migration grants nothing on a table that another role owns."""
    with psycopg.connect(database_url(server_url, name)) as superuser:
        superuser.execute("CREATE TABLE theirs (a int)")
    try:
        migrate()
        with (
            psycopg.connect(role_url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("SELECT * FROM theirs")
    finally:
        with psycopg.connect(database_url(server_url, name)) as superuser:
            superuser.execute("DROP TABLE theirs")


def assert_only_the_owner_migrates(
    upgrade: Upgrade, *, owner_url: str, owner: str, role_url: str, role: str
) -> None:
    """The service's role does not migrate, and gets no rights of the owner."""
    with pytest.raises(NotTheOwner, match=f"role {role} does not own"):
        upgrade(role_url, service_role=role)
    with pytest.raises(WrongRole, match="its own role"):
        upgrade(owner_url, service_role=owner)
    with pytest.raises(WrongRole, match="there is no role nobody_known"):
        upgrade(owner_url, service_role="nobody_known")


def not_refused(url: str) -> list[str]:
    """The forbidden statements that Postgres lets this URL's role do; each is taken back."""
    allowed = []
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with connection.transaction(force_rollback=True):
                try:
                    with connection.transaction():
                        connection.execute(statement)
                except psycopg.errors.InsufficientPrivilege:
                    continue
                # GRANT without the right to is a warning, and grants nothing.
                if not statement.startswith("GRANT"):
                    allowed.append(statement)
    return allowed


def try_decoy(url: str) -> None:
    """Delete events behind a false checkpoint of retention. Raises InsufficientPrivilege."""
    with psycopg.connect(url) as connection:
        connection.execute(DECOY)
        connection.execute("DELETE FROM audit_events")


def owned_by(url: str, role: str) -> list[str]:
    """What a role owns in this database, and the roles that it is a member of."""
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute(OWNED, {"role": role})]
