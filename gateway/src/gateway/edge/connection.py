"""One client's connection: HTTP/1.1 read strictly, with limits on how large and how slow it may be.

A protocol for uvicorn's server, in place of its own, because an edge must say no where a service
need not: llhttp without any leniency refuses double or contradictory lengths, bare LF and folded
lines; here the rest is refused (transfer codings but `chunked`, CONNECT, HTTP/0.9), header blocks
are bounded while they arrive, and clients that do not finish one in time are cut off. A request
whose client has left is cancelled.
"""

import asyncio
from collections import deque
from typing import Any, ClassVar, Final, cast
from urllib.parse import unquote

import httptools
from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import ServerState

from common.health import Health
from common.logs import get_logger
from gateway import metrics
from gateway.edge import failures
from gateway.edge.connection_limits import ConnectionLimits, connection_scope
from gateway.edge.exchange import raw_problem
from gateway.edge.request_cycle import RequestCycle
from gateway.edge.request_heads import RefusedHead, check_head, request_target
from gateway.policy.refusals import Refusal

# Connections that are idle when the server stops wait so long for a request that is under way.
LINGER_SECONDS: Final = 0.3
# A client that was refused for its form is given so long to read why.
REFUSED_SECONDS: Final = 1.0
# What is left of a refused request's body is read and forgotten for so long.
DISCARD_SECONDS: Final = 3.0

log = get_logger(__name__)


