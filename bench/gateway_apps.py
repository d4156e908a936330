"""ASGI apps that the policy service is compared with, each run in its own process.

python -m bench.gateway_apps empty     204 to everything, served as the policy is
python -m bench.gateway_apps policy    a policy check, then 204
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from common.garbage_collection import freeze_after_start
from common.logs import configure_logging
from common.settings import load_settings
from gateway.app import LifespanApp
from gateway.main import asgi_server
from gateway.policy.correlation import correlate
from gateway.policy.decision import PolicyRequest
from gateway.policy.headers import HeaderMap
from gateway.policy.policy import Policy
from gateway.routes import RouteTable
from gateway.settings import GatewaySettings
from gateway.wiring import connected, wire

_LENGTH: Final = [(b"content-length", b"0")]


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
async def running(kind: str, settings: GatewaySettings) -> AsyncIterator[ASGIApp]:
    """The app of that name."""
    if kind == "empty":
        yield empty
    else:
        gateway = wire(settings)
        async with connected(gateway):
            yield checking(gateway.get(Policy), gateway.get(RouteTable))


def main(kind: str) -> None:
    """Serve until killed, over TLS when the settings of the policy service say so."""
    settings = load_settings(GatewaySettings)
    configure_logging("gateway", "WARNING")
    app = LifespanApp(running(kind, settings))
    freeze_after_start()
    uvloop.run(_serve(app, settings))


async def _serve(app: ASGIApp, settings: GatewaySettings) -> None:
    await asyncio.shield(asgi_server(app, settings).serve())


if __name__ == "__main__":
    main(sys.argv[1])
