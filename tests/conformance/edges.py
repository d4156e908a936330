"""The edge as processes: Traefik with the policy behind it."""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Final, Protocol
from unittest.mock import patch
from urllib.error import HTTPError
from urllib.request import urlopen

from common.settings import load_settings
from devstack.servers.ports import free_ports
from devstack.servers.process import launch_command
from devstack.traefik import traefik_binary
from gateway.settings import GatewaySettings
from gateway.traefik.certificates import Pair, make_pair
from gateway.traefik.render import write_configuration
from gateway.traefik.services import Servers

OK: Final = 200
LOOPBACK: Final = "127.0.0.1"
READY_SECONDS: Final = 30.0
STOP_SECONDS: Final = 25.0


class Edge(Protocol):
    """One edge with the policy behind it."""

    @property
    def url(self) -> str:
        """Where clients call it."""
        ...

    @property
    def plain_url(self) -> str:
        """Where it listens without TLS, if only to refuse."""
        ...

    @property
    def authority(self) -> str | None:
        """The certificates by which to verify its own; None for plain HTTP."""
        ...

    @property
    def client_address(self) -> str:
        """Where the tests' connections come from, as it sees them."""
        ...

    @property
    def policies(self) -> int:
        """How many policy services it asks, each of which counts alone while Redis is missing."""
        ...

    @property
    def draining(self) -> bool:
        """Whether it tells load balancers to send nothing more."""
        ...

    def start(self) -> None:
        """Start unless it runs as it should, and return when it serves."""
        ...

    def stop(self) -> None:
        """Stop everything; idempotent."""
        ...

    def terminate(self) -> int:
        """SIGTERM to the process that clients speak with; its exit status."""
        ...

    def stop_policy(self, number: signal.Signals) -> None:
        """End the policy service."""
        ...

    def start_policy(self) -> None:
        """Start it again."""
        ...


def tls_of(edge: Edge, *protocols: str) -> ssl.SSLContext | None:
    """How to speak with an edge; None is plain HTTP."""
    if edge.authority is None:
        return None
    context = ssl.create_default_context(cadata=edge.authority)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


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

    @property
    def complaint(self) -> str | None:
        """The logs of those that have ended by themselves; None when all run."""
        dead = [name for name, child in self.running.items() if child.poll() is not None]
        logs = [(self.directory / f"{name}.log").read_text()[-2000:] for name in dead]
        return f"{dead} ended: {logs}" if dead else None


@dataclass
class ProcessEdge:
    """The real Traefik with the policy service behind it, as `make run` starts them.

    Clients speak plain HTTP with it, or with `tls` HTTPS. `servers` are replicas, in place of what
    the settings name.
    """

    directory: Path
    settings: Mapping[str, str]
    tls: bool
    client_address: str = LOOPBACK
    policies: int = 1
    servers: Servers | None = None
    processes: Processes = field(init=False)

    def __post_init__(self) -> None:
        self.processes = Processes(self.directory)
        port, https_port, policy_port, own_port = free_ports(4)
        own = {
            "PORT": str(port),
            "POLICY_PORT": str(policy_port),
            "POLICY_URL": f"https://{LOOPBACK}:{policy_port}",
            "POLICY_CA": str(self.directory / "policy-authority.pem"),
            "TRAEFIK_PORT": str(own_port),
            **self._certificate("policy"),
        }
        if self.tls:
            own |= {"HTTPS_PORT": str(https_port), "HTTPS_PUBLIC_PORT": str(https_port)}
            own |= self._certificate("https")
        given = {f"GATEWAY_{name}": value for name, value in own.items()}
        self.settings = {**os.environ, **self.settings, **given}

    def _certificate(self, name: str) -> dict[str, str]:
        pair = Pair(self.directory / f"{name}.pem", self.directory / f"{name}-key.pem")
        make_pair(self.directory / f"{name}-authority.pem", pair, (LOOPBACK,))
        files = {"CERTIFICATE": pair.certificate, "KEY": pair.key}
        return {f"{name.upper()}_{part}": str(path) for part, path in files.items()}

    @property
    def url(self) -> str:
        if not self.tls:
            return self.plain_url
        return f"https://{LOOPBACK}:{self.settings['GATEWAY_HTTPS_PORT']}"

    @property
    def plain_url(self) -> str:
        return f"http://{LOOPBACK}:{self.settings['GATEWAY_PORT']}"

    @property
    def authority(self) -> str | None:
        return (self.directory / "https-authority.pem").read_text() if self.tls else None

    def start(self) -> None:
        if self.processes.running:
            return
        self.start_policy()
        # As `gateway render-traefik` does, which would be one more process to wait for.
        configuration = self.directory / "traefik"
        with patch.dict(os.environ, self.settings):
            settings = load_settings(GatewaySettings)
            list(write_configuration(settings, configuration, self.servers))
        command = [str(traefik_binary()), f"--configFile={configuration / 'traefik.yml'}"]
        self.processes.start("traefik", command, {"PATH": os.environ["PATH"]})
        wait_until_live(self, lambda: self.processes.complaint)

    def start_policy(self) -> None:
        command = [sys.executable, "-m", "gateway"]
        self.processes.start("policy", command, self.settings)

    def stop_policy(self, number: signal.Signals) -> None:
        self.processes.end("policy", number)

    def stop(self) -> None:
        self.processes.end_all()

    def terminate(self) -> int:
        return self.processes.end("traefik")

    @property
    def draining(self) -> bool:
        # /readyz is answered by the policy; Traefik reports its own state on its own port.
        return status_of(f"http://{LOOPBACK}:{self.settings['GATEWAY_TRAEFIK_PORT']}/ping") != OK


def status_of(url: str, tls: ssl.SSLContext | None = None) -> int:
    """The status of a GET; 0 without an answer."""
    try:
        with urlopen(url, timeout=2, context=tls) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def wait_until_live(edge: Edge, complaint: Callable[[], str | None]) -> None:
    """Poll until `/livez` answers, which is the policy's through Traefik."""
    deadline = monotonic() + READY_SECONDS
    while status_of(f"{edge.url}/livez", tls_of(edge)) != OK:
        ended = complaint()
        assert ended is None, ended
        assert monotonic() < deadline, f"{edge.url} does not answer"
        sleep(0.05)
