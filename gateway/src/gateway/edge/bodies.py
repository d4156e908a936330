"""The request's body: streamed, counted, and cut off where its route's class ends."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.types import Receive

from gateway.policy.headers import HeaderMap

# So much is read and thrown away before a refusal, so that the client gets to read the answer: a
# connection closed on unread data loses what was sent.
DRAINED_BYTES: Final = 16 * 1024 * 1024
DRAIN_SECONDS: Final = 3.0


class BodyTooLargeError(Exception):
    """More came than the limit allows."""


class ClientGoneError(Exception):
    """The client closed the connection before its body was complete."""


class RequestBody:
    """One request's body; `waiting` says that we wait for the client just now."""

    __slots__ = (
        "_on_progress",
        "_reads",
        "_receive",
        "complete",
        "declared",
        "limit",
        "present",
        "received",
        "waiting",
    )

    def __init__(self, receive: Receive, headers: HeaderMap, limit: int) -> None:
        self._receive = receive
        self._on_progress: Callable[[], None] | None = None
        length = headers.only(b"content-length")
        self.declared = int(length) if length is not None and length.isdigit() else None
        self.present = bool(self.declared) or bool(headers.all(b"transfer-encoding"))
        self.limit = limit
        self.received = 0
        self.complete = not self.present
        self.waiting = False
        self._reads = 0

    @property
    def moved_on(self) -> bool:
        """Whether more than its first part was read, so that it cannot be sent again."""
        return self._reads > 1

    @property
    def framing(self) -> tuple[bytes, bytes]:
        """The header that tells the upstream where the body ends."""
        if self.present and self.declared is None:
            return (b"transfer-encoding", b"chunked")
        return (b"content-length", str(self.declared or 0).encode())

    def framed(self, chunk: bytes) -> bytes:
        """A part as it goes to the upstream, the last one with the end mark."""
        if self.declared is not None:
            return chunk
        part = b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunk else b""
        return part + b"0\r\n\r\n" if self.complete else part

    @property
    def too_large(self) -> bool:
        """Whether the body is over the limit, as declared or as counted."""
        return self.received > self.limit or (self.declared or 0) > self.limit

    def watch(self, on_progress: Callable[[], None]) -> None:
        """Call `on_progress` whenever a part arrives."""
        self._on_progress = on_progress

    async def read(self) -> bytes:
        """The next part. Raises BodyTooLargeError or ClientGoneError."""
        self._reads += 1
        self.waiting = True
        message = await self._receive()
        self.waiting = False
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        chunk: bytes = message.get("body", b"")
        self.received += len(chunk)
        self.complete = not message.get("more_body", False)
        if self.received > self.limit:
            raise BodyTooLargeError
        if self._on_progress is not None:
            self._on_progress()
        return chunk

    async def drain(self) -> bool:
        """Read the rest and forget it; False when it is not worth waiting for its end."""
        if (self.declared or 0) > DRAINED_BYTES:
            return False
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self.complete and self.received <= DRAINED_BYTES:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        return False
                    self.received += len(message.get("body", b""))
                    self.complete = not message.get("more_body", False)
        except TimeoutError:
            return False
        return self.complete
