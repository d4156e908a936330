"""The embedded edge as one bare ASGI app: no framework stands on the hot path."""

import asyncio
import re
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from starlette.types import Receive, Scope, Send

from common.logs import get_logger
from gateway.edge import failures
from gateway.edge.access_log import AccessLog
from gateway.edge.cors import Cors, is_preflight
from gateway.edge.exchange import Exchange
from gateway.edge.handshakes import HandshakeRules
from gateway.edge.own_pages import OwnPages
from gateway.edge.paths import path_fault
from gateway.edge.proxy import CLIENT_CLOSED, Proxy
from gateway.edge.spans import Spans
from gateway.metrics import RequestMetrics
from gateway.policy.correlation import correlate
from gateway.policy.decision import PolicyRequest
from gateway.policy.headers import HeaderMap
from gateway.policy.policy import Policy
from gateway.policy.refusals import Refusal
from gateway.routes import UNROUTED, Match, RouteTable, Upstream

NO_CONTENT: Final = 204
INTERNAL_ERROR: Final = 500
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNROUTED: Final = Match(UNROUTED)
# RFC 3986, 3.2.2: a name or an IPv4 address, or an IPv6 address in brackets, and perhaps a port.
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._~-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Edge:
    """Serves HTTP: asks the policy, then answers itself or through the proxy."""

    routes: RouteTable
    policy: Policy
    proxy: Proxy
    cors: Cors
    handshakes: HandshakeRules
    pages: OwnPages
    header_bytes: int
    access_log: AccessLog
    spans: Spans
    counted: RequestMetrics = field(default_factory=RequestMetrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a WebSocket is one too, until it has switched."""
        headers = HeaderMap(scope["headers"])
        exchange = Exchange(scope, receive, send, headers, correlate(headers))
        span = self.spans.begin(exchange)
        try:
            await self._serve(exchange)
        except asyncio.CancelledError:
            exchange.status = exchange.status or CLIENT_CLOSED
            raise
        except Exception:
            log.exception("unexpected_error", request_id=exchange.correlation.request_id)
            if exchange.responding:
                raise  # half an answer is out: only cutting the connection tells the client
            await exchange.refuse(failures.INTERNAL)
        finally:
            self._record(exchange)
            if span is not None:
                self.spans.end(span, exchange)

    async def _serve(self, exchange: Exchange) -> None:
        headers, method = exchange.headers, exchange.method
        if is_preflight(method, headers):
            await exchange.respond(NO_CONTENT, self.cors.preflight_headers(headers))
            return
        exchange.extra += self.cors.response_headers(headers)
        if await self.pages.answer_probe(exchange):
            return
        fault = self._form_fault(exchange)
        match = _UNROUTED if fault is not None else self.routes.match(method, exchange.path)
        exchange.route_name = match.route.name
        decision = await self.policy.decide(
            PolicyRequest(headers, exchange.peer, match.route, exchange.correlation, fault)
        )
        exchange.decision = decision
        exchange.extra += decision.quota.headers
        if decision.refusal is not None:
            await exchange.refuse(decision.refusal)
        elif not match.found:
            allowed = match.allowed
            missing = failures.method_not_allowed(allowed) if allowed else failures.NOT_FOUND
            await exchange.refuse(missing)
        elif match.route.upstream is Upstream.GATEWAY:
            await self.pages.answer(exchange)
        else:
            await self.proxy.forward(exchange, match.route, decision)

    def _form_fault(self, exchange: Exchange) -> Refusal | None:
        headers = exchange.headers
        if headers.total_bytes > self.header_bytes:
            return failures.HEADERS_TOO_LARGE
        host = headers.only(b"host")
        if host is None or _HOST.fullmatch(host) is None:
            return failures.HOST
        fault = path_fault(exchange.scope["raw_path"])
        if fault is not None:
            return fault
        return self.handshakes.fault(
            headers, exchange.peer, tls=exchange.scope["scheme"] == "https"
        )

    def _record(self, exchange: Exchange) -> None:
        seconds = perf_counter() - exchange.started_at
        status = exchange.status = exchange.status or INTERNAL_ERROR
        method = exchange.method if exchange.method in METHODS else "other"
        self.counted.observe(exchange.route_name, method, status, seconds)
        if exchange.route_name != "probe":
            self.access_log.write(exchange, seconds)