class ServerConnection(asyncio.Protocol):
    """Reads requests, one after the other, and gives each to the app in a task of its own."""

    limits: ClassVar[ConnectionLimits] = ConnectionLimits()
    health: ClassVar[Health] = Health()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.app: ASGIApp = config.loaded_app
        self.loop = _loop or asyncio.get_running_loop()
        self.state = server_state
        self.transport: asyncio.Transport
        self.leftover = b""
        self._parser = httptools.HttpRequestParser(self)
        self._timer: asyncio.TimerHandle | None = None
        self._cycle: RequestCycle | None = None
        self._waiting: deque[RequestCycle] = deque()
        self._reading_head = False
        self._head_bytes = 0
        self._broken: Refusal | None = None
        self._stopping = False
        self._successor: asyncio.Protocol | None = None
        self._reading = True
        self.writable: asyncio.Future[None] | None = None
        self._base: dict[str, Any] = {}

    # --- asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; the first header block has to come in time."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        self.state.connections.add(self)  # type: ignore[arg-type]  # its type names uvicorn's own protocols
        self._base = connection_scope(transport)
        self._arm(self.limits.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is left to answer: what is under way is cancelled."""
        self.state.connections.discard(self)
        self._disarm()
        self.resume_writing()
        for cycle in (self._cycle, *self._waiting):
            if cycle is not None:
                cycle.disconnect()
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        """Parse; a fault ends the connection after the answers that are still owed."""
        if self._broken is not None:
            return
        began_before = self._reading_head
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self.leftover = data[upgrade.args[0] :]
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._break(cause.refusal if isinstance(cause, RefusedHead) else failures.MALFORMED)
            return
        if self._reading_head:
            self._watch_head(len(data) if began_before else 0)

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        if self.writable is None:
            self.writable = self.loop.create_future()

    def resume_writing(self) -> None:
        """It has caught up."""
        if self.writable is not None:
            if not self.writable.done():
                self.writable.set_result(None)
            self.writable = None

    # --- the parser's callbacks

    def on_message_begin(self) -> None:
        """A request line begins."""
        self._reading_head = True
        self._head_bytes = 0
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        if self._cycle is None:
            self._disarm()

    def on_url(self, url: bytes) -> None:
        """A part of the target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field; those after the body (trailers) are for nobody here."""
        if self._reading_head:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The head is whole: serve it, or queue it behind the one before."""
        self._reading_head = False
        method = self._parser.get_method()
        version = self._parser.get_http_version()
        upgrade = self._parser.should_upgrade()
        check_head(method, version, self._headers, upgrade=upgrade)
        path, _, query = request_target(self._url).partition(b"?")
        text = path.decode("latin-1")
        scope = {
            **self._base,
            "method": method.decode("ascii"),
            "path": unquote(text) if "%" in text else text,
            "raw_path": path,
            "query_string": query,
            "headers": self._headers,
        }
        keep_alive = version == "1.1" and self._parser.should_keep_alive() and not upgrade
        cycle = RequestCycle(self, scope, keep_alive=keep_alive, http_1_0=version == "1.0")
        if self._cycle is None:
            self._start(cycle)
        else:
            self._waiting.append(cycle)
            self.pause_reading()

    def on_body(self, chunk: bytes) -> None:
        """A part of the newest request's body."""
        self._newest().feed(chunk)

    def on_message_complete(self) -> None:
        """The newest request is whole."""
        newest = self._newest()
        newest.feed_end()
        if newest.complete and newest is self._cycle:
            self._next()

    # --- for the cycle

    @property
    def closing(self) -> bool:
        """Whether this answer should be the connection's last."""
        return self._stopping or self.health.draining

    async def drain(self) -> None:
        """Wait until the client has caught up."""
        while self.writable is not None:
            await asyncio.shield(self.writable)

    def pause_reading(self) -> None:
        """Take nothing more from the client for now."""
        if self._reading and not self.transport.is_closing():
            self._reading = False
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Take more."""
        if not self._reading and not self.transport.is_closing():
            self._reading = True
            self.transport.resume_reading()

    def responded(self, cycle: RequestCycle) -> None:
        """The answer is out; the next request's turn, once the rest of this one's body came."""
        self.state.total_requests += 1
        if not cycle.keep_alive:
            self.transport.close()
        elif cycle.body_complete:
            self._next()
        else:
            self.resume_reading()
            self._arm(DISCARD_SECONDS)

    def shutdown(self) -> None:
        """Stop after what is under way; uvicorn calls it when the server stops."""
        self._stopping = True
        if self._cycle is None:
            self._arm(LINGER_SECONDS)

    def hand_over(self, protocol: asyncio.Protocol) -> tuple[asyncio.Transport, bytes]:
        """Let another protocol have the connection; uvicorn stops that one when it stops."""
        self._disarm()
        self.state.connections.discard(self)
        self.state.connections.add(protocol)  # type: ignore[arg-type]  # as above
        self._successor = protocol
        self.transport.set_protocol(protocol)
        self._reading = False  # whether it was paused or not, it reads from now on
        self.resume_reading()
        return self.transport, self.leftover

    def released(self) -> None:
        """The other protocol is done with it."""
        if self._successor is not None:
            self.state.connections.discard(self._successor)

    # --- inside

    def _watch_head(self, arrived: int) -> None:
        """Whole heads are measured exactly by the app; this bounds those that never end."""
        self._head_bytes += arrived
        if self._head_bytes > self.limits.header_bytes:
            self._break(failures.HEADERS_TOO_LARGE)
        elif self._cycle is None and self._timer is None:
            self._arm(self.limits.header_seconds)

    def _newest(self) -> RequestCycle:
        newest = self._waiting[-1] if self._waiting else self._cycle
        assert newest is not None  # noqa: S101 - the parser tells of bodies after heads only
        return newest

    def _start(self, cycle: RequestCycle) -> None:
        self._cycle = cycle
        self._disarm()
        task = self.loop.create_task(cycle.run(self.app))
        cycle.task = task
        self.state.tasks.add(task)
        task.add_done_callback(self.state.tasks.discard)

    def _next(self) -> None:
        self._cycle = None
        self._disarm()
        if self._waiting:
            self._start(self._waiting.popleft())
        elif self._broken is not None:
            self._answer_broken(self._broken)
        else:
            stopping = LINGER_SECONDS if self._stopping else self.limits.idle_seconds
            self._arm(self.limits.header_seconds if self._reading_head else stopping)
        if not self._waiting:
            self.resume_reading()

    def _break(self, refusal: Refusal) -> None:
        self._broken = refusal
        cycle = self._cycle
        if cycle is None:
            self._answer_broken(refusal)
        elif not self._newest().body_complete:
            # The fault lies in the body of a request that is being served.
            if cycle.responding or self._waiting:
                self.transport.close()
            else:
                self._answer_broken(refusal)
                cycle.disconnect()

    def _answer_broken(self, refusal: Refusal) -> None:
        metrics.REQUESTS.labels("malformed", "other", refusal.status.value).inc()
        self._broken = refusal
        self.transport.write(raw_problem(refusal))
        # Closing on data that is still arriving would reset the connection, and lose the answer.
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._arm(REFUSED_SECONDS)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._timer = self.loop.call_later(seconds, self._expire)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        if self._reading_head and self._cycle is None and self._broken is None:
            self._answer_broken(failures.REQUEST_TIMEOUT)
        else:
            self.transport.abort()
