"""The two edges as processes, told the same settings: what production runs."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Final, Protocol
from urllib.error import HTTPError
from urllib.request import urlopen

from common.servers.ports import free_ports
from common.servers.process import launch_command
from devstack.traefik_program import traefik_binary
from gateway.traefik.certificates import Pair, make_pair

OK: Final = 200
READY_SECONDS: Final = 30.0
STOP_SECONDS: Final = 25.0


class Edge(Protocol):
    """One edge with the policy behind it."""

    kind: str
    url: str

    def start(self) -> None:
        """Start, and return when it serves."""
        ...

    def stop(self) -> None:
        """Stop everything; idempotent."""
        ...

    def terminate(self) -> int:
        """SIGTERM to the process that clients speak with; its exit status."""
        ...

    @property
    def draining(self) -> bool:
        """Whether it tells load balancers to send nothing more."""
        ...


@dataclass(slots=True)
class Processes:
    """Children by name, each with a log; they die with the tests."""

    directory: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        launcher = launch_command(command, Path.cwd(), signal.SIGKILL)
        with (self.directory / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own programs
                launcher, env=dict(environment), stdout=log, stderr=log, start_new_session=True
            )

    def end(self, name: str, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end."""
        process = self.running.pop(name)
        process.send_signal(number)
        return process.wait(STOP_SECONDS)

    def end_all(self) -> None:
        for name in reversed(list(self.running)):
            self.end(name, signal.SIGKILL)

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text()


@dataclass(slots=True)
class EmbeddedEdge:
    """`python -m gateway`."""

    directory: Path
    settings: Mapping[str, str]
    kind: str = "embedded"
    url: str = ""
    processes: Processes = field(init=False)

    def __post_init__(self) -> None:
        self.processes = Processes(self.directory)
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self.settings = {**os.environ, **self.settings, "GATEWAY_PORT": str(port)}

    def start(self) -> None:
        self.processes.start("gateway", [sys.executable, "-m", "gateway"], self.settings)
        wait_until_live(self.url, self.processes, "gateway")

    def stop(self) -> None:
        self.processes.end_all()

    def terminate(self) -> int:
        return self.processes.end("gateway")

    @property
    def draining(self) -> bool:
        return status_of(f"{self.url}/readyz") != OK


@dataclass(slots=True)
class TraefikEdge:
    """The real Traefik, and the policy service over TLS with HTTP/2 behind it."""

    directory: Path
    settings: Mapping[str, str]
    kind: str = "traefik"
    url: str = ""
    processes: Processes = field(init=False)

    def __post_init__(self) -> None:
        self.processes = Processes(self.directory)
        port, policy_port, own_port = free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        authority = self.directory / "authority.pem"
        pair = Pair(self.directory / "policy.pem", self.directory / "policy-key.pem")
        make_pair(authority, pair, ("127.0.0.1",))
        own = {
            "GATEWAY_PORT": str(port),
            "GATEWAY_POLICY_PORT": str(policy_port),
            "GATEWAY_POLICY_URL": f"https://127.0.0.1:{policy_port}",
            "GATEWAY_POLICY_CA": str(authority),
            "GATEWAY_POLICY_CERTIFICATE": str(pair.certificate),
            "GATEWAY_POLICY_KEY": str(pair.key),
            "GATEWAY_TRAEFIK_PORT": str(own_port),
        }
        self.settings = {**os.environ, **self.settings, **own}

    def start(self) -> None:
        self.start_policy()
        render = [sys.executable, "-m", "gateway.cli", "render-traefik"]
        subprocess.run(  # noqa: S603 - our own command
            [*render, str(self.directory / "traefik")],
            env=self.settings,
            check=True,
            capture_output=True,
        )
        self.start_traefik()

    def start_policy(self) -> None:
        command = [sys.executable, "-m", "gateway.policy_service"]
        self.processes.start("policy", command, self.settings)

    def kill_policy(self) -> None:
        self.processes.end("policy", signal.SIGKILL)

    def start_traefik(self) -> None:
        configuration = self.directory / "traefik" / "traefik.yml"
        command = [str(traefik_binary()), f"--configFile={configuration}"]
        self.processes.start("traefik", command, {"PATH": os.environ["PATH"]})
        wait_until_live(self.url, self.processes, "traefik")

    def stop(self) -> None:
        self.processes.end_all()

    def terminate(self) -> int:
        return self.processes.end("traefik")

    @property
    def draining(self) -> bool:
        # /readyz is the system's, which the policy tells; of Traefik itself its own port tells.
        return status_of(f"http://127.0.0.1:{self.settings['GATEWAY_TRAEFIK_PORT']}/ping") != OK


def status_of(url: str) -> int:
    """The status of a GET; 0 when nobody answers."""
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def wait_until_live(url: str, processes: Processes, name: str) -> None:
    """Poll until `/livez` answers; for Traefik that is the policy behind it."""
    deadline = monotonic() + READY_SECONDS
    while monotonic() < deadline:
        if status_of(f"{url}/livez") == OK:
            return
        dead = {each for each, child in processes.running.items() if child.poll() is not None}
        assert not dead, f"{dead} ended: {[processes.log(each)[-2000:] for each in dead]}"
        sleep(0.05)
    raise AssertionError(f"{name} is not there: {processes.log(name)[-2000:]}")
