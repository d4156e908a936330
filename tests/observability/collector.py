"""Receives spans by OTLP/HTTP, as a collector would."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from devstack.servers.ports import LOOPBACK


class Span(NamedTuple):
    """What tests compare."""

    service: str
    name: str
    kind: int
    trace: str
    id: str
    parent: str
    end: int
    attributes: dict[str, str]


@dataclass(slots=True)
class Collector:
    """The spans that were received, by their IDs."""

    url: str
    spans: dict[str, Span] = field(default_factory=dict)

    def of(self, trace: str) -> list[Span]:
        """The spans of a trace in the order in which they ended."""
        return sorted((s for s in self.spans.values() if s.trace == trace), key=lambda s: s.end)

    def ancestors(self, span: Span) -> Iterator[Span]:
        """Its parent, the parent's parent, and so on."""
        while span.parent in self.spans:
            span = self.spans[span.parent]
            yield span

    def add(self, body: bytes) -> None:
        """Take in one export."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                for each in scope.spans:
                    values = {one.key: one.value.string_value for one in each.attributes}
                    span = Span(
                        names["service.name"],
                        each.name,
                        each.kind,
                        each.trace_id.hex(),
                        each.span_id.hex(),
                        each.parent_span_id.hex(),
                        each.end_time_unix_nano,
                        values,
                    )
                    self.spans[span.id] = span


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b"".join(self._chunks())
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            collector.add(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _chunks(self) -> Iterator[bytes]:
            if self.headers["Transfer-Encoding"] != "chunked":
                yield self.rfile.read(int(self.headers["Content-Length"]))
                return
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server:
        collector = Collector(f"http://{LOOPBACK}:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
