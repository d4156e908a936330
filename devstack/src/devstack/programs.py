"""The processes of the stack."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from devstack.environment import (
    Wiring,
    auth_environment,
    core_environment,
    gateway_environment,
)
from devstack.traefik import RUNTIME, traefik_binary


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how to tell that it is ready; without a URL, running is ready."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    ready_url: str | None = None
    # Where a second process may listen while the first one drains (SO_REUSEPORT); none does not.
    shared_port: int | None = None


def python_module(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module under this very interpreter."""
    return (sys.executable, "-m", module, *arguments)


def stack_programs(wiring: Wiring) -> tuple[Program, ...]:
    """In the order of starting; stopped in the reverse order, the entrance first."""
    auth, core = auth_environment(wiring), core_environment(wiring)
    ports = wiring.ports
    auth_port = ports.auth if auth.get("AUTH_REUSE_PORT") == "1" else None
    core_port = ports.core if core.get("CORE_REUSE_PORT") == "1" else None
    policy = gateway_environment(wiring)
    traefik = (str(traefik_binary()), f"--configFile={wiring.traefik.configuration}")
    return (
        Program("auth", python_module("auth_service"), auth, wiring.auth_url, auth_port),
        Program("core", python_module("core_service"), core, wiring.core_url, core_port),
        Program("worker", python_module("core_service.worker"), core),
        # Its own readiness is asked through Traefik, which knows its certificate.
        Program("policy", python_module("gateway"), policy, shared_port=ports.policy),
        Program("gateway", traefik, RUNTIME, wiring.gateway_url),
    )
