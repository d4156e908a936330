"""The worker's own port: `/livez`, `/readyz` and `/metrics`, for probes and Prometheus alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from common.database import Database
from common.health import Health, livez, readyz
from common.metrics import metrics_endpoint


class _Server(uvicorn.Server):
    """Leaves signals to the worker."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def answering(database: Database, host: str, port: int | None) -> AsyncIterator[None]:
    """Answer on this port, if there is one, for as long as the block runs."""
    if port is None:
        yield
        return
    app = Starlette(
        routes=[
            Route("/livez", livez),
            Route("/readyz", readyz),
            Route("/metrics", metrics_endpoint),
        ]
    )
    app.state.health = Health({"database": database.ping})
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(), name="worker-server")
    try:
        yield
    finally:
        server.should_exit = True
        await serving
