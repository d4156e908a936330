"""Small programs that behave like services, or misbehave."""

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from devstack.environment import Ports, Wiring
from devstack.programs import Program
from devstack.secrets import StackSecrets
from devstack.servers.ports import free_port
from devstack.traefik import TraefikFiles

SERVICE = """
    import http.server, sys
    print('{"event": "started"}', flush=True)
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
        def log_message(self, *arguments):
            pass
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture
def script() -> Callable[..., Program]:
    """Makes a program from a name and some lines of Python."""

    def make(name: str, code: str, *arguments: str, ready_url: str | None = None) -> Program:
        command = (sys.executable, "-c", textwrap.dedent(code), *arguments)
        return Program(name, command, {}, ready_url)

    return make


@pytest.fixture
def service(script: Callable[..., Program]) -> Callable[[str], Program]:
    """Makes a program that is ready at once and stays."""

    def make(name: str) -> Program:
        port = free_port()
        return script(name, SERVICE, str(port), ready_url=f"http://127.0.0.1:{port}")

    return make


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring(
        ports=Ports.starting_at(8080),
        secrets=StackSecrets(),
        auth_database_url="postgresql://auth_service:a@127.0.0.1:5432/auth",
        auth_owner_url="postgresql://auth:ao@127.0.0.1:5432/auth",
        core_database_url="postgresql://core_service:c@127.0.0.1:5432/core",
        core_owner_url="postgresql://core:co@127.0.0.1:5432/core",
        redis_url="redis://:r@127.0.0.1:6379/0",
        origins="http://localhost:3000",
        demo=True,
        jwks_file=tmp_path / "jwks.json",
        mail_folder=tmp_path / "mail",
        anchors=tmp_path / "anchors",
        inherited={},
        traefik=TraefikFiles(tmp_path),
    )
