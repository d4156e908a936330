"""What happens around every request of a service: its ID, one access line, metrics, headers.

Pure ASGI, outermost of all, so that errors of every other layer are seen and counted too. Traefik
can add nothing to a successful response, so the gateway's assertion has the quota headers, and they
are added here. So is the request's ID; only a call without an assertion, which comes from another
service, gives it as a header.

A HEAD is served as the GET of its path, and its body is not sent (RFC 9110, 9.3.2).
"""

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Final

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagate import extract
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common import context
from common.assertions import RequestContext
from common.caller import CallerVerifier, Presented
from common.ids import new_request_id, valid_request_id
from common.logs import get_logger
from common.metrics import LATENCY, REQUESTS
from common.problems import unexpected
from common.representation import HeadAnswered, Representation
from common.unread_bodies import RequestBody

REQUEST_ID: Final = b"x-request-id"
CLOSE: Final = (b"connection", b"close")
QUIET: Final = frozenset({"/livez", "/readyz", "/metrics"})
INTERNAL_ERROR: Final = 500

log = get_logger("access")


class RequestMiddleware:
    """Wraps a whole service; `service` names it in logs and metrics.

    The assertion is verified here, once, because every log line has the ID that it carries.
    """

    def __init__(self, app: ASGIApp, service: str, verifier: CallerVerifier) -> None:
        self._app = app
        self._service = service
        self._verifier = verifier
        self._tracer = trace.get_tracer(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        presented = self._verifier.read(scope["headers"])
        scope.setdefault("state", {})["presented"] = presented
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        carried = _carried(presented, scope["headers"])
        given = carried.rid or ""
        request_id = given if valid_request_id(given) else new_request_id()
        token = context.request_id.set(request_id)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            extra = {REQUEST_ID: request_id.encode(), **carried.quota_headers}
            await self._serve(scope, receive, send, extra, extract(carried.trace))
        finally:
            context.request_id.reset(token)

    async def _serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        extra: Mapping[bytes, bytes],
        parent: Context,
    ) -> None:
        status = INTERNAL_ERROR
        responding = False
        started = perf_counter()
        headers = Headers(scope=scope)
        body = RequestBody(receive, headers)

        async def send_with_headers(message: Message) -> None:
            nonlocal status, responding
            if message["type"] == "http.response.start":
                status = int(message["status"])
                responding = True
                own = [header for header in message["headers"] if header[0] not in extra]
                closing = [CLOSE] if body.is_left else []
                message = {**message, "headers": [*own, *extra.items(), *closing]}
            if message["type"] == "http.response.body":
                await body.finish(message, send)
            else:
                await send(message)

        answer = Representation(scope, send_with_headers)
        # A copy: the server itself must go on seeing a HEAD, or it would wait for the body.
        served = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        with self._tracer.start_as_current_span(f"{scope['method']} {scope['path']}", parent):
            try:
                await self._app(served, body.receive, answer.send)
            except HeadAnswered:
                pass
            except Exception as error:
                if responding:
                    raise  # half an answer is out: only cutting the connection signals the client
                await unexpected(error)(served, receive, answer.send)
            finally:
                route = getattr(served.get("route"), "path", "unmatched")
                self._record(scope, route, status, perf_counter() - started)

    def _record(self, scope: Scope, route: str, status: int, seconds: float) -> None:
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


def _carried(presented: Presented, headers: Iterable[tuple[bytes, bytes]]) -> RequestContext:
    """By the assertion alone, where it is one request's: the gateway gives each its ID."""
    if presented.assertion is not None and presented.assertion.context.rid is not None:
        return presented.assertion.context
    given = dict(headers)
    names = (REQUEST_ID, b"traceparent", b"tracestate")
    return RequestContext(*(given.get(name, b"").decode("latin-1") for name in names))


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
