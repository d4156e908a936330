"""What happens around every request of a service: its ID, one access line, metrics, admission.

Pure ASGI, outermost of all, so that errors of every other layer are seen and counted too. Traefik
can add nothing to a successful response, so the gateway's assertion has the quota headers, and they
are added here. So is the request's ID; only a call without an assertion, which comes from another
service, gives it as a header.

A HEAD is served as the GET of its path, and its body is not sent (RFC 9110, 9.3.2).
"""

from time import perf_counter
from typing import Final

import structlog
import uuid_utils
from opentelemetry import trace
from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from common import context
from common.admission import QUIET, Admission
from common.answers import HeadAnswered, Representation, RequestBody
from common.assertions import RequestContext
from common.errors import DomainError
from common.ids import REQUEST_ID
from common.logs import get_logger
from common.metrics import LATENCY, REQUESTS
from common.problems import render, unexpected

HEADER: Final = "x-request-id"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
INTERNAL_ERROR: Final = 500
TRACE_ID_END: Final = 35  # of a traceparent: its version and trace ID

log = get_logger("access")


class RequestMiddleware:
    """Wraps a whole service; `service` names it in logs and metrics.

    The assertion is verified here, once, because every log line has the ID that it carries.
    """

    def __init__(self, app: ASGIApp, service: str, admission: Admission) -> None:
        self._app = app
        self._service = service
        self._admission = admission
        self._tracer = trace.get_tracer(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        carried = self._carried(scope, headers)
        given = carried.rid or ""
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid_utils.uuid7())
        token = context.request_id.set(request_id)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        body = RequestBody(receive, headers)
        extra = {HEADER.encode(): request_id.encode(), **carried.quota_headers}
        answer = Representation(scope, body, send, extra)
        name = f"{scope['method']} {scope['path']}"
        try:
            kind = SpanKind.INTERNAL if scope["path"] in QUIET else SpanKind.SERVER
            parent = extract(_trace(carried, headers))
            with self._tracer.start_as_current_span(name, parent, kind):
                await self._serve(scope, body, answer)
        finally:
            context.request_id.reset(token)

    def _carried(self, scope: Scope, headers: Headers) -> RequestContext:
        """By the assertion alone, where it is one request's: the gateway gives each its ID."""
        presented = self._admission.verifier.read(scope["headers"])
        scope.setdefault("state", {})["presented"] = presented
        if presented.assertion is not None and presented.assertion.context.rid is not None:
            return presented.assertion.context
        return RequestContext(
            *(headers.get(name, "") for name in (HEADER, "traceparent", "tracestate"))
        )

    async def _serve(self, scope: Scope, body: RequestBody, answer: Representation) -> None:
        started = perf_counter()
        # A copy: the server itself must go on seeing a HEAD, or it would wait for the body.
        served = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            async with self._admission.admit(served):
                await self._app(served, body.receive, answer.send)
        except HeadAnswered:
            pass
        except DomainError as refusal:
            await render(refusal)(served, body.receive, answer.send)
        except Exception as error:
            if answer.status is not None:
                raise  # half an answer is out: only cutting the connection signals the client
            await unexpected(error)(served, body.receive, answer.send)
        finally:
            route = getattr(served.get("route"), "path", "unmatched")
            self._record(scope, route, answer.status or INTERNAL_ERROR, perf_counter() - started)

    def _record(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        if scope["path"] in QUIET:  # probes and scrapes would hide how requests fare
            return
        method = scope["method"] if scope["method"] in METHODS else "other"
        _describe_span(scope, method, route, status)
        REQUESTS.labels(self._service, method, route, status).inc()
        LATENCY.labels(self._service, method, route).observe(seconds)
        log.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            duration_ms=round(seconds * 1000, 2),
        )


def _trace(carried: RequestContext, headers: Headers) -> dict[str, str]:
    """The trace that the gateway asserts; in it, the edge's own span for this very request."""
    asserted, given = carried.trace, headers.get("traceparent", "")
    same = given[:TRACE_ID_END] == (carried.traceparent or "")[:TRACE_ID_END]
    return {**asserted, "traceparent": given} if asserted and same else asserted


def _describe_span(scope: Scope, method: str, route: str, status: int) -> None:
    """By OpenTelemetry's names for HTTP; a path with IDs would be a name for each."""
    span = trace.get_current_span()
    if not span.is_recording():
        return
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "url.path": scope["path"],
        }
    )
    if status >= INTERNAL_ERROR:
        span.set_status(Status(StatusCode.ERROR))
