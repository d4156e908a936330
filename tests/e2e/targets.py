"""The two stacks that the journey runs on: processes started as `make run` does, or containers."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from devstack.environment import auth_environment
from devstack.provisioning import auth_command
from devstack.stack import Stack

SERVICES = ("gateway", "auth", "core")


class Target(Protocol):
    """A running stack, as a test needs it."""

    @property
    def url(self) -> str:
        """The gateway's address."""
        ...

    @property
    def authority(self) -> str | None:
        """The certificates by which to verify the gateway's; None for plain HTTP."""
        ...

    @property
    def password(self) -> str:
        """The password of the demo accounts."""
        ...

    @property
    def service_urls(self) -> Mapping[str, str]:
        """The services' own addresses, as far as they can be reached past the gateway."""
        ...

    def log(self, service: str) -> str:
        """Everything that a service has logged."""
        ...

    def most_resident_mebibytes(self) -> Mapping[str, int]:
        """The most memory that each process has ever held, as far as it can be looked at."""
        ...

    def create_admin(self, email: str, password: str) -> None:
        """Make an account by the command line."""
        ...


def logged_by(target: Target, request_id: str) -> set[str]:
    """The services whose log has a line with this request ID."""
    return {name for name in SERVICES if _has_line(target.log(name), request_id)}


def _has_line(log: str, request_id: str) -> bool:
    lines = (line[line.find("{") :] for line in log.splitlines() if request_id in line)
    # Traefik logs the header that the service has answered with.
    names = ("request_id", "downstream_X-Request-Id")
    return any(request_id in map(json.loads(line).get, names) for line in lines)


def _most_resident_mebibytes(pid: int) -> int:
    """proc(5): VmHWM, in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


@dataclass(frozen=True, slots=True)
class Processes:
    """A stack for this test session."""

    stack: Stack

    @property
    def url(self) -> str:
        return self.stack.base_url

    @property
    def authority(self) -> str | None:
        return None

    @property
    def password(self) -> str:
        return self.stack.password

    @property
    def service_urls(self) -> Mapping[str, str]:
        return {"auth": self.stack.wiring.auth_url, "core": self.stack.wiring.core_url}

    def log(self, service: str) -> str:
        return self.stack.log(service).read_text()

    def most_resident_mebibytes(self) -> Mapping[str, int]:
        return {
            name: _most_resident_mebibytes(self.stack.supervisor.pid(name)) for name in SERVICES
        }

    def create_admin(self, email: str, password: str) -> None:
        command = auth_command("create-admin", "--email", email, "--name", "Test Account")
        environment = auth_environment(self.stack.wiring) | {"AUTH_ADMIN_PASSWORD": password}
        subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 - our own command


@dataclass(frozen=True, slots=True)
class Containers:
    """The stack that `docker-compose up -d` has started from this checkout."""

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{os.environ.get('MASIJALA_HTTPS_PORT', '8443')}"

    @property
    def authority(self) -> str | None:
        return self.run_in("policy", "cat", "/run/secrets/https-authority.pem")

    @property
    def password(self) -> str:
        return self.run_in("auth", "cat", "/run/secrets/auth_demo_password")

    @property
    def service_urls(self) -> Mapping[str, str]:
        return {}  # private networks: only Traefik's ports are published

    def log(self, service: str) -> str:
        container = "traefik" if service == "gateway" else service
        return self._compose("logs", "--no-color", container)

    def most_resident_mebibytes(self) -> Mapping[str, int]:
        return {}  # in their own namespaces

    def create_admin(self, email: str, password: str) -> None:
        secret = f"AUTH_ADMIN_PASSWORD={password}"
        command = ("auth", "create-admin", "--email", email, "--name", "Test Account")
        self.run_in("auth", "env", secret, *command)

    def run_in(self, service: str, *command: str) -> str:
        """Run a command in one of a service's containers."""
        return _run(["docker", "exec", self._containers(service)[0], *command])

    def run_in_each(self, service: str, *command: str) -> str:
        """Run a command in all of them; what they print, joined."""
        each = self._containers(service)
        return "".join(_run(["docker", "exec", container, *command]) for container in each)

    def _containers(self, service: str) -> list[str]:
        # By the engine: compose numbers them, and an upgrade leaves it without a first one.
        return self._compose("ps", "-q", service).split()

    def _compose(self, *arguments: str) -> str:
        return _run([*os.environ.get("COMPOSE", "docker-compose").split(), *arguments])


def _run(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return done.stdout
