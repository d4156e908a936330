"""Connections to one upstream: kept between requests, each with one exchange at a time.

A client of our own on httptools, because it must never normalise, decode or repeat anything, must
hand over a connection that has switched protocols, and stands on the hot path
(docs/adr/0010-asgi-server.md).
"""

import asyncio
from collections import deque
from time import monotonic
from typing import Final, Protocol, cast

import httptools

HIGH_WATER_BYTES: Final = 256 * 1024
_SWITCHING: Final = 101
_INFORMATIONAL: Final = 200
_NO_BODY: Final = frozenset({204, 304})
Headers = list[tuple[bytes, bytes]]


class UpstreamFaultError(Exception):
    """The upstream could not be asked; `repeatable` when it cannot have noticed the request."""

    repeatable = True


class ConnectFailedError(UpstreamFaultError):
    """No connection came about, so nothing was sent."""


class ConnectTimeoutError(ConnectFailedError):
    """Nor did a refusal, in time."""


class ConnectionCutError(UpstreamFaultError):
    """The upstream closed in the middle, or spoke no HTTP.

    Repeatable when that was a connection from an earlier request and nothing of an answer had come:
    most likely it had been closed before this request was sent.
    """

    def __init__(self, *, repeatable: bool = False) -> None:
        super().__init__()
        self.repeatable = repeatable


class Owner(Protocol):
    """Who has opened a connection, and hears what becomes of it."""

    def keep(self, connection: "UpstreamConnection") -> None:
        """It is free for another exchange."""
        ...

    def forget(self, connection: "UpstreamConnection") -> None:
        """It is closed."""
        ...


class UpstreamConnection(asyncio.Protocol):
    """One connection. Call `send`, then `head`, then `read` until it gives nothing, `release`."""

    def __init__(self, owner: Owner) -> None:
        self.transport: asyncio.Transport
        self.fresh = True
        self.idle_since = 0.0
        self.status = 0
        self.headers: Headers = []
        self.complete = False
        self._owner = owner
        self._parser = httptools.HttpResponseParser(self)
        self._chunks: deque[bytes] = deque()
        self._buffered = 0
        self._reading = True
        self._lost = False
        self._busy = False
        self._begun = False
        self._reusable = False
        self._head_request = False
        self._sized = False
        self._head_done = False
        self._switched: bytes | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None

    # --- for the proxy

    def send(self, data: bytes, *, head_request: bool) -> None:
        """Begin an exchange: a head, and a body or its first part."""
        self._busy = True
        self._head_request = head_request
        self.transport.write(data)

    async def send_more(self, data: bytes) -> None:
        """Send a part of the body, waiting while the upstream reads slowly."""
        if self._lost:
            raise ConnectionCutError
        self.transport.write(data)
        while self._writable is not None:
            await asyncio.shield(self._writable)

    async def head(self) -> int:
        """The status, once the answer's head is whole. Raises ConnectionCutError."""
        while not self._head_done:
            if self._lost:
                raise ConnectionCutError(repeatable=not self.fresh and not self._begun)
            await self._wait()
        return self.status

    @property
    def ready(self) -> bool:
        """Whether `read` has something to give without waiting."""
        return bool(self._chunks) or self.complete or self._lost

    async def read(self) -> bytes:
        """What has come of the body since; nothing at its end. Raises ConnectionCutError."""
        while not self._chunks:
            if self.complete:
                return b""
            if self._lost:
                raise ConnectionCutError
            await self._wait()
        chunk = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._buffered = 0
        if not self._reading and not self._lost:
            self._reading = True
            self.transport.resume_reading()
        return chunk

    def release(self) -> None:
        """Keep the connection for another exchange when this one has ended well, else close it."""
        if self.complete and self._reusable and not self._lost and not self._chunks:
            self._begin_anew()
            self._owner.keep(self)
        else:
            self.close()

    def close(self) -> None:
        """Close it."""
        if not self._lost:
            self.transport.abort()

    def hand_over(self, protocol: asyncio.Protocol) -> tuple[asyncio.Transport, bytes]:
        """Let another protocol have a connection that has switched; also what was read already."""
        self.transport.set_protocol(protocol)
        return self.transport, self._switched or b""

    def interrupt(self, error: BaseException) -> None:
        """Raise `error` in whoever waits for the upstream."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)

    # --- asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over, which ends an answer that has no other end."""
        self._lost = True
        if exc is None and self._head_done and not self._sized and not self.complete:
            self.complete = True
        self._owner.forget(self)
        self.resume_writing()
        self._wake()

    def data_received(self, data: bytes) -> None:
        """Parse a part of the answer; an idle connection has none to get."""
        if not self._busy:
            self.close()  # an answer that nobody has asked for must not become the next one's
            return
        self._begun = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._switched = data[upgrade.args[0] :]
        except httptools.HttpParserError:
            self._lost = True
            self.transport.abort()
            self._wake()

    def pause_writing(self) -> None:
        """The upstream reads more slowly than the client sends."""
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """It has caught up."""
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    # --- the parser's callbacks

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; trailers are dropped."""
        if not self._head_done:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The head is whole; those of interim answers (1xx) are for this hop alone."""
        status = self._parser.get_status_code()
        if status < _INFORMATIONAL and status != _SWITCHING:
            self.headers = []
            return
        self.status = status
        self._sized = any(
            name in (b"content-length", b"transfer-encoding") for name, _ in self.headers
        )
        self._head_done = True
        if self._head_request or status in _NO_BODY:
            self._reusable = self._parser.should_keep_alive()
            self.complete = True
        self._wake()

    def on_body(self, chunk: bytes) -> None:
        """A part of the body."""
        if self.complete:
            self._reusable = False  # a body that no answer to this request may have
            return
        self._chunks.append(chunk)
        self._buffered += len(chunk)
        if self._buffered > HIGH_WATER_BYTES and self._reading:
            self._reading = False
            self.transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if not self._head_done or self.complete or self.status == _SWITCHING:
            return
        self._reusable = self._parser.should_keep_alive()
        self.complete = True
        self._wake()

    # --- inside

    def _begin_anew(self) -> None:
        if self._head_request:
            # llhttp does not know that it answers a HEAD, and still waits for a body.
            self._parser = httptools.HttpResponseParser(self)
        self.fresh = self._busy = False
        self.headers = []
        self.complete = self._head_done = self._begun = False
        self.idle_since = monotonic()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        await self._waiter
