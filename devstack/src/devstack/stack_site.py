"""The secrets of a stack of processes, replaced while it runs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from common.secret_proofs import faults
from common.secret_values import Stage
from devstack.commands import run_command
from devstack.environment import auth_environment
from devstack.home import write_json
from devstack.programs import Program, stack_programs
from devstack.provisioning import auth_command
from devstack.rotation import BACKUPS, Values
from devstack.secrets import StackSecrets
from devstack.stack import Stack

# What the embedded servers hold themselves.
OF_SERVERS: Final = frozenset({"postgres_password", "redis_password"})


@dataclass(slots=True)
class StackSite:
    """See `devstack.rotation.Site`."""

    stack: Stack
    lacks: frozenset[str] = frozenset({BACKUPS})

    async def change(self, stage: Stage, names: Sequence[str]) -> Values:
        stack = self.stack
        stored = StackSecrets.load_or_create(stack.home.secrets)
        changed = stored.at(stage, [name for name in names if name not in OF_SERVERS])
        write_json(stack.home.secrets, asdict(changed))
        values = {name: changed.value(name) for name in names if name not in OF_SERVERS}
        for name in OF_SERVERS.intersection(names):
            values[name] = await stack.servers.change_password(name, stage)
        await stack.rewire(changed)
        return values

    async def replace(self, services: Sequence[str]) -> None:
        programs = {program.name: program for program in stack_programs(self.stack.wiring)}
        for name in services:
            await self.stack.supervisor.replace(programs[name])

    async def auth(self, *command: str, **secrets: str) -> str:
        environment = auth_environment(self.stack.wiring) | secrets
        program = Program(command[0], auth_command(*command), environment)
        return await run_command(program, self.stack.log(program.name))

    async def back_up(self) -> None:
        raise NotImplementedError("this stack has no backups")

    async def prove(self, values: Values) -> Sequence[str]:
        wiring, servers = self.stack.wiring, self.stack.servers
        urls = {
            "auth_service_database_password": wiring.auth_database_url,
            "auth_database_password": wiring.auth_owner_url,
            "core_service_database_password": wiring.core_database_url,
            "core_database_password": wiring.core_owner_url,
            "postgres_password": servers.postgres.url if servers.postgres else "",
            "redis_password": wiring.redis_url,
            "core_client_secret": wiring.auth_url,
        }
        used = {name: (urls[name], value) for name, value in values.items() if urls.get(name)}
        return await faults(used)
