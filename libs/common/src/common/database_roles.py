"""The two roles of a service's database.

The owner migrates, and removes old audit months. The service connects with its own role, which
owns nothing: it reads and writes rows as far as its list of privileges goes, and changes no table.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, LiteralString, NoReturn

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from common.settings import EXIT_MISCONFIGURED

READ: Final = ("SELECT",)
APPEND: Final = (*READ, "INSERT")
CHANGE: Final = (*APPEND, "UPDATE")
EVERYTHING: Final = (*CHANGE, "DELETE")
# Of a log in a sealed chain a trigger lets only those columns change, and once.
APPEND_AND_SEAL: Final = (
    *APPEND,
    "UPDATE (position)",
    "UPDATE (previous_hash)",
    "UPDATE (hash)",
)
JOBS: Final[Mapping[str, tuple[str, ...]]] = {
    "procrastinate_jobs": EVERYTHING,
    "procrastinate_events": EVERYTHING,
    "procrastinate_periodic_defers": EVERYTHING,
    "procrastinate_workers": EVERYTHING,
}

Privileges = Mapping[str, tuple[str, ...]]
"""By table; a table that is not listed is one of EVERYTHING."""

GRANTED: Final = """
SELECT relname, coalesce(array_agg(privilege) FILTER (WHERE privilege IS NOT NULL), '{}')
FROM pg_class LEFT JOIN LATERAL (
  SELECT privilege_type FROM aclexplode(relacl)
  WHERE grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = %(role)s))
  UNION
  SELECT format('%%s (%%s)', privilege_type, attname)
  FROM pg_attribute, aclexplode(attacl)
  WHERE attrelid = pg_class.oid
    AND grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = %(role)s))
) AS acl (privilege) ON true
WHERE relnamespace = current_schema()::text::regnamespace AND relkind IN ('r', 'p')
  AND pg_has_role(relowner, 'USAGE')
GROUP BY relname
"""
LATER: Final = "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT "
# The schema's own privileges first; what is created later is covered by the defaults.
REACH: Final[tuple[LiteralString, ...]] = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    LATER + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    LATER + "USAGE ON SEQUENCES TO {role}",
    LATER + "USAGE ON TYPES TO {role}",
    LATER + "EXECUTE ON FUNCTIONS TO {role}",
)
OWNS: Final = """
SELECT CASE WHEN to_regclass('alembic_version') IS NULL
  THEN has_schema_privilege(current_schema(), 'CREATE')
  ELSE (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class
    WHERE oid = to_regclass('alembic_version')) END
"""
OWNER_OF_TABLES: Final = """
SELECT pg_get_userbyid(relowner) FROM pg_class
WHERE oid = to_regclass('alembic_version') AND pg_has_role(relowner, 'MEMBER')
"""
CONNECT_SECONDS: Final = 3

Connection = psycopg.Connection[Any]


class WrongRole(Exception):
    """A role cannot be a service's own; the message is one line."""


class NotTheOwner(WrongRole):
    """A role does not own the tables."""


class UnknownRevision(Exception):
    """A database is at a revision that this version does not have; the message is one line."""


def role_of(url: str) -> str:
    """The role that a URL connects as. Raises WrongRole when it names none."""
    name = conninfo_to_dict(url).get("user")
    if not name:
        raise WrongRole("the URL names no role: write postgresql://role:password@host/database")
    return str(name)


def granted_privileges(connection: Connection, role: str) -> dict[str, frozenset[str]]:
    """What a role may do with each table of ours, by its own grants and those to PUBLIC."""
    rows = connection.execute(GRANTED, {"role": role}).fetchall()
    return {table: frozenset(privileges) for table, privileges in rows}


def is_granted(connection: Connection, role: str, privileges: Privileges) -> bool:
    """Whether the role may do exactly what the list says."""
    actual = granted_privileges(connection, role)
    return all(has == _wanted(table, privileges) for table, has in actual.items())


def require_owner(connection: Connection) -> None:
    """Raises NotTheOwner unless this connection's role may change the tables."""
    (owns,) = connection.execute(OWNS).fetchone() or (False,)
    if not owns:
        raise NotTheOwner(
            f"the role {connection.info.user} does not own the tables of its database"
        )


def open_schema(connection: Connection, role: str) -> None:
    """Let a service's role reach the schema and what the owner creates there later.

    Raises WrongRole when it cannot be a role of the service's own.
    """
    (member,) = connection.execute(
        "SELECT pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone() or (None,)
    if member is None:
        raise WrongRole(f"there is no role {role}: CREATE ROLE {role} LOGIN PASSWORD '...' first")
    if member:
        raise WrongRole(f"the role {role} has the owner's rights: the service needs its own role")
    (schema,) = connection.execute("SELECT current_schema()").fetchone() or ("public",)
    names = {"database": connection.info.dbname, "role": role, "schema": str(schema)}
    for statement in REACH:
        _execute(connection, statement, names)


def grant_privileges(connection: Connection, role: str, privileges: Privileges) -> None:
    """Let the role do with each table exactly what the list says; other grants are revoked."""
    for table, has in granted_privileges(connection, role).items():
        wanted = _wanted(table, privileges)
        if has == wanted:
            continue
        names = {"table": table, "role": role}
        _execute(connection, "REVOKE ALL ON TABLE {table} FROM PUBLIC, {role}", names)
        for privilege in sorted(wanted):
            statement = sql.SQL("GRANT {} ON TABLE {} TO {}").format(
                _privilege(privilege), sql.Identifier(table), sql.Identifier(role)
            )
            connection.execute(statement)


def require_service_role(url: str, variable: str) -> None:
    """Exit with one line when the URL's role has the rights of the tables' owner.

    A server that does not answer is not judged: services start before it, and wait.
    """
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            owner = connection.execute(OWNER_OF_TABLES).fetchone()
    except psycopg.OperationalError:
        return
    if owner is not None:
        _fail(
            f"{variable}: the role {role_of(url)} has the rights of {owner[0]}, who owns the "
            "tables; give the service its own role (docs/operations.md, Database roles)"
        )


@contextmanager
def roles_of_settings(prefix: str) -> Iterator[None]:
    """Exit with one line that names the variable whose role or database is the wrong one."""
    try:
        yield
    except (NotTheOwner, UnknownRevision) as error:
        _fail(f"{prefix}MIGRATION_DATABASE_URL: {error}")
    except WrongRole as error:
        _fail(f"{prefix}DATABASE_URL: {error}")


def require_owner_url(url: str) -> None:
    """Raises NotTheOwner unless the URL's role may change the tables."""
    with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
        require_owner(connection)


def _fail(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(EXIT_MISCONFIGURED)


def _wanted(table: str, privileges: Privileges) -> frozenset[str]:
    return frozenset(privileges.get(table, EVERYTHING))


def _privilege(privilege: str) -> sql.Composable:
    """`UPDATE (hash)` as SQL, its column quoted."""
    verb, _, column = privilege.partition(" (")
    named: sql.Composable = sql.SQL("")
    if column:
        named = sql.SQL(" ({})").format(sql.Identifier(column.removesuffix(")")))
    # The verbs are constants of this module.
    return sql.Composed([sql.SQL(_literal(verb)), named])


def _literal(verb: str) -> LiteralString:
    verbs: tuple[LiteralString, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")
    return next(each for each in verbs if each == verb)


def _execute(connection: Connection, statement: LiteralString, names: Mapping[str, str]) -> None:
    identifiers = {name: sql.Identifier(value) for name, value in names.items()}
    connection.execute(sql.SQL(statement).format(**identifiers))
