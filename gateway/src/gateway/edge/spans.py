"""One trace span for each request, when an OTLP endpoint is configured; else nothing at all.

The span is a child of the client's (W3C Trace Context) and the parent of the service's: the
`traceparent` that goes upstream is this span's.
"""

from dataclasses import replace
from http import HTTPStatus

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gateway.edge.exchange import Exchange
from gateway.policy.correlation import parse_traceparent


class Spans:
    """Begins and ends them."""

    def __init__(self, *, enabled: bool) -> None:
        self._tracer = trace.get_tracer("gateway") if enabled else None
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, exchange: Exchange) -> Span | None:
        """The span of a request, whose trace the exchange carries on from here."""
        if self._tracer is None:
            return None
        given = exchange.correlation
        carrier = {"traceparent": given.traceparent.decode("ascii")}
        if given.tracestate is not None:
            carrier["tracestate"] = given.tracestate.decode("ascii")
        # A trace that the client did not begin begins here: its parent would be nobody's span.
        continued = parse_traceparent(exchange.headers.only(b"traceparent")) is not None
        parent = self._propagator.extract(carrier) if continued else None
        attributes = {"http.request.method": exchange.method, "url.path": exchange.path}
        span = self._tracer.start_span(
            exchange.method, parent, kind=SpanKind.SERVER, attributes=attributes
        )
        onward: dict[str, str] = {}
        self._propagator.inject(onward, trace.set_span_in_context(span))
        exchange.correlation = replace(given, traceparent=onward["traceparent"].encode())
        return span

    def end(self, span: Span, exchange: Exchange) -> None:
        """Say how it went."""
        span.update_name(f"{exchange.method} {exchange.route_name}")
        span.set_attribute("http.route", exchange.route_name)
        span.set_attribute("http.response.status_code", exchange.status)
        span.set_attribute("masijala.request_id", exchange.correlation.request_id)
        if exchange.decision is not None:
            span.set_attribute("gateway.decision", exchange.decision.reason)
        if exchange.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.set_status(StatusCode.ERROR)
        span.end()
