"""What a stack needs in its databases: the schemas, core's client, the demo data.

Remembered in the home together with what it depends on, so that a step runs once, and again when
the databases are new, the code has changed or the password has. Every command is idempotent.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from devstack.code import code_fingerprint
from devstack.commands import run_command
from devstack.environment import (
    Wiring,
    auth_environment,
    auth_owner_environment,
    core_environment,
    core_owner_environment,
)
from devstack.errors import CommandFailed
from devstack.home import Home, read_json, write_json
from devstack.programs import Program, python_module

CORE_SCOPES: Final = "users:read,revocations:read,grants:read"
PACKAGES: Final = ("auth_service", "core_service", "common")
IDENTITY: Final = (
    "SELECT concat_ws('/', (pg_control_system()).system_identifier, pg_database.oid, pg_roles.oid) "
    "FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user"
)


@dataclass(frozen=True, slots=True)
class Provisioning:
    """Runs the services' own commands; knows none of their tables."""

    home: Home
    wiring: Wiring
    demo: bool

    async def prepare(self) -> None:
        """Bring the schemas up to date and put in what is missing; quick when nothing is."""
        wanted = await asyncio.to_thread(self._wanted)
        steps = {"schema": self._migrate, "client": self._client, "demo": self._demo}
        for name, fingerprint in wanted.items():
            done = read_json(self.home.provisioned)
            if done.get(name) != fingerprint:
                await steps[name]()
                write_json(self.home.provisioned, done | {name: fingerprint})

    def _wanted(self) -> dict[str, str]:
        """What each step's outcome depends on; the same value again means nothing to do."""
        auth = _identity(self.wiring.auth_database_url)
        core = _identity(self.wiring.core_database_url)
        secrets = self.wiring.secrets
        wanted = {
            "schema": _fingerprint(auth, core, code_fingerprint(*PACKAGES)),
            "client": _fingerprint(auth, secrets.core_client_secret, CORE_SCOPES),
        }
        if self.demo:
            wanted["demo"] = _fingerprint(auth, core, secrets.demo_password)
        return wanted

    async def _migrate(self) -> None:
        """Both side by side; starting Python is most of the time."""
        await asyncio.gather(
            self._run("migrate-auth", auth_command("migrate"), auth_owner_environment(self.wiring)),
            self._run("migrate-core", core_command("migrate"), core_owner_environment(self.wiring)),
        )

    async def _client(self) -> None:
        names = ("--client-id", "core", "--scopes", CORE_SCOPES, "--audiences", "auth")
        await self._run(
            "ensure-client",
            auth_command("ensure-client", *names),
            auth_environment(self.wiring)
            | {"AUTH_CLIENT_SECRET": self.wiring.secrets.core_client_secret},
        )

    async def _demo(self) -> None:
        output = await self._run(
            "seed-core", core_command("seed-demo"), core_environment(self.wiring)
        )
        courts = ",".join(_courts(output).values())
        await self._run(
            "seed-auth",
            auth_command("seed-demo", "--clerk-courts", courts),
            auth_environment(self.wiring)
            | {"AUTH_DEMO_PASSWORD": self.wiring.secrets.demo_password},
        )

    async def _run(
        self, name: str, command: tuple[str, ...], environment: Mapping[str, str]
    ) -> str:
        return await run_command(Program(name, command, environment), self.home.log(name))


def auth_command(*arguments: str) -> tuple[str, ...]:
    """A command of auth's command line."""
    return python_module("auth_service.cli", *arguments)


def core_command(*arguments: str) -> tuple[str, ...]:
    """A command of core's command line."""
    return python_module("core_service.cli", *arguments)


def _courts(output: str) -> dict[str, str]:
    """The IDs by name from the last line that `core seed-demo` prints."""
    try:
        answer: Any = json.loads(output.strip().splitlines()[-1])
        return {str(name): str(court) for name, court in answer["courts"].items()}
    except (IndexError, ValueError, KeyError, TypeError, AttributeError):
        raise CommandFailed("`core seed-demo` did not name the demo courts") from None


def _identity(database_url: str) -> str:
    """Tells this database and role from others of the same names, which were made later."""
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        row = connection.execute(IDENTITY).fetchone()
    return str(row[0]) if row else ""


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
