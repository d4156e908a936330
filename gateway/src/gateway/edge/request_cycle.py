"""One request and its response on a connection, as ASGI sees them."""

import asyncio
from http import HTTPStatus
from typing import Final, Protocol

from starlette.types import ASGIApp, Message, Scope

from common.logs import get_logger

HIGH_WATER_BYTES: Final = 256 * 1024
TUNNEL: Final = "gateway.tunnel"
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_NO_BODY: Final = frozenset({204, 304})


def _status_line(status: int) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode()


_STATUS_LINES: Final = {status: _status_line(status) for status in range(100, 1000)}

log = get_logger(__name__)


class ClientConnection(Protocol):
    """What a cycle needs of the connection that its request came on."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    writable: asyncio.Future[None] | None

    @property
    def closing(self) -> bool:
        """Whether this answer should be the connection's last."""
        ...

    async def drain(self) -> None:
        """Wait until the client has caught up."""
        ...

    def pause_reading(self) -> None:
        """Take nothing more from the client for now."""
        ...

    def resume_reading(self) -> None:
        """Take more."""
        ...

    def responded(self, cycle: "RequestCycle") -> None:
        """The answer is out."""
        ...

    def released(self) -> None:
        """The other protocol is done with it."""
        ...

    def hand_over(self, protocol: asyncio.Protocol) -> tuple[asyncio.Transport, bytes]:
        """Let another protocol have the connection; what had come for it already goes along."""
        ...


class RequestCycle:
    """Body in, response out."""

    __slots__ = (
        "_chunked",
        "_chunks",
        "_connection",
        "_expects_continue",
        "_gone",
        "_head",
        "_http_1_0",
        "_size",
        "_waiter",
        "_without_body",
        "body_complete",
        "complete",
        "keep_alive",
        "responding",
        "scope",
        "task",
    )

    def __init__(
        self, connection: ClientConnection, scope: Scope, *, keep_alive: bool, http_1_0: bool
    ) -> None:
        self.scope = scope
        scope["extensions"] = {TUNNEL: self.take_over}
        self.keep_alive = keep_alive
        self.body_complete = False
        self.responding = False
        self.complete = False
        self.task: asyncio.Task[None] | None = None
        self._connection = connection
        self._http_1_0 = http_1_0
        self._expects_continue: bool | None = None
        self._gone = False
        self._head = b""
        self._chunks: list[bytes] = []
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._chunked = False
        self._without_body = False

    # --- for the connection

    def feed(self, chunk: bytes) -> None:
        """A part of the body has come."""
        if self.complete:
            return  # refused already: what is left of it is only read past
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > HIGH_WATER_BYTES:
            self._connection.pause_reading()
        self._wake()

    def feed_end(self) -> None:
        """The body is whole."""
        self.body_complete = True
        self._wake()

    def disconnect(self) -> None:
        """The client has left."""
        self._gone = True
        self._wake()
        if self.task is not None and not self.complete:
            self.task.cancel()

    # --- for the app

    async def run(self, app: ASGIApp) -> None:
        """Serve; an app that fails or forgets to answer costs the connection."""
        try:
            await app(self.scope, self.receive, self.send)
        except asyncio.CancelledError:
            if not self._gone:
                self._connection.transport.abort()  # the server's grace time is over
        except Exception:
            log.exception("connection_failed")
            self._connection.transport.abort()
        else:
            if not self.complete and not self._gone:
                # Half an answer: what has come of it arrives, then the end that makes it invalid.
                self._flush_head()
                self._connection.transport.close()
        finally:
            self._connection.released()

    async def receive(self) -> Message:
        """ASGI's receive."""
        if self._continue_expected() and not self.responding:
            self._expects_continue = False
            self._connection.transport.write(_CONTINUE)
        while not (self._chunks or self.body_complete or self._gone):
            self._connection.resume_reading()
            await self._wait()
        if self._gone or self.scope.get("body_delivered"):
            while not (self._gone or self.complete):
                await self._wait()
            return {"type": "http.disconnect"}
        body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._size = 0
        self.scope["body_delivered"] = self.body_complete
        return {"type": "http.request", "body": body, "more_body": not self.body_complete}

    async def send(self, message: Message) -> None:
        """ASGI's send."""
        connection = self._connection
        if connection.writable is not None:
            await connection.drain()
        if self._gone:
            return
        if message["type"] == "http.response.start":
            self._start(message["status"], message["headers"])
        else:
            self._body(message["body"], more=message.get("more_body", False))

    def take_over(self, protocol: asyncio.Protocol) -> tuple[asyncio.Transport, bytes]:
        """Hand the connection to another protocol; also what was read beyond the request."""
        self.responding = self.complete = True
        return self._connection.hand_over(protocol)

    # --- inside

    def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.responding = True
        if self._continue_expected() or self._connection.closing:
            self.keep_alive = False  # whether the body will come is unknowable (RFC 9110, 10.1.1)
        parts = [_STATUS_LINES[status]]
        sized = False
        for name, value in headers:
            if name == b"connection":
                self.keep_alive = False  # the only thing that an answer of ours says there is close
                continue
            parts += (name, b": ", value, b"\r\n")
            if name == b"content-length":
                sized = True
        self._without_body = self.scope["method"] == "HEAD" or status in _NO_BODY
        if not (sized or self._without_body):
            self._chunked = not self._http_1_0
            if self._chunked:
                parts.append(b"transfer-encoding: chunked\r\n")
            self.keep_alive = self.keep_alive and self._chunked
        if not self.keep_alive:
            parts.append(b"connection: close\r\n")
        parts.append(b"\r\n")
        # A write costs more than all of this: the head waits for the body to go out with it, but
        # no longer than this turn of the loop, for an event stream's body may come much later.
        self._head = b"".join(parts)
        self._connection.loop.call_soon(self._flush_head)

    def _flush_head(self) -> None:
        if self._head and not self._gone:
            self._connection.transport.write(self._head)
            self._head = b""

    def _body(self, body: bytes, *, more: bool) -> None:
        data, self._head = self._head, b""
        if not self._without_body:
            if self._chunked and body:
                body = b"%x\r\n%b\r\n" % (len(body), body)
            end = b"0\r\n\r\n" if self._chunked and not more else b""
            data = data + body + end if data or end else body
        if data:
            self._connection.transport.write(data)
        if more:
            return
        self.complete = True
        self._wake()
        self._connection.responded(self)

    def _continue_expected(self) -> bool:
        if self._expects_continue is None:
            headers: list[tuple[bytes, bytes]] = self.scope["headers"]
            asked = any(
                name == b"expect" and value.lower() == b"100-continue" for name, value in headers
            )
            self._expects_continue = asked and not self._chunks and not self.body_complete
        return self._expects_continue

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _wait(self) -> None:
        self._waiter = self._connection.loop.create_future()
        await self._waiter
