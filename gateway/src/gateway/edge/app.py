"""The embedded edge as one bare ASGI app: no framework stands on the hot path."""

from time import perf_counter
from typing import Final

from starlette.types import Receive, Scope, Send

from common.logs import get_logger
from gateway import metrics
from gateway.edge import failures
from gateway.edge.cors import Cors, is_preflight
from gateway.edge.exchange import Exchange
from gateway.edge.own_pages import OwnPages
from gateway.edge.paths import path_fault
from gateway.edge.proxy import Proxy
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

log = get_logger("access")


class Edge:
    """Serves HTTP: asks the policy, then answers itself or through the proxy."""

    def __init__(
        self,
        *,
        routes: RouteTable,
        policy: Policy,
        proxy: Proxy,
        cors: Cors,
        pages: OwnPages,
        header_bytes: int,
    ) -> None:
        self._routes = routes
        self._policy = policy
        self._proxy = proxy
        self._cors = cors
        self._pages = pages
        self._header_bytes = header_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; WebSockets are refused at the handshake."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = HeaderMap(scope["headers"])
        exchange = Exchange(scope, receive, send, headers, correlate(headers))
        try:
            await self._serve(exchange)
        except Exception:
            log.exception("unexpected_error", request_id=exchange.correlation.request_id)
            if exchange.responding:
                raise  # half an answer is out: only cutting the connection tells the client
            await exchange.refuse(failures.INTERNAL)
        finally:
            _record(exchange)

    async def _serve(self, exchange: Exchange) -> None:
        headers, method = exchange.headers, exchange.method
        if is_preflight(method, headers):
            await exchange.respond(NO_CONTENT, self._cors.preflight_headers(headers))
            return
        exchange.extra += self._cors.response_headers(headers)
        if await self._pages.answer_probe(exchange):
            return
        fault = self._form_fault(exchange)
        match = _UNROUTED if fault is not None else self._routes.match(method, exchange.path)
        exchange.route_name = match.route.name
        decision = await self._policy.decide(
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
            await self._pages.answer(exchange)
        else:
            await self._proxy.forward(exchange, match.route, decision)

    def _form_fault(self, exchange: Exchange) -> Refusal | None:
        headers = exchange.headers
        if headers.total_bytes > self._header_bytes:
            return failures.HEADERS_TOO_LARGE
        if len(headers.all(b"host")) != 1:
            return failures.HOST
        return path_fault(exchange.scope["raw_path"])


def _record(exchange: Exchange) -> None:
    seconds = perf_counter() - exchange.started_at
    status = exchange.status or INTERNAL_ERROR
    method = exchange.method if exchange.method in METHODS else "other"
    metrics.REQUESTS.labels(exchange.route_name, method, status).inc()
    metrics.LATENCY.labels(exchange.route_name).observe(seconds)
    if exchange.route_name == "probe":
        return
    decision = exchange.decision
    log.info(
        "request",
        request_id=exchange.correlation.request_id,
        method=exchange.method,
        path=exchange.path,
        status=status,
        duration_ms=round(seconds * 1000, 2),
        response_bytes=exchange.response_bytes,
        route=exchange.route_name,
        decision=decision.reason if decision else None,
        degraded=decision.degraded if decision else False,
        ip=decision.address if decision else None,
        user_id=decision.token.subject if decision and decision.token else None,
    )
