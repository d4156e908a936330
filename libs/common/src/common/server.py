"""Runs an ASGI app under uvicorn, with a drain: ready says no first, then requests finish."""

import asyncio
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from common.health import Health
from common.settings import ServiceSettings

GRACE_SECONDS: Final = 20


class DrainingServer(uvicorn.Server):
    """On the first signal it turns unready, waits `drain_seconds`, only then stops listening."""

    def __init__(self, config: uvicorn.Config, health: Health, drain_seconds: float) -> None:
        super().__init__(config)
        self._health = health
        self._drain_seconds = drain_seconds

    def handle_exit(self, sig: int, frame: object) -> None:
        """React to SIGTERM or SIGINT; a second one stops at once."""
        if self._health.draining or self._drain_seconds == 0:
            self._health.draining = True
            super().handle_exit(sig, None)
            return
        self._health.draining = True
        asyncio.get_running_loop().call_later(self._drain_seconds, super().handle_exit, sig, None)


def serve(app: ASGIApp, settings: ServiceSettings, health: Health) -> None:
    """Serve until a signal; returns when all requests are done or the grace time is over."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # the caller's address comes from the assertion alone
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,
        backlog=4096,
    )
    DrainingServer(config, health, settings.drain_seconds).run()
