"""Hands a request to its upstream and streams the answer back, both without buffering."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from common.assertions import HEADER
from common.logs import get_logger
from gateway import metrics
from gateway.edge import failures
from gateway.edge.bodies import BodyTooLargeError, ClientGoneError, RequestBody
from gateway.edge.exchange import Exchange
from gateway.edge.header_rules import request_headers, response_headers
from gateway.edge.paths import request_target
from gateway.policy.decision import Decision
from gateway.policy.refusals import Refusal
from gateway.routes import BodyClass, Route, Upstream

IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
RETRY_WAIT_SECONDS: Final = 0.05
SILENCE_SECONDS: Final = 60.0
_EVENT_STREAM: Final = "text/event-stream"
# Names that the client library would otherwise add on its own account.
_NOT_ADDED: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")

log = get_logger(__name__)


def open_session(connect_seconds: float) -> aiohttp.ClientSession:
    """The connections to all upstreams; an ended idle one is dropped before the server drops it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=10, keepalive_timeout=30),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds),
        auto_decompress=False,
        skip_auto_headers=_NOT_ADDED,
        max_line_size=32 * 1024,
        max_field_size=32 * 1024,
    )


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

    session: aiohttp.ClientSession
    bases: Mapping[Upstream, str]
    limits: ProxyLimits

    async def forward(self, exchange: Exchange, route: Route, decision: Decision) -> None:
        """Answer with what the upstream answers, or with a problem when it does not."""
        limit = self.limits.body_bytes(route.body)
        body = RequestBody(exchange.receive, exchange.headers, limit)
        if body.too_large:
            await _refuse_body(exchange, body)
            return
        try:
            response = await self._response(exchange, route, decision, body)
        except BodyTooLargeError:
            await _refuse_body(exchange, body)
        except ClientGoneError:
            exchange.status = 499  # nobody is left to read an answer; for the access line only
        except UpstreamError as failure:
            metrics.UPSTREAM_FAILURES.labels(route.upstream, failure.error).inc()
            await exchange.refuse(failure.refusal)
        else:
            await _stream_back(exchange, response, body)

    async def _response(
        self, exchange: Exchange, route: Route, decision: Decision, body: RequestBody
    ) -> aiohttp.ClientResponse:
        """The head of the answer, in time."""
        loop = asyncio.get_running_loop()
        patience = self.limits.response_seconds
        try:
            async with asyncio.timeout(patience) as limit:
                # A slow upload is no slow upstream: the time runs from the last part.
                body.watch(lambda: limit.reschedule(loop.time() + patience))
                return await self._attempt(exchange, route, decision, body)
        except aiohttp.ConnectionTimeoutError as error:
            raise _failed(HTTPStatus.GATEWAY_TIMEOUT, "connection_timeout", error) from error
        except TimeoutError as error:
            if body.waiting:
                raise UpstreamError(failures.REQUEST_TIMEOUT, "client_timeout") from error
            raise _failed(HTTPStatus.GATEWAY_TIMEOUT, "http_response_timeout", error) from error
        except aiohttp.ClientConnectorError as error:
            raise _failed(HTTPStatus.BAD_GATEWAY, "connection_refused", error) from error
        except (aiohttp.ClientError, OSError) as error:
            if body.too_large:
                raise BodyTooLargeError from error
            if isinstance(error.__cause__, ClientGoneError):
                raise ClientGoneError from error
            raise _failed(HTTPStatus.BAD_GATEWAY, "connection_terminated", error) from error

    async def _attempt(
        self, exchange: Exchange, route: Route, decision: Decision, body: RequestBody
    ) -> aiohttp.ClientResponse:
        headers = _upstream_headers(exchange, route, decision)
        scope = exchange.scope
        target = request_target(scope["raw_path"], scope["query_string"])
        # encoded: the library must not normalise what was authorised byte by byte.
        url = URL(self.bases[route.upstream] + target, encoded=True)
        first = await body.read() if body.present else None

        async def send() -> aiohttp.ClientResponse:
            data: bytes | AsyncIterator[bytes] | None = first
            if first is not None and not body.complete:
                data = body.stream(first)
            return await self.session.request(
                exchange.method, url, headers=headers, data=data, allow_redirects=False
            )

        try:
            return await send()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            # Not connected: nothing was sent, and no body was read beyond the first part.
            if exchange.method not in IDEMPOTENT:
                raise
            await asyncio.sleep(RETRY_WAIT_SECONDS)
            return await send()


def _upstream_headers(
    exchange: Exchange, route: Route, decision: Decision
) -> list[tuple[str, str]]:
    headers = request_headers(
        exchange.scope["headers"], exchange.headers, authorization=route.forwards_authorization
    )
    correlation = exchange.correlation
    headers.append(("X-Request-ID", correlation.request_id))
    headers.append(("Traceparent", correlation.traceparent.decode("ascii")))
    if correlation.tracestate is not None:
        headers.append(("Tracestate", correlation.tracestate.decode("ascii")))
    headers.append(("X-Forwarded-For", decision.address))
    headers.append(("X-Forwarded-Proto", exchange.scope.get("scheme", "http")))
    if decision.assertion is not None:
        headers.append((HEADER, decision.assertion))
    return headers


async def _refuse_body(exchange: Exchange, body: RequestBody) -> None:
    drained = await body.drain()
    await exchange.refuse(failures.body_too_large(body.limit, close=not drained))


async def _stream_back(
    exchange: Exchange, response: aiohttp.ClientResponse, body: RequestBody
) -> None:
    watcher: asyncio.Task[None] | None = None
    patience = None if response.content_type == _EVENT_STREAM else SILENCE_SECONDS
    content = response.content
    try:
        await exchange.start(response.status, response_headers(response.raw_headers))
        while True:
            async with asyncio.timeout(patience):
                chunk = await content.readany()
            over = content.at_eof()
            await exchange.body(chunk, more=not over)
            if over:
                return
            if watcher is None and body.complete:
                watcher = asyncio.create_task(_close_when_gone(exchange, response))
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        # Half an answer is out: only cutting the connection tells the client that it is not whole.
        log.warning("upstream_cut_off", error=type(error).__name__)
    finally:
        if watcher is not None:
            watcher.cancel()
        response.release()


async def _close_when_gone(exchange: Exchange, response: aiohttp.ClientResponse) -> None:
    """End a long answer, such as an event stream, when its reader has left."""
    with suppress(asyncio.CancelledError):
        while (await exchange.receive())["type"] != "http.disconnect":
            pass
        response.close()


def _failed(status: HTTPStatus, error: str, cause: Exception) -> UpstreamError:
    log.warning("upstream_failed", proxy_error=error, error=type(cause).__name__)
    refusal = failures.upstream_failed(
        status, error, "A service does not answer; try again shortly"
    )
    return UpstreamError(refusal, error)
