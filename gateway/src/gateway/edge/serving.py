"""Runs the embedded edge: uvicorn's server and loop, with connections of our own."""

import asyncio
import socket

import uvicorn
from starlette.types import ASGIApp

from common.health import Health
from common.packet_filters import let_nobody_in
from common.server import GRACE_SECONDS, DrainingServer
from gateway.edge.connection import ServerConnection
from gateway.edge.connection_limits import ConnectionLimits
from gateway.settings import GatewaySettings

BACKLOG = 4096
# Before the end of listening: handshakes that have begun end, and are taken, at any round trip on
# Earth.
HANDSHAKE_SECONDS = 0.5


class EdgeServer(DrainingServer):
    """Resets no connection when it stops listening.

    Closing a listening socket resets the connections that the kernel holds for it: those whose
    handshake is done and which nobody has taken yet. So the door is shut first. Whoever knocks then
    is refused a second later, when TCP repeats itself, and has sent nothing.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop after everything that has reached us."""
        for listener in self.listeners():
            let_nobody_in(listener)
        await asyncio.sleep(HANDSHAKE_SECONDS)
        await super().shutdown(sockets)


def edge_config(app: ASGIApp, settings: GatewaySettings, health: Health) -> uvicorn.Config:
    """What uvicorn is told. It must add nothing of its own to what a client sees."""
    limits = ConnectionLimits(settings.header_bytes, settings.header_seconds, settings.idle_seconds)
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=connection_class(limits, health),
        ws="none",  # WebSockets pass through the same connections
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
    )


def connection_class(limits: ConnectionLimits, health: Health) -> type[ServerConnection]:
    """The protocol for one server: uvicorn builds connections and knows no further arguments."""
    return type("ServerConnection", (ServerConnection,), {"limits": limits, "health": health})


def serve_edge(app: ASGIApp, settings: GatewaySettings, health: Health) -> None:
    """Serve until a signal; returns when all requests are done or the grace time is over."""
    config = edge_config(app, settings, health)
    EdgeServer(config, health, settings.drain_seconds).run()
