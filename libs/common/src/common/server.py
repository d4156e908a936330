"""Runs an ASGI app under uvicorn, with a drain: first unready, then requests finish."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.garbage_collection import freeze_after_start
from common.health import Health
from common.packet_filters import Listener, let_all_take, let_others_take
from common.request_targets import Utf8TargetProtocol
from common.settings import ServiceSettings
from common.stopping import GRACE_SECONDS, STOP_SECONDS, end_within

BACKLOG: Final = 4096
# In which the backlog is accepted: one turn of the event loop, however busy.
TAKING_SECONDS: Final = 0.1
CLOSE: Final = (b"connection", b"close")


class DrainingServer(uvicorn.Server):
    """On the first signal it turns unready, waits `drain_seconds`, only then stops listening.

    From then on its end is bounded.

    A server that shares its port leaves new connections to the other servers at once, and stops
    listening when its own backlog is accepted: closing would reset the rest.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        health: Health,
        drain_seconds: float,
        *,
        shares_port: bool = False,
    ) -> None:
        super().__init__(config)
        self._health = health
        self._health.hands_over = shares_port
        self._drain_seconds = drain_seconds
        self._shares_port = shares_port
        self.servers = []  # a signal may come before there are any

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal, in a process that does nothing else."""
        self.config.load()
        freeze_after_start()
        super().run(sockets)

    def handle_exit(self, sig: int, frame: object) -> None:
        """React to SIGTERM or SIGINT; a second one stops at once."""
        if self._health.draining or self._drain_seconds == 0:
            self._health.draining = True
            end_within()
            super().handle_exit(sig, None)
            return
        self._health.draining = True
        end_within(self._drain_seconds + STOP_SECONDS)
        # In the loop: what came while it was busy is accepted before the drain is over.
        asyncio.get_running_loop().call_soon_threadsafe(self._drain, sig)

    def listeners(self) -> Iterator[Listener]:
        """The sockets that it listens on."""
        return (listener for server in self.servers for listener in server.sockets)

    def _drain(self, sig: int) -> None:
        if self._shares_port:
            self._stop_accepting()
        loop = asyncio.get_running_loop()
        loop.call_later(self._drain_seconds, super().handle_exit, sig, None)

    def _stop_accepting(self) -> None:
        for listener in self.listeners():
            let_others_take(listener)
        asyncio.get_running_loop().call_later(TAKING_SECONDS, self._stop_listening)

    def _stop_listening(self) -> None:
        for listener in self.listeners():
            let_all_take(listener)
        for server in self.servers:
            server.close()


class ConnectionClosing:
    """While the server drains, every answer is the last of its connection.

    A connection that is closed between two requests, as those left at the end are, may have the
    next one under way; a client that has read that it is the last sends none (RFC 9112, 9.6).
    """

    def __init__(self, app: ASGIApp, health: Health) -> None:
        self._app = app
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_last(message: Message) -> None:
            if self._health.draining and message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), CLOSE]}
            await send(message)

        await self._app(scope, receive, send_last)


def serve(
    app: FastAPI, settings: ServiceSettings, health: Health, *, reuse_port: bool = False
) -> None:
    """Serve until a signal; returns when all requests are done or the grace time is over."""
    app.openapi()  # made at the first request for it, it would hold up the others for seconds
    config = uvicorn.Config(
        ConnectionClosing(app, health),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Utf8TargetProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # the caller's address comes from the assertion alone
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,
        backlog=BACKLOG,
    )
    server = DrainingServer(config, health, settings.drain_seconds, shares_port=reuse_port)
    server.run([_shared_socket(settings)] if reuse_port else None)


def _shared_socket(settings: ServiceSettings) -> socket.socket:
    """A bound socket that another process of the same user may bind as well (SO_REUSEPORT)."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    shared = socket.socket(family)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    shared.bind((settings.host, settings.port))
    return shared
