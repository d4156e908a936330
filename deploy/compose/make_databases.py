"""Makes each service's database and its two roles, in an empty server or one from before.

Runs as a one-shot container at every start, as the database's superuser. The owner of a database
migrates it; the service connects as another role, which owns nothing.
"""

from pathlib import Path

import psycopg

from common.database_creation import (
    add_service_role,
    as_role,
    create_login,
    create_owned_database,
)

SECRETS = Path("/run/secrets")


def main() -> None:
    """Make what is missing; the passwords are set each time."""
    server = superuser()
    for name in ("auth", "core"):
        create_owned_database(server, name, secret(f"{name}_database_password"))
        add_service_role(server, name, secret(f"{name}_service_database_password"))


def superuser() -> str:
    """The server, on which the superuser has its current password after this."""
    password, spare = secret("postgres_password"), SECRETS / "postgres_spare_password"
    server = "postgresql://postgres@postgres:5432/postgres"
    url = as_role(server, "postgres", password)
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        if not spare.exists():
            raise
        create_login(as_role(server, "postgres", spare.read_text()), "postgres", password)
    return url


def secret(name: str) -> str:
    """The content of a file that make_secrets.py wrote."""
    return (SECRETS / name).read_text()


if __name__ == "__main__":
    main()
