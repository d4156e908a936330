"""An ASGI app whose lifespan holds every connection."""

from contextlib import AbstractAsyncContextManager

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.logs import get_logger

log = get_logger(__name__)


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
