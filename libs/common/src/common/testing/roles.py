"""What a service's own role must be refused by Postgres itself, whatever the service does."""

from typing import Final, LiteralString

import psycopg

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
