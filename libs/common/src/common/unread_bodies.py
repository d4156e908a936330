"""What becomes of a request's body that the app leaves unread, as it does when it refuses early.

An answer that leaves much unread ends its connection (RFC 9112, 9.3): the server would have to
receive all of it before the next request. A client that sends `Expect: 100-continue` (RFC 9110,
10.1.1) has sent nothing by then, since the server asks for a body only when it is read.
"""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Send

# The server receives this much in any case, before it knows whether the app reads it.
MUCH_BYTES: Final = 64 * 1024
# A connection that is closed on data under way is reset, and the answer may be lost with it: the
# client has this long to read the answer and stop. Meanwhile no more than this is received.
LINGER_SECONDS: Final = 1.0
LINGER_BYTES: Final = 1024 * 1024


class RequestBody:
    """How far a request's body has been read; `is_left` while much of it may still come."""

    def __init__(self, receive: Receive, headers: Headers) -> None:
        length = headers.get("content-length", "")
        declared = int(length) if length.isdecimal() else 0
        self.is_left = declared > MUCH_BYTES or "transfer-encoding" in headers
        self._receive = receive

    async def receive(self) -> Message:
        """The next message of the server."""
        message = await self._receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            self.is_left = False
        return message

    async def finish(self, message: Message, send: Send) -> None:
        """Send a part of the answer; after the last, give the client time to stop sending."""
        if message.get("more_body", False) or not self.is_left:
            await send(message)
            return
        await send({**message, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                await self._discard()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _discard(self) -> None:
        discarded = 0
        while self.is_left:
            if discarded >= LINGER_BYTES:
                await asyncio.sleep(LINGER_SECONDS)  # until the time is over: nothing more is read
            discarded += len((await self.receive()).get("body", b""))
