"""`masijala up` with real servers and made-up services; a script that tests run as a process.

Arguments: the name of the service to misbehave, or `none`.
"""

import sys
import textwrap
from pathlib import Path
from unittest.mock import patch

from devstack.cli import app
from devstack.environment import Wiring
from devstack.programs import Program
from devstack.provisioning import Provisioning

SERVICE = """
    import http.server, os, pathlib, sys
    name, port = sys.argv[1:3]
    pathlib.Path(name + ".pid").write_text(str(os.getpid()))
    if sys.argv[3:] == ["broken"]:
        sys.exit("AUTH_CURSOR_KEY: is too weak")
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
        def log_message(self, *arguments):
            pass
    http.server.HTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
"""


def programs(wiring: Wiring) -> tuple[Program, ...]:
    """Three services that answer every GET with 200; the note tells where core's data are."""
    Path("databases").write_text(wiring.core_database_url)
    ports = wiring.ports
    served = {"auth": ports.auth, "core": ports.core, "gateway": ports.gateway}
    return tuple(_program(name, port) for name, port in served.items())


def _program(name: str, port: int) -> Program:
    fault = ("broken",) if sys.argv[1] == name else ()
    command = (sys.executable, "-c", textwrap.dedent(SERVICE), name, str(port), *fault)
    return Program(name, command, {}, f"http://127.0.0.1:{port}")


async def nothing(_provisioning: Provisioning) -> None:
    """Made-up services need neither tables nor data."""


if __name__ == "__main__":
    with (
        patch("devstack.stack.stack_programs", programs),
        patch.object(Provisioning, "prepare", nothing),
    ):
        app(["up"])
