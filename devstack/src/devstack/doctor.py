"""`masijala doctor`: what the stack needs on this machine, and how the running one is."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from common.http_client import ServiceClient
from devstack.environment import Ports
from devstack.errors import StackError
from devstack.home import Home, read_json
from devstack.readiness import is_ready
from devstack.servers import postgres, valkey
from devstack.servers.errors import ServerError
from devstack.servers.ports import require_free_port
from devstack.settings import DevstackSettings
from devstack.traefik import traefik_binary

OLDEST_PYTHON: Final = (3, 11)
NEEDED_BYTES: Final = 1024**3
GIBIBYTE: Final = 1024**3
SERVICES: Final = ("gateway", "auth", "core")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is good, and what to do when it is not."""

    subject: str
    good: bool
    detail: str


async def examine(settings: DevstackSettings) -> list[Finding]:
    """Look at everything; never stops at the first fault."""
    home = Home(settings.home.expanduser().absolute())
    running = read_json(home.running)
    findings = [_python(), _disk(home), _home(home), *_server_programs(), _data(home)]
    if running and _process_exists(int(running["process"])):
        return findings + [await _service(name, str(running[f"{name}_url"])) for name in SERVICES]
    return [*findings, _traefik(), *_ports(settings)]


def print_findings(findings: Iterable[Finding], console: Console) -> None:
    """A line for each finding."""
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = Text("ok", style="green") if finding.good else Text("NO", style="bold red")
        table.add_row(mark, Text(finding.subject), Text(finding.detail))
    console.print(table)


def _python() -> Finding:
    return Finding("Python", sys.version_info[:2] >= OLDEST_PYTHON, platform.python_version())


def _disk(home: Home) -> Finding:
    existing = next(each for each in (home.path, *home.path.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    advice = "" if free >= NEEDED_BYTES else ": free some space, the databases need 1 GiB"
    return Finding("disk", free >= NEEDED_BYTES, f"{free / GIBIBYTE:.1f} GiB free{advice}")


def _home(home: Home) -> Finding:
    existing = next(each for each in (home.path, *home.path.parents) if each.exists())
    if os.access(existing, os.W_OK | os.X_OK):
        return Finding("home", good=True, detail=str(home.path))
    return Finding("home", good=False, detail=f"cannot write to {existing}: set MASIJALA_HOME")


def _server_programs() -> list[Finding]:
    findings = []
    for name, program in (("Postgres", _postgres_program), ("Valkey", valkey.binary)):
        try:
            command = [str(program()), "--version"]
            shown = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
        except (ServerError, OSError, subprocess.CalledProcessError) as error:
            findings.append(Finding(name, good=False, detail=f"{error}: run `make setup`"))
        else:
            findings.append(Finding(name, good=True, detail=shown.stdout.strip()))
    return findings


def _postgres_program() -> str:
    return str(postgres.binaries() / "postgres")


def _data(home: Home) -> Finding:
    server = postgres.EmbeddedPostgres(home.postgres)
    if not server.pgdata.exists():
        return Finding("database", good=True, detail="none yet: the first start makes it")
    try:
        server.check_data()
    except ServerError as error:
        return Finding("database", good=False, detail=str(error))
    return Finding("database", good=True, detail=str(server.pgdata))


def _traefik() -> Finding:
    try:
        return Finding("Traefik", good=True, detail=str(traefik_binary()))
    except StackError as error:
        return Finding("Traefik", good=False, detail=str(error))


def _ports(settings: DevstackSettings) -> list[Finding]:
    findings = []
    for name, port in Ports.starting_at(settings.port).by_process.items():
        try:
            require_free_port(port, name, "stop what uses it, or set MASIJALA_PORT")
        except ServerError as error:
            findings.append(Finding(f"port of {name}", good=False, detail=str(error)))
        else:
            findings.append(Finding(f"port of {name}", good=True, detail=f"{port} is free"))
    return findings


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def _service(name: str, url: str) -> Finding:
    client = ServiceClient(url, attempts=1)
    try:
        ready = await is_ready(client)
    finally:
        await client.aclose()
    advice = "is ready" if ready else "is not ready: see its log"
    return Finding(name, ready, f"{url} {advice}")
