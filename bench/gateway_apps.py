"""ASGI apps and servers that the gateway is compared with, each run as a process of its own.

python -m bench.gateway_apps empty granian-tls   the empty responder, served as the policy is
python -m bench.gateway_apps edge uvicorn        the embedded edge on uvicorn's own HTTP
python -m bench.gateway_apps edge granian        … on granian
python -m bench.gateway_apps empty edge          204 on the edge's own connections
python -m bench.gateway_apps policy edge         a policy check, then 204, on the same
"""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import ASGIApp, Receive, Scope, Send

from common.collector import spare_what_stays
from common.health import Health
from common.logs import configure_logging
from gateway.edge.serving import serve_edge
from gateway.policy.correlation import correlate
from gateway.policy.decision import PolicyRequest
from gateway.policy.headers import HeaderMap
from gateway.policy.policy import Policy
from gateway.routes import RouteTable
from gateway.server import LifespanApp
from gateway.settings import GatewaySettings
from gateway.wiring import running_edge, running_policy

_LENGTH = [(b"content-length", b"0")]


async def empty(scope: Scope, _receive: Receive, send: Send) -> None:
    """204 to everything."""
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 204, "headers": _LENGTH})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def checking(policy: Policy, routes: RouteTable) -> ASGIApp:
    """204 after a policy check."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        headers = HeaderMap(scope["headers"])
        route = routes.match(scope["method"], scope["path"]).route
        decision = await policy.decide(
            PolicyRequest(headers, scope["client"][0], route, correlate(headers))
        )
        status = 204 if decision.refusal is None else decision.refusal.status.value
        await send({"type": "http.response.start", "status": status, "headers": _LENGTH})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return app


@asynccontextmanager
async def running(kind: str, settings: GatewaySettings, health: Health) -> AsyncIterator[ASGIApp]:
    """The app of that name."""
    if kind == "empty":
        yield empty
    elif kind == "policy":
        async with running_policy(settings) as runtime:
            yield checking(runtime.policy, RouteTable(settings.routes))
    else:
        async with running_edge(settings, health) as edge:
            yield edge


def main(kind: str, server: str) -> None:
    """Serve until killed."""
    settings = GatewaySettings()
    configure_logging("gateway", "INFO" if kind == "edge" else "WARNING")
    health = Health()
    app = LifespanApp(running(kind, settings, health))
    spare_what_stays()
    if server == "edge":
        serve_edge(app, settings, health)
    elif server == "uvicorn":
        uvicorn.run(
            app, port=settings.port, loop="uvloop", http="httptools", ws="none",
            log_config=None, access_log=False, proxy_headers=False,
        )  # fmt: skip
    else:
        uvloop.run(_granian(app, settings.port, tls=server.endswith("tls")))


async def _granian(app: ASGIApp, port: int, *, tls: bool) -> None:
    logging.getLogger("_granian").setLevel(logging.ERROR)
    server = Server(
        app,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=4096,
        backpressure=4096,
        log_enabled=False,
        ssl_cert=Path(os.environ["BENCH_CERTIFICATE"]) if tls else None,
        ssl_key=Path(os.environ["BENCH_KEY"]) if tls else None,
    )
    await asyncio.shield(server.serve())


if __name__ == "__main__":
    main(*sys.argv[1:3])
