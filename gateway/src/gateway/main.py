"""The process of the policy service: plain HTTP, or TLS with HTTP/2, and a drain before the end.

Granian serves, because Traefik keeps two idle connections per host over HTTP/1.1 and one connection
for everything over HTTP/2, which uvicorn does not speak.
"""

import asyncio
import logging
import os
import signal
import sys
from typing import Final

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import ASGIApp

from common.garbage_collection import freeze_after_start
from common.health import Health
from common.logs import configure_logging
from common.redis_client import require_no_cluster
from common.settings import load_settings
from common.stopping import STOP_SECONDS, end_within, stop_at_signals
from common.tracing import configure_tracing, flush, traced_app
from gateway.app import create_app
from gateway.settings import GatewaySettings
from gateway.wiring import wire

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def main() -> None:
    """Serve until a signal."""
    stop_at_signals()
    settings = load_settings(GatewaySettings)
    configure_logging("policy", settings.log_level)
    configure_tracing("policy")
    require_no_cluster(settings.redis_url, "GATEWAY_REDIS_URL")
    app, health = create_app(wire(settings))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(traced_app(app), settings, health))
    # All is served and closed. Granian's threads are still there, and now and then one calls into
    # the interpreter while that is taken down, which aborts the process: so it is not taken down.
    flush()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


async def _serve(app: ASGIApp, settings: GatewaySettings, health: Health) -> None:
    server = asgi_server(app, settings)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        seconds = 0.0 if health.draining else settings.drain_seconds
        health.draining = True
        end_within(seconds + STOP_SECONDS)
        loop.call_later(seconds, server.stop)

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    freeze_after_start()
    await server.serve()


def asgi_server(app: ASGIApp, settings: GatewaySettings) -> Server:
    """Granian as the policy is served; benchmarks serve what they compare it with by the same."""
    return Server(
        app,
        address=settings.host,
        port=settings.policy_port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=4096,
        backpressure=4096,
        log_enabled=False,
        ssl_cert=settings.policy_certificate,
        ssl_key=settings.policy_key,
        ssl_ca=settings.policy_client_ca,
        ssl_client_verify=settings.policy_client_ca is not None,
    )
