"""`masijala up` with real servers and made-up services; a script that tests run as a process.

Argument: what misbehaves. A service by its name, `configuration` or `port` of the real Traefik,
`wheel` for a package of Traefik that holds no program for this platform, or `none`.
"""

import socket
import sys
import textwrap
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from devstack.cli import app
from devstack.environment import Wiring
from devstack.programs import Program
from devstack.provisioning import Provisioning
from devstack.traefik import traefik_binary

FAULT = sys.argv[1]

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
    """Services that answer every GET with 200; the note says where core's data are."""
    Path("databases").write_text(wiring.core_database_url)
    served = [_program(name, port) for name, port in wiring.ports.by_process.items()]
    return (*served, _traefik(wiring)) if FAULT in {"configuration", "port"} else tuple(served)


def _program(name: str, port: int) -> Program:
    fault = ("broken",) if name == FAULT else ()
    command = (sys.executable, "-c", textwrap.dedent(SERVICE), name, str(port), *fault)
    return Program(name, command, {}, f"http://127.0.0.1:{port}")


def _traefik(wiring: Wiring) -> Program:
    """The real one, with the rendered configuration made wrong."""
    configuration = wiring.traefik.configuration
    right, wrong = ("address:", "adress:") if FAULT == "configuration" else _ports(wiring)
    configuration.write_text(configuration.read_text().replace(right, wrong))
    return Program("traefik", (str(traefik_binary()), f"--configFile={configuration}"), {})


def _ports(wiring: Wiring) -> tuple[str, str]:
    return f":{wiring.ports.gateway}", f":{TAKEN.getsockname()[1]}"


async def nothing(_provisioning: Provisioning) -> None:
    """Made-up services need neither tables nor data."""


if __name__ == "__main__":
    with ExitStack() as stack:
        TAKEN = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        stack.enter_context(patch("devstack.stack.stack_programs", programs))
        stack.enter_context(patch.object(Provisioning, "prepare", nothing))
        if FAULT == "wheel":
            package = SimpleNamespace(files=[])
            stack.enter_context(patch("devstack.traefik.distribution", lambda _: package))
        app(["up"])
