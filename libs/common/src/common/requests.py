"""What happens around every request of a service: its ID, one access line, metrics, headers.

Pure ASGI, outermost of all, so that errors of every other layer are seen and counted too. Traefik
can add nothing to a successful response, so the policy hands the quota headers to the service as
`X-Gateway-*` request headers and they are echoed here.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import Final

import structlog
from opentelemetry import trace
from opentelemetry.propagate import extract
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common import context
from common.ids import new_request_id, valid_request_id
from common.logs import get_logger
from common.metrics import LATENCY, REQUESTS
from common.problems import unexpected
from common.unread_bodies import RequestBody

ECHOED: Final = {
    "x-gateway-ratelimit": "RateLimit",
    "x-gateway-ratelimit-policy": "RateLimit-Policy",
}
QUIET: Final = frozenset({"/livez", "/readyz", "/metrics"})
INTERNAL_ERROR: Final = 500

log = get_logger("access")


class RequestMiddleware:
    """Wraps a whole service; `service` names it in logs and metrics."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service
        self._tracer = trace.get_tracer(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id")
        request_id = given if given is not None and valid_request_id(given) else new_request_id()
        token = context.request_id.set(request_id)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        echoed = [(name, headers[source]) for source, name in ECHOED.items() if source in headers]
        try:
            await self._serve(scope, receive, send, [("X-Request-ID", request_id), *echoed])
        finally:
            context.request_id.reset(token)

    async def _serve(
        self, scope: Scope, receive: Receive, send: Send, extra: Sequence[tuple[str, str]]
    ) -> None:
        status = INTERNAL_ERROR
        responding = False
        started = perf_counter()
        body = RequestBody(receive, Headers(scope=scope))

        async def send_with_headers(message: Message) -> None:
            nonlocal status, responding
            if message["type"] == "http.response.start":
                status = int(message["status"])
                responding = True
                headers = MutableHeaders(scope=message)
                for name, value in extra:
                    headers[name] = value
                if body.is_left:
                    headers["Connection"] = "close"
            if message["type"] == "http.response.body":
                await body.finish(message, send)
            else:
                await send(message)

        parent = extract(dict(Headers(scope=scope)))
        with self._tracer.start_as_current_span(f"{scope['method']} {scope['path']}", parent):
            try:
                await self._app(scope, body.receive, send_with_headers)
            except Exception as error:
                if responding:
                    raise  # half an answer is out: only cutting the connection tells the client
                await unexpected(error)(scope, receive, send_with_headers)
            finally:
                self._record(scope, status, perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        REQUESTS.labels(self._service, method, route, status).inc()
        LATENCY.labels(self._service, method, route).observe(seconds)
        if scope["path"] not in QUIET:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                duration_ms=round(seconds * 1000, 2),
            )


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
