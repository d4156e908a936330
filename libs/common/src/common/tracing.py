"""Traces by OpenTelemetry, configured by its own variables (`OTEL_…`).

They are on when one of them names an endpoint. Otherwise nothing is instrumented, and what a span
costs is that of the API without an implementation.
"""

import os
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagate import extract, inject
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.util.types import Attributes

if TYPE_CHECKING:  # without a database or an app, neither is loaded
    from sqlalchemy import Engine
    from starlette.types import ASGIApp

PATH: Final = "/v1/traces"
CARRIED: Final = "traceparent"
_BEGINNINGS: Final = frozenset({SpanKind.SERVER, SpanKind.CONSUMER})


def traces_endpoint() -> str | None:
    """Where spans are sent by OTLP/HTTP, such as `http://collector:4318/v1/traces`, if anywhere."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if os.environ.get("OTEL_TRACES_EXPORTER", "otlp") == "none":
        return None
    own = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    base = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    return own or (base.rstrip("/") + PATH if base else None)


def is_traced() -> bool:
    """Whether this process sends traces."""
    return traces_endpoint() is not None


def configure_tracing(service: str) -> None:
    """Send this process's spans, and instrument its calls to Redis; before anything connects."""
    if not is_traced():
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.redis import RedisInstrumentor
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME", service)
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    provider.sampler = OfWork(provider.sampler)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    RedisInstrumentor().instrument()


class OfWork(Sampler):
    """Drops what belongs to no request and no job: background work asks every second."""

    def __init__(self, configured: Sampler) -> None:
        self._configured = configured

    def should_sample(  # noqa: PLR0913, PLR0917 - the interface of samplers
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """As configured, for a span that has a parent or begins a piece of work."""
        parent = trace.get_current_span(parent_context).get_span_context()
        if parent.is_valid or kind in _BEGINNINGS:
            return self._configured.should_sample(
                parent_context, trace_id, name, kind, attributes, links, trace_state
            )
        return SamplingResult(Decision.DROP)

    def get_description(self) -> str:
        """For the log."""
        return f"OfWork({self._configured.get_description()})"


def trace_engine(engine: "Engine") -> None:
    """Make a span of each statement, without its parameters."""
    if is_traced():
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor

        # It declares SQLAlchemy below 2.1; the events that it listens to are the same.
        SQLAlchemyInstrumentor().instrument(engine=engine, skip_dep_check=True)


def trace_client(client: Any) -> None:
    """Make a span of each request of an HTTPX client."""
    if is_traced():
        from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

        HTTPXClientInstrumentor.instrument_client(client)


def traced_app(app: "ASGIApp") -> "ASGIApp":
    """The app with a span of each request, but for probes."""
    if not is_traced():
        return app
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware

    traced: ASGIApp = OpenTelemetryMiddleware(
        app, excluded_urls="livez,readyz", exclude_spans=["receive", "send"]
    )
    return traced


def flush() -> None:
    """Send what is left, in a process that ends without its usual end."""
    provider: Any = trace.get_tracer_provider()
    if is_traced() and hasattr(provider, "force_flush"):
        provider.force_flush()


def carried_trace() -> dict[str, str]:
    """The current trace, to be stored with a job; nothing where there is none."""
    carrier: dict[str, str] = {}
    if is_traced():
        inject(carrier)
    return {name: value for name, value in carrier.items() if name == CARRIED}


@contextmanager
def continued(name: str, carrier: Mapping[str, str]) -> Iterator[None]:
    """A piece of work that another process has asked for, as a span of its trace."""
    tracer = trace.get_tracer(__name__)
    with tracer.start_as_current_span(name, extract(carrier), SpanKind.CONSUMER):
        yield


def add_trace(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Add the IDs of the current span to a log line."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event
