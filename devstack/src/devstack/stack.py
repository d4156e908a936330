"""The whole stack: `make run` prints what it does, end-to-end tests use it as a fixture.

async with Stack(DevstackSettings(home=tmp_path, port=0)) as stack:
    ...  # stack.base_url, stack.password, stack.kill("auth"), stack.restart("auth")
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from devstack.commands import run_command
from devstack.data_servers import Servers
from devstack.environment import (
    Ports,
    Wiring,
    gateway_environment,
    users_environment,
)
from devstack.home import Home, write_json
from devstack.programs import Program, python_module, stack_programs
from devstack.provisioning import Provisioning
from devstack.secrets import StackSecrets
from devstack.servers.ports import LOOPBACK, require_free_port
from devstack.settings import DevstackSettings
from devstack.supervisor import Supervisor
from devstack.traefik import TraefikFiles, traefik_binary
from gateway.traefik.certificates import make_pair

DEMO_ACCOUNTS: Final = ("admin", "clerk", "viewer")
DEMO_DOMAIN: Final = "masijala.example"


def _quiet(_step: str) -> None:
    pass


async def _no_console() -> None:
    pass


@dataclass(slots=True)
class Stack:
    """One stack with its servers and processes; start it from the main thread.

    Its processes inherit `environment`, which may be for any of them.
    """

    settings: DevstackSettings
    report: Callable[[str], None] = _quiet
    environment: Mapping[str, str] = field(
        default_factory=lambda: users_environment(Path(".env")), repr=False
    )
    build_console: Callable[[], Awaitable[Path | None]] = _no_console
    home: Home = field(init=False)
    wiring: Wiring = field(init=False)
    servers: Servers = field(init=False)
    supervisor: Supervisor = field(init=False)
    _release: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.home = Home(self.settings.home.expanduser().absolute())
        self.supervisor = Supervisor(self.home.logs)

    @property
    def base_url(self) -> str:
        """Where the gateway listens."""
        return self.wiring.gateway_url

    @property
    def password(self) -> str:
        """The password of the demo accounts."""
        return self.wiring.secrets.demo_password

    def log(self, name: str) -> Path:
        """The log of a process: auth, core, worker, policy or gateway."""
        return self.home.log(name)

    async def start(self) -> None:
        """Everything up and ready. Raises StackError or ServerError; call `stop` even then."""
        await asyncio.to_thread(traefik_binary)
        self.home.create()
        self._release.enter_context(self.home.locked())
        ports = Ports.starting_at(self.settings.port)
        for name, port in ports.by_process.items():
            require_free_port(port, name, "stop what uses it, or set MASIJALA_PORT to another port")
        await self._wire(ports)
        self.report("preparing the databases")
        provisioning = Provisioning(self.home, self.wiring, self.settings.demo)
        _, console = await asyncio.gather(provisioning.prepare(), self.build_console())
        self.wiring = replace(self.wiring, console=console)
        environment = gateway_environment(self.wiring)
        log = self.home.log("render-traefik")
        await _write_traefik_configuration(self.wiring.traefik, environment, log)
        self.report("starting auth, core, worker, policy and gateway")
        await self.supervisor.start(stack_programs(self.wiring))
        self._announce()

    async def failure(self) -> Exception:
        """Wait until a part dies by itself; what to tell the user."""
        deaths = [
            asyncio.create_task(self.supervisor.failure()),
            asyncio.create_task(self.servers.failure()),
        ]
        try:
            done, _ = await asyncio.wait(deaths, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for death in deaths:
                death.cancel()

    async def kill(self, name: str) -> None:
        """End one process as a crash would; the others go on."""
        await self.supervisor.kill(name)

    async def restart(self, name: str) -> None:
        """Start one process again, and return when it is ready."""
        await self.supervisor.restart(name)

    async def stop(self) -> None:
        """Stop everything, the entrance first, the database last; idempotent."""
        await self.supervisor.stop()
        if hasattr(self, "servers"):
            await self.servers.stop()
        self._release.close()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def rewire(self, secrets: StackSecrets) -> None:
        """Let the programs that start from now on have these secrets."""
        addresses = await self.servers.use(secrets)
        self.wiring = replace(
            self.wiring,
            secrets=secrets,
            auth_database_url=addresses.auth.service,
            auth_owner_url=addresses.auth.owner,
            core_database_url=addresses.core.service,
            core_owner_url=addresses.core.owner,
            redis_url=addresses.redis,
        )

    async def _wire(self, ports: Ports) -> None:
        secrets = StackSecrets.load_or_create(self.home.secrets)
        if self.settings.demo_password is not None:
            given = self.settings.demo_password.get_secret_value()
            secrets = replace(secrets, demo_password=given)
        self.report("starting Postgres and Valkey")
        self.servers = Servers(self.settings, self.home, secrets)
        addresses = await self.servers.start()
        self.wiring = Wiring(
            ports=ports,
            secrets=secrets,
            auth_database_url=addresses.auth.service,
            auth_owner_url=addresses.auth.owner,
            core_database_url=addresses.core.service,
            core_owner_url=addresses.core.owner,
            redis_url=addresses.redis,
            origins=self.settings.origins,
            demo=self.settings.demo,
            jwks_file=self.home.jwks,
            mail_folder=self.home.mail,
            anchors=self.home.anchors,
            inherited=self.environment,
            traefik=TraefikFiles(self.home.traefik),
        )

    def _announce(self) -> None:
        """For `masijala import` and `masijala doctor`, which run next to this process."""
        where = {"process": os.getpid(), "gateway_url": self.wiring.gateway_url}
        where |= {"auth_url": self.wiring.auth_url, "core_url": self.wiring.core_url}
        write_json(self.home.running, where)
        # With the demo accounts' password, which they have by now and commands sign in with.
        write_json(self.home.secrets, asdict(self.wiring.secrets))
        self._release.callback(self.home.running.unlink, missing_ok=True)


async def _write_traefik_configuration(
    files: TraefikFiles, environment: Mapping[str, str], log: Path
) -> None:
    """Make the certificate, and render the configuration. Raises CommandFailed."""
    make_pair(files.authority, files.policy, (LOOPBACK,))
    command = python_module("gateway.cli", "render-traefik", str(files.directory))
    await run_command(Program("render-traefik", command, environment), log)
