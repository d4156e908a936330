"""Writes what Traefik and the policy service of a local stack read."""

from collections.abc import Mapping
from pathlib import Path

from devstack.commands import run_command
from devstack.programs import Program, python_module
from devstack.servers.ports import LOOPBACK
from devstack.traefik_files import TraefikFiles
from gateway.traefik.certificates import make_pair


async def write_configuration(
    files: TraefikFiles, environment: Mapping[str, str], log: Path
) -> None:
    """Make the certificate, and render the configuration. Raises CommandFailed."""
    make_pair(files.authority, files.policy, (LOOPBACK,))
    command = python_module("gateway.cli", "render-traefik", str(files.directory))
    await run_command(Program("render-traefik", command, environment), log)
