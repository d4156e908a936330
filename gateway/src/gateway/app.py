"""The policy service as an ASGI app: its lifespan holds the connections and the background work."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from prometheus_client import start_http_server
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.background import repeat, running
from common.composition import Container
from common.health import Health
from common.logs import get_logger
from gateway import metrics
from gateway.documents.publishing import Documents
from gateway.policy_service.service import PolicyService
from gateway.settings import GatewaySettings
from gateway.wiring import connected

log = get_logger(__name__)


def create_app(gateway: Container) -> tuple[ASGIApp, Health]:
    """The app and its health, which the server turns to draining."""
    return LifespanApp(serving(gateway)), gateway.get(Health)


@asynccontextmanager
async def serving(gateway: Container) -> AsyncIterator[PolicyService]:
    """The policy service, connected, with its metrics and the services' descriptions."""
    settings, documents = gateway.get(GatewaySettings), gateway.get(Documents)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(connected(gateway))
        if settings.policy_certificate is not None:
            metrics.read_certificate_end(settings.policy_certificate)  # the one that is served
        if settings.metrics_port is not None:
            server, _ = start_http_server(settings.metrics_port, settings.metrics_host)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        work = repeat(documents.refresh, documents.refresh_seconds)
        await stack.enter_async_context(running(work))
        yield gateway.get(PolicyService)


class LifespanApp:
    """Opens an app at start-up, closes it at shut-down, and hands it every request between."""

    def __init__(self, app: AbstractAsyncContextManager[ASGIApp]) -> None:
        self._opening = app
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the lifespan or one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._app = await self._opening.__aenter__()
        except Exception as error:
            log.exception("start_failed")
            await send({"type": "lifespan.startup.failed", "message": type(error).__name__})
            return
        await send({"type": "lifespan.startup.complete"})
        message: Message = await receive()
        if message["type"] == "lifespan.shutdown":
            await self._opening.__aexit__(None, None, None)
            await send({"type": "lifespan.shutdown.complete"})
