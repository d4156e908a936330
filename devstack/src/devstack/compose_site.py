"""The secrets of the containers of docker-compose.yml, replaced while they run."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from common.secret_values import SecretValue, Stage
from devstack.errors import CommandFailed
from devstack.rotation import BACKUPS, Values

ONCE: Final = ("run", "--rm", "-T", "--no-deps")
# On the network of the databases and of auth, and with the files of deploy/compose.
INSIDE: Final = (*ONCE, "auth-migrate", "python", "/deploy/rotation.py")
REPOSITORIES: Final = ("exec", "-T", "postgres", "repositories")
UPGRADE: Final = Path("deploy/compose/upgrade.py")
BACKUP: Final = Path("deploy/compose/backup.py")


class ComposeSite:
    """See `devstack.rotation.Site`; run in the folder of docker-compose.yml."""

    lacks: frozenset[str] = frozenset()

    async def change(self, stage: Stage, names: Sequence[str]) -> Values:
        if BACKUPS in names:
            await compose(*REPOSITORIES, "write")  # before anything changes: whether it can follow
        making = ("setup", "python", "/deploy/make_secrets.py", stage.value, *names)
        output = await compose(*ONCE, *making)
        written = json.loads(output.strip().splitlines()[-1])
        values = {name: SecretValue.read(value) for name, value in written.items()}
        if any("database_password" in name or name == "postgres_password" for name in names):
            await compose(*ONCE, "databases")
        if "redis_password" in values:
            value = values["redis_password"]
            await self._inside({"redis": [each for each in (value.current, value.spare) if each]})
        if BACKUPS in values:
            await compose(*REPOSITORIES, "follow")
        return values

    async def replace(self, services: Sequence[str]) -> None:
        if services:
            await run([sys.executable, str(UPGRADE), "--no-migrations", *services])

    async def auth(self, *command: str, **secrets: str) -> str:
        names = [part for name in secrets for part in ("-e", name)]
        return await compose(*ONCE, *names, "auth", "auth", *command, environment=secrets)

    async def back_up(self) -> None:
        await run([sys.executable, str(BACKUP), "full", "--next"])

    async def prove(self, values: Values) -> Sequence[str]:
        wanted = {name: asdict(each) for name, each in values.items() if name != BACKUPS}
        faults = await self._inside({"prove": wanted})
        if BACKUPS in values:
            faults += (await compose(*REPOSITORIES, "prove")).splitlines()
        return faults

    async def _inside(self, wanted: dict[str, Any]) -> list[str]:
        output = await compose(*INSIDE, given=json.dumps(wanted))
        faults: list[str] = json.loads(output.strip().splitlines()[-1])
        return faults


async def compose(
    *arguments: str, given: str = "", environment: dict[str, str] | None = None
) -> str:
    """Run docker-compose, or what COMPOSE says. Raises CommandFailed."""
    command = [*os.environ.get("COMPOSE", "docker-compose").split(), *arguments]
    return await run(command, given, environment)


async def run(
    command: Sequence[str], given: str = "", environment: dict[str, str] | None = None
) -> str:
    """What a command prints. Raises CommandFailed."""
    variables = {**os.environ, **(environment or {})}
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=variables
    )
    output, errors = await process.communicate(given.encode())
    if process.returncode != 0:
        raise CommandFailed(f"{command[0]} {command[1]}: {errors.decode(errors='replace')[-500:]}")
    return output.decode()
