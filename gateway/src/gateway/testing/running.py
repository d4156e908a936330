"""The embedded edge under a real server in the test's own loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn

from common.health import Health
from gateway.edge.serving import edge_config
from gateway.server import LifespanApp
from gateway.settings import GatewaySettings
from gateway.wiring import running_edge

SettingsFactory = Callable[..., GatewaySettings]


class _QuietServer(uvicorn.Server):
    """A server that leaves the process's signals to the test runner."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)


@asynccontextmanager
async def serving_edge(
    settings: GatewaySettings, health: Health | None = None
) -> AsyncIterator[str]:
    """The URL of a running edge."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        health = health or Health()
        config = edge_config(LifespanApp(running_edge(settings, health)), settings, health)
        config.loop = "none"
        config.timeout_graceful_shutdown = 1
        server = _QuietServer(config)
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:
            if task.done():
                raise RuntimeError("the edge did not start")
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
