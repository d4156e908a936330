"""Databases of a Postgres server: made, cloned from a template, dropped."""

from contextlib import suppress
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def database_url(server_url: str, name: str) -> str:
    """The same server and account, another database."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def _execute(server_url: str, statement: LiteralString, **names: str) -> None:
    # CREATE and DROP DATABASE run outside transactions only.
    with psycopg.connect(server_url, autocommit=True, connect_timeout=5) as connection:
        identifiers = {key: sql.Identifier(value) for key, value in names.items()}
        connection.execute(sql.SQL(statement).format(**identifiers))


def create_missing_database(server_url: str, name: str) -> str:
    """Make the database unless it exists; return its URL."""
    with suppress(psycopg.errors.DuplicateDatabase):
        _execute(server_url, "CREATE DATABASE {name}", name=name)
    return database_url(server_url, name)


def create_owned_database(server_url: str, name: str, password: str) -> str:
    """Make the database and a role of the same name that owns it; return the role's URL.

    The password is set again each time; only the role and superusers may connect.
    """
    create_login(server_url, name, password)
    with psycopg.connect(server_url, autocommit=True, connect_timeout=5) as connection:
        role = sql.Identifier(name)
        with suppress(psycopg.errors.DuplicateDatabase):
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
        connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(role))
    return as_role(database_url(server_url, name), name, password)


def add_service_role(server_url: str, name: str, password: str) -> str:
    """Make the role that a service connects to the database as; return its URL.

    It is called NAME_service and owns nothing. Its password is set each time. Only it, the owner
    and superusers may connect. What it may do with the tables is granted by migrations.
    """
    role = f"{name}_service"
    create_login(server_url, role, password)
    _execute(server_url, "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC", name=name)
    _execute(server_url, "GRANT CONNECT ON DATABASE {name} TO {role}", name=name, role=role)
    return as_role(database_url(server_url, name), role, password)


def create_login(server_url: str, role: str, password: str) -> None:
    """Make the role unless it exists, and set its password."""
    with psycopg.connect(server_url, autocommit=True, connect_timeout=5) as connection:
        name, secret = sql.Identifier(role), sql.Literal(password)
        with suppress(psycopg.errors.DuplicateObject):
            connection.execute(sql.SQL("CREATE ROLE {}").format(name))
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, secret))


def as_role(url: str, role: str, password: str) -> str:
    """The same database for another role."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{host}"))


def clone_database(server_url: str, template: str, name: str) -> str:
    """Copy a database without connections; return the copy's URL."""
    # Whole files, where the other strategy reads and logs each page of every table.
    statement: LiteralString = "CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
    _execute(server_url, statement, name=name, template=template)
    return database_url(server_url, name)


def drop_database(server_url: str, name: str) -> None:
    """Remove the database, and end its connections."""
    _execute(server_url, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)
