"""The edge of docker-compose.yml in containers: real Traefik with TLS, the policy, Redis.

One project for the session. An edge with other settings takes the place of the one before, so
there is one at a time; `start` brings the wanted one back.
"""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from conformance.edges import OK, status_of, wait_until_live
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from devstack.servers.ports import free_ports

FILES: Final = ("docker-compose.yml", "tests/conformance/compose.yml")
PROJECT: Final = f"{os.environ.get('COMPOSE_PROJECT_NAME', 'masijala')}-conformance"
CONFIGURED: Final = ("policy", "traefik-config")
CONTAINERS: Final = (*CONFIGURED, "traefik")
# Where in the policy's container a file outlives it.
SHARED: Final = Path("/var/tmp")  # noqa: S108 - the test's volume in the container


@dataclass
class ComposeProject:
    """Containers by the names of their services."""

    directory: Path
    edge: "ComposeEdge | None" = None
    _ports: list[int] = field(default_factory=lambda: free_ports(4))

    def begin(self) -> None:
        """Secrets and Redis; the rest comes with an edge."""
        self.down()
        self.settle({})
        self.compose("run", "--rm", "setup")
        self.compose("up", "-d", "--no-deps", "redis")

    def down(self) -> None:
        """Remove the project's containers and volumes."""
        self.settle({})
        self.compose("down", "--volumes", "--timeout", "0")

    def settle(self, settings: Mapping[str, str]) -> None:
        """Write the settings for containers created from now on."""
        given = {
            name: text.replace("$", "$$")  # else compose takes it for a variable
            for name, text in settings.items()
            if name != "GATEWAY_REDIS_URL"  # the stack's own, whose password is among its secrets
        }
        services = {name: {"environment": given} for name in CONFIGURED}
        self._settings.write_text(json.dumps({"version": "3.8", "services": services}))

    def compose(self, *arguments: str) -> str:
        """Run docker-compose; gives what it prints."""
        files = [part for name in (*FILES, str(self._settings)) for part in ("-f", name)]
        program = os.environ.get("COMPOSE", "docker-compose").split()
        return _run([*program, *files, *arguments], self._environment)

    def docker(self, command: str, service: str, *options: str) -> str:
        """Do something to each of a service's containers."""
        return _run(["docker", command, *options, *self.containers(service)], os.environ)

    def containers(self, service: str) -> list[str]:
        """The IDs of a service's containers, also when they are stopped."""
        labels = {"project": PROJECT, "service": service, "oneoff": "False"}
        filters = [f"--filter=label=com.docker.compose.{name}={labels[name]}" for name in labels]
        return _run(["docker", "ps", "--all", "--quiet", *filters], os.environ).split()

    @property
    def redis_url(self) -> str:
        """Redis as the tests reach it."""
        password = self.compose("exec", "-T", "redis", "cat", "/run/secrets/redis_password")
        return f"redis://:{password.strip()}@127.0.0.1:{self._ports[2]}/0"

    @cached_property
    def authority(self) -> str:
        """By what Traefik's certificate can be verified; of a project it stays the same."""
        path = "/run/secrets/https-authority.pem"
        return self.compose("exec", "-T", "policy", "cat", path)

    @property
    def https_port(self) -> int:
        return self._ports[1]

    @property
    def plain_port(self) -> int:
        return self._ports[0]

    @property
    def traefik_port(self) -> int:
        return self._ports[3]

    @property
    def _settings(self) -> Path:
        return self.directory / "settings.json"

    @property
    def _environment(self) -> Mapping[str, str]:
        published = ("CONFORMANCE_REDIS_PORT", "CONFORMANCE_TRAEFIK_PORT")
        names = ("MASIJALA_PORT", "MASIJALA_HTTPS_PORT", *published)
        ports = dict(zip(names, map(str, self._ports), strict=True))
        # docker-compose.yml hands settings on; those of an edge are the test's alone.
        others = {
            name: value
            for name, value in os.environ.items()
            if name == "GATEWAY_IMAGE" or not name.startswith("GATEWAY_")
        }
        return {**others, **ports, "COMPOSE_PROJECT_NAME": PROJECT}


@dataclass
class ComposeEdge:
    """Traefik and the policy as containers of the project."""

    project: ComposeProject
    settings: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.project.https_port}"

    @property
    def plain_url(self) -> str:
        return f"http://127.0.0.1:{self.project.plain_port}"

    @property
    def authority(self) -> str:
        return self.project.authority

    @property
    def client_address(self) -> str:
        """This machine on the network whose port is published."""
        network = f"{PROJECT}_edge"
        (found,) = json.loads(_run(["docker", "network", "inspect", network], os.environ))
        configuration: list[dict[str, Any]] = found["IPAM"]["Config"]
        return str(configuration[0]["Gateway"])

    def start(self) -> None:
        if self.project.edge is self:
            return
        self.project.edge = None
        self.project.settle(self.settings)
        # What follows replicas would go on writing the files of the edge before.
        if self.project.containers("traefik-config"):
            self.project.docker("rm", "traefik-config", "--force")
        render = ("traefik-config", "gateway", "render-traefik", "/etc/traefik")
        self.project.compose("run", "--rm", "--no-deps", *render)
        self.project.compose(
            "up", "-d", "--no-deps", "--force-recreate", "--timeout", "0", *CONTAINERS
        )
        wait_until_live(self, self._complaint)
        self.project.edge = self

    def stop(self) -> None:
        """It runs until another replaces it, but tests must not rely on it any more."""
        if self.project.edge is self:
            self.project.edge = None

    def terminate(self) -> int:
        (container,) = self.project.containers("traefik")
        _run(["docker", "kill", "--signal=TERM", container], os.environ)
        return int(_run(["docker", "wait", container], os.environ))

    def stop_policy(self, number: signal.Signals) -> None:
        self.project.docker("kill", "policy", f"--signal={int(number)}")
        self.project.docker("wait", "policy")

    def start_policy(self) -> None:
        self.project.docker("start", "policy")

    @property
    def policies(self) -> int:
        return len(self.project.containers("policy"))

    @property
    def draining(self) -> bool:
        return status_of(f"http://127.0.0.1:{self.project.traefik_port}/ping") != OK

    def _complaint(self) -> str | None:
        for name in CONTAINERS:
            states = self.project.docker("inspect", name, "--format={{.State.Running}}").split()
            if set(states) != {"true"}:
                return self.project.compose("logs", "--tail=20", name)
        return None


@dataclass(frozen=True, slots=True)
class ContainerRedis:
    """The project's Redis, to break."""

    project: ComposeProject
    url: str

    def kill(self) -> None:
        self.project.docker("kill", "redis")

    def start(self) -> None:
        self.project.docker("start", "redis")
        with Redis.from_url(self.url, retry=Retry(ConstantBackoff(0.05), 200)) as client:
            client.ping()

    def pause(self) -> None:
        self.project.docker("pause", "redis")

    def resume(self) -> None:
        self.project.docker("unpause", "redis")


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=dict(environment), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}: {done.stderr[-2000:]}"
    return done.stdout
