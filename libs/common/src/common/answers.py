"""What every answer has in common by RFC 9110, and what becomes of a body that it leaves unread.

A read has cache headers, an ETag, 304, and HEAD. A resource shows more than its own row: names of
courts, grants, derived dates. So the ETag of what is read depends on each byte that is sent:
`"7-3fa9c1d20b5e8f64"` is version 7 and a digest of the body, of which `If-Match` compares the
version; `W/"3fa9c1d20b5e8f64"` is what has no version (ADR 0020). The handler has run by then, so a
304 needs the same permission as a 200.

An answer that leaves much of the request's body unread, as an early refusal does, ends its
connection (RFC 9112, 9.3): the server would have to receive all of it before the next request. A
client that sends `Expect: 100-continue` (RFC 9110, 10.1.1) has sent nothing by then, since the
server asks for a body only when it is read.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from common.caching import NO_STORE, REVALIDATED

READING: Final = frozenset({"GET", "HEAD"})
DIGEST_LENGTH: Final = 16
NO_STORE_VALUE: Final = NO_STORE.encode()
REVALIDATED_VALUE: Final = REVALIDATED.encode()
NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
CLOSE: Final = (b"connection", b"close")
# A 304 has the headers by which a cache finds and renews what it holds, and none of the body's
# (RFC 9110, 15.4.5).
OF_THE_BODY: Final = frozenset({b"content-length", b"content-type", b"content-disposition"})

# The server receives this much in any case, before it knows whether the app reads it.
MUCH_BYTES: Final = 64 * 1024
# A connection that is closed on data under way is reset, and the answer may be lost with it: the
# client has this long to read the answer and stop. Meanwhile no more than this is received.
LINGER_SECONDS: Final = 1.0
LINGER_BYTES: Final = 1024 * 1024


class HeadAnswered(Exception):
    """The headers of a stream have been sent to a HEAD: the rest need not be made."""


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


class Representation:
    """Sends the answer to one request, with the `extra` headers. Reads get an ETag when their body
    is whole, which is when it has a length: a stream is passed on as it comes.
    """

    def __init__(
        self, request: Scope, body: RequestBody, send: Send, extra: Mapping[bytes, bytes]
    ) -> None:
        self.status: int | None = None  # that of the answer, once it has begun
        self._request = request
        self._is_read = request["method"] in READING
        self._is_head = request["method"] == "HEAD"
        self._body = body
        self._send = send
        self._extra = extra
        self._start: Message | None = None  # held back until the body is known

    async def send(self, message: Message) -> None:
        """Take a message of the app. Raises HeadAnswered in the middle of a stream."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] == "http.response.body":
            await self._continue(message)
        else:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        given = dict(start["headers"])
        is_shown = self._is_read and start["status"] < HTTPStatus.BAD_REQUEST
        cached = given.get(b"cache-control", REVALIDATED_VALUE if is_shown else NO_STORE_VALUE)
        headers = [each for each in start["headers"] if each[0] not in self._extra]
        headers += [NOSNIFF, *self._extra.items()]
        if b"cache-control" not in given:
            headers.append((b"cache-control", cached))
        if self._body.is_left:
            headers.append(CLOSE)
        start = {**start, "headers": headers}
        is_found = self._is_read and start["status"] == HTTPStatus.OK
        if is_found and b"content-length" in given and cached != NO_STORE_VALUE:
            self._start = start
        else:
            self.status = start["status"]
            await self._send(start)

    async def _continue(self, message: Message) -> None:
        start, self._start = self._start, None
        more = message.get("more_body", False)
        if start is not None:
            if not more:
                start, message = self._tagged(start, message)
            self.status = start["status"]
            await self._send(start)
        if not self._is_head:
            await self._body.finish(message, self._send)
            return
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        if more:
            raise HeadAnswered

    def _tagged(self, start: Message, message: Message) -> tuple[Message, Message]:
        """The answer with its ETag, or the 304 when the client holds just this."""
        version = dict(start["headers"]).get(b"etag")
        tag = _tag(version, message["body"])
        headers = [header for header in start["headers"] if header[0] != b"etag"]
        headers.append((b"etag", tag if version is not None else b"W/" + tag))
        if not self._holds(tag):
            return {**start, "headers": headers}, message
        headers = [header for header in headers if header[0] not in OF_THE_BODY]
        unchanged = {**start, "status": HTTPStatus.NOT_MODIFIED.value, "headers": headers}
        return unchanged, {**message, "body": b""}

    def _holds(self, tag: bytes) -> bool:
        """Whether `If-None-Match` names this tag, compared weakly (RFC 9110, 8.8.3.2 and 13.1.2).

        A tag with both of its quotes is found in a list only where it is an entry of it.
        """
        lines = [value for name, value in self._request["headers"] if name == b"if-none-match"]
        return any(tag in line or line.strip() == b"*" for line in lines)


def _tag(version: bytes | None, body: bytes) -> bytes:
    """The tag without what says that it is weak."""
    digest = hashlib.sha256(body).hexdigest()[:DIGEST_LENGTH].encode()
    return b'"%s"' % digest if version is None else b'%s-%s"' % (version[:-1], digest)
