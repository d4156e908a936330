"""Hands a request to its upstream and streams the answer back, both without buffering."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from common.assertions import HEADER
from common.logs import get_logger
from gateway import metrics
from gateway.edge import failures
from gateway.edge.attempts import Attempt, Patience
from gateway.edge.bodies import BodyTooLargeError, ClientGoneError, RequestBody
from gateway.edge.breaker import Breaker, CircuitOpenError
from gateway.edge.exchange import Exchange
from gateway.edge.header_rules import request_headers, response_headers
from gateway.edge.paths import request_target
from gateway.edge.upgrades import SWITCHING, UPGRADE, asks_for_websocket, is_switch, run_tunnel
from gateway.edge.upstream_pool import UpstreamPool
from gateway.edge.upstreams import (
    ConnectFailedError,
    ConnectionCutError,
    ConnectTimeoutError,
    UpstreamConnection,
    UpstreamFaultError,
)
from gateway.policy.decision import Decision
from gateway.policy.refusals import Refusal
from gateway.routes import BodyClass, Route, Upstream

IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
RETRY_WAIT_SECONDS: Final = 0.05
SILENCE_SECONDS: Final = 60.0
CLIENT_CLOSED: Final = 499  # not sent, for nobody is left: for the access line and the metrics
_EVENT_STREAM: Final = b"text/event-stream"
_ASSERTION: Final = HEADER.encode()

log = get_logger(__name__)


class UpstreamError(Exception):
    """No answer came; `refusal` is what the client is told."""

    def __init__(self, refusal: Refusal, error: str) -> None:
        super().__init__(error)
        self.refusal = refusal
        self.error = error


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """How much and how long."""

    json_body_bytes: int
    upload_body_bytes: int
    response_seconds: float

    def body_bytes(self, body: BodyClass) -> int:
        return self.upload_body_bytes if body is BodyClass.UPLOAD else self.json_body_bytes


@dataclass(frozen=True, slots=True)
class Proxy:
    """Forwards what the policy has allowed."""

    pools: Mapping[Upstream, UpstreamPool]
    limits: ProxyLimits
    breakers: Mapping[Upstream, Breaker] = field(init=False)

    def __post_init__(self) -> None:
        breakers = {name: Breaker(name.value) for name in self.pools}
        object.__setattr__(self, "breakers", breakers)

    async def forward(self, exchange: Exchange, route: Route, decision: Decision) -> None:
        """Answer with what the upstream answers, or with a problem when it does not."""
        limit = self.limits.body_bytes(route.body)
        body = RequestBody(exchange.receive, exchange.headers, limit)
        if body.too_large:
            await _refuse_body(exchange, body)
            return
        try:
            attempt = await self._answered(exchange, route, decision, body)
        except BodyTooLargeError:
            await _refuse_body(exchange, body)
        except ClientGoneError:
            exchange.status = CLIENT_CLOSED
        except UpstreamError as failure:
            metrics.UPSTREAM_FAILURES.labels(route.upstream, failure.error).inc()
            await exchange.refuse(failure.refusal)
        else:
            await _stream_back(exchange, attempt)

    async def _answered(
        self, exchange: Exchange, route: Route, decision: Decision, body: RequestBody
    ) -> Attempt:
        """An attempt whose answer has begun, in time."""
        breaker = self.breakers[route.upstream]
        try:
            if body.present:
                async with asyncio.timeout(self.limits.response_seconds):
                    first = await body.read()
            else:
                first = b""
            head = self._request_head(exchange, route, decision, body)
            data = head + body.framed(first) if body.present else head
            attempt = await self._attempts(exchange, route, data, body)
        except CircuitOpenError as error:
            refusal = failures.upstream_resting(error.retry_after_seconds)
            raise UpstreamError(refusal, "destination_unavailable") from error
        except ConnectTimeoutError as error:
            raise _failed(HTTPStatus.GATEWAY_TIMEOUT, "connection_timeout", error) from error
        except ConnectFailedError as error:
            raise _failed(HTTPStatus.BAD_GATEWAY, "connection_refused", error) from error
        except ConnectionCutError as error:
            raise _failed(HTTPStatus.BAD_GATEWAY, "connection_terminated", error) from error
        except TimeoutError as error:
            if body.waiting:
                raise UpstreamError(failures.REQUEST_TIMEOUT, "client_timeout") from error
            breaker.failed()
            raise _failed(HTTPStatus.GATEWAY_TIMEOUT, "http_response_timeout", error) from error
        breaker.succeeded()
        return attempt

    async def _attempts(
        self, exchange: Exchange, route: Route, data: bytes, body: RequestBody
    ) -> Attempt:
        """Try; once more for what may be repeated, when nothing can have reached the upstream."""
        try:
            return await self._attempt(exchange, route, data, body, fresh=False)
        except UpstreamFaultError as error:
            if not error.repeatable or exchange.method not in IDEMPOTENT or body.moved_on:
                raise
        metrics.UPSTREAM_RETRIES.labels(route.upstream).inc()
        await asyncio.sleep(RETRY_WAIT_SECONDS)
        return await self._attempt(exchange, route, data, body, fresh=True)

    async def _attempt(
        self, exchange: Exchange, route: Route, data: bytes, body: RequestBody, *, fresh: bool
    ) -> Attempt:
        breaker = self.breakers[route.upstream]
        with breaker.trial():
            try:
                connection = await self.pools[route.upstream].acquire(fresh=fresh)
            except ConnectFailedError:
                breaker.failed()
                raise
            attempt = Attempt(connection, body)
            attempt.begin(data, head_request=exchange.method == "HEAD")
            await attempt.answered(self.limits.response_seconds)
            return attempt

    def _request_head(
        self, exchange: Exchange, route: Route, decision: Decision, body: RequestBody
    ) -> bytes:
        scope, correlation = exchange.scope, exchange.correlation
        headers = request_headers(
            scope["headers"], exchange.headers, authorization=route.forwards_authorization
        )
        headers += (
            (b"host", self.pools[route.upstream].host),
            (b"x-request-id", correlation.request_id.encode()),
            (b"traceparent", correlation.traceparent),
            (b"x-forwarded-for", decision.address.encode()),
            (b"x-forwarded-proto", scope["scheme"].encode()),
        )
        if correlation.tracestate is not None:
            headers.append((b"tracestate", correlation.tracestate))
        if decision.assertion is not None:
            headers.append((_ASSERTION, decision.assertion.encode()))
        if body.present or exchange.method in WITH_BODY:
            headers.append(body.framing)
        elif asks_for_websocket(exchange.method, exchange.headers):
            headers += UPGRADE
        lines = b"".join([b"%b: %b\r\n" % pair for pair in headers])
        target = request_target(scope["raw_path"], scope["query_string"])
        return b"%b %b HTTP/1.1\r\n%b\r\n" % (exchange.method.encode(), target, lines)


async def _refuse_body(exchange: Exchange, body: RequestBody) -> None:
    drained = await body.drain()
    await exchange.refuse(failures.body_too_large(body.limit, close=not drained))


async def _stream_back(exchange: Exchange, attempt: Attempt) -> None:
    connection = attempt.connection
    try:
        if connection.status == SWITCHING:
            if not is_switch(connection) or not asks_for_websocket(
                exchange.method, exchange.headers
            ):
                refused = _failed(HTTPStatus.BAD_GATEWAY, "http_upgrade_failed", None)
                await exchange.refuse(refused.refusal)
                return
            await run_tunnel(exchange, connection)
            return
        await exchange.start(connection.status, response_headers(connection.headers))
        await _pass_body(exchange, connection)
    except (ConnectionCutError, TimeoutError) as error:
        # Half an answer is out: only cutting the connection tells the client that it is not whole.
        log.warning("upstream_cut_off", error=type(error).__name__)
    finally:
        attempt.end()


async def _pass_body(exchange: Exchange, connection: UpstreamConnection) -> None:
    endless = any(
        name == b"content-type" and value.startswith(_EVENT_STREAM)
        for name, value in connection.headers
    )
    while True:
        if connection.ready or endless:
            chunk = await connection.read()
        else:
            with Patience(connection, SILENCE_SECONDS):
                chunk = await connection.read()
        over = connection.complete
        await exchange.body(chunk, more=not over)
        if over:
            return


def _failed(status: HTTPStatus, error: str, cause: Exception | None) -> UpstreamError:
    log.warning("upstream_failed", proxy_error=error, error=type(cause).__name__)
    refusal = failures.upstream_failed(
        status, error, "A service does not answer; try again shortly"
    )
    return UpstreamError(refusal, error)
