"""An upstream of raw sockets: records every request byte by byte, and answers as services do.

It runs in its own thread for the whole session, so that edges which outlive a test find it.
Some last segments of a path name a way to behave.
"""

import asyncio
import gzip
import hashlib
import json
import threading
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from common.problem_pages import PAGES, PREFIX
from common.problems import MEDIA_TYPE, problem_body
from testkit.gateway.issuer import Issuer

WEBSOCKET_KEY: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# What an edge requests itself.
OWN: Final = ("/.well-known/jwks.json", "/readyz", "/openapi.json", PREFIX)
# A thousand times as large when it is opened.
BOMB: Final = gzip.compress(bytes(64 * 1024 * 1024))
# In all larger than what sockets and proxies hold of it.
FLOOD_PIECE, FLOOD_PIECES = bytes(64 * 1024), 1024
ROWS: Final = [{"number": number, "court": "Mahakama Kuu"} for number in range(500)]
PATHS: Final[dict[str, Any]] = {
    "/api/v1/cases": {"get": {}, "post": {}},
    "/api/v1/echo": {"get": {}},
    "/api/v1/auth/login": {"post": {}},
}
PROBLEM: Final = {"type": "/problems/unavailable", "status": 503, "code": "unavailable"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived: the head's bytes, and how a strict parser reads them."""

    raw: bytes
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def names(self) -> set[str]:
        return {key.lower() for key, _ in self.headers}

    @property
    def assertion(self) -> str:
        """The only header that identifies the caller; sent once."""
        (assertion,) = self.all("x-gateway-assertion")
        assert self.all("authorization") == []
        return assertion

    @property
    def claims(self) -> dict[str, Any]:
        """What the assertion says, unverified."""
        return _payload(self.assertion)

    @property
    def context(self) -> dict[str, str]:
        """What the policy says of the request: headers for its answer (`common.requests`)."""
        names = {
            "rid": "X-Request-ID",
            "ratelimit": "RateLimit",
            "ratelimit_policy": "RateLimit-Policy",
        }
        claims = [_payload(assertion) for assertion in self.all("x-gateway-assertion")]
        return {names[claim]: each[claim] for each in claims for claim in names if claim in each}


def _payload(assertion: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(urlsafe_b64decode(assertion.split(".")[1] + "=="))
    return payload


@dataclass(slots=True)
class RecordingUpstream:
    """Stands for auth and core at once."""

    issuer: Issuer
    listens_on: str = "127.0.0.1"
    known_as: str = "127.0.0.1"  # by the edge
    requests: list[Recorded] = field(default_factory=list)
    port: int = 0
    connections: set[asyncio.StreamWriter] = field(default_factory=set)
    floods_cut: list[float] = field(default_factory=list)  # when
    _answers: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None
    _release: asyncio.Event = field(default_factory=asyncio.Event)
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self.known_as}:{self.port}"

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
            self._thread.start()
        self._loop.call_soon_threadsafe(self._answers.set)
        self._run(self._listen())

    def freeze(self) -> None:
        """Accept connections and answer nothing more, not even a health check."""
        self._loop.call_soon_threadsafe(self._answers.clear)

    def thaw(self) -> None:
        """Answer again, including the requests that waited."""
        self._loop.call_soon_threadsafe(self._answers.set)

    def stop(self) -> None:
        """Stop listening and drop every connection, as a crash does."""
        self._run(self._drop())

    def close(self) -> None:
        """Stop, and end the thread."""
        self.stop()
        self._run(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join()
        self._loop.close()

    def clear(self) -> None:
        """Forget what was recorded."""
        self.requests.clear()
        self.floods_cut.clear()

    def release(self) -> None:
        """Let a held answer go on by one step."""
        self._loop.call_soon_threadsafe(self._release.set)

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._connected, self.listens_on, self.port, limit=1 << 20, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self.connections):
            writer.transport.abort()

    @staticmethod
    async def _finish() -> None:
        """What waits on a lost connection must end before its loop does."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.add(writer)
        try:
            while (request := await _read(reader, writer)) is not None:
                await self._answers.wait()
                if not request.target.startswith(OWN):
                    self.requests.append(request)
                if not await self._answer(request, reader, writer):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # cancelled is what still waits at the end of all
        finally:
            self.connections.discard(writer)
            writer.close()

    async def _answer(
        self, request: Recorded, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer; False when the connection is over."""
        path = request.target.partition("?")[0]
        if path.startswith(PREFIX):
            page = PAGES[path.removeprefix(PREFIX)]
            problem = problem_body(page.status, page.code, page.title, page.detail)
            headers = [
                ("Content-Type", MEDIA_TYPE),
                *page.headers.items(),
                *request.context.items(),
            ]
            await _respond(writer, 200, problem, headers)
            return True
        if path.startswith(OWN):
            await _respond(writer, 200, self._own(path))
            return True
        behaviours: dict[str, Callable[..., Awaitable[bool]]] = {
            "events": self._events,
            "socket": _socket,
            "drop": _drop_connection,
            "silent": self._silent,
            "half": _half,
            "broken": _broken,
            "unavailable": _unavailable,
            "chatty": _chatty,
            "bomb": _bomb,
            "flood": self._flood,
            "rows": _rows,
            "ranged": _ranged,
        }
        behave = behaviours.get(path.rpartition("/")[2], _echo)
        return await behave(request, reader, writer)

    def _own(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/jwks.json":
            return self.issuer.jwks()
        if path == "/openapi.json":
            info = {"title": "Echo", "version": "9.9.9"}
            return {"openapi": "3.1.0", "info": info, "paths": PATHS}
        return {"status": "ok"}

    async def _events(
        self, request: Recorded, _: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """The next event only once the test has seen the one before."""
        self._release.clear()
        writer.write(
            _head(200, [*request.context.items(), ("Content-Type", "text/event-stream")], None)
        )
        for number in range(3):
            writer.write(b"data: %d\n\n" % number)
            await writer.drain()
            await self._release.wait()
            self._release.clear()
        return False

    async def _silent(self, *_: object) -> bool:
        self._release.clear()
        await self._release.wait()
        return False

    async def _flood(
        self, request: Recorded, _: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Write until all is sent or the connection is closed."""
        writer.write(_head(200, list(request.context.items()), FLOOD_PIECES * len(FLOOD_PIECE)))
        try:
            for _piece in range(FLOOD_PIECES):
                writer.write(FLOOD_PIECE)
                await writer.drain()
        except OSError:
            self.floods_cut.append(monotonic())
            raise
        return True


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Recorded | None:
    """The next request, strictly by RFC 9112; anything else is recorded as it is."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        return Recorded(error.partial, "", "", (), b"") if error.partial else None
    start, *lines = raw[:-4].decode("latin-1").split("\r\n")
    method, _, rest = start.partition(" ")
    headers = tuple(
        (name, value.strip()) for name, _, value in (line.partition(":") for line in lines)
    )
    fields = {name.lower(): value for name, value in headers}
    body = b""
    if fields.get("expect") == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    elif "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    return Recorded(raw, method, rest.rpartition(" ")[0], headers, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while (size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)) > 0:
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
    return body


def _head(status: int, headers: list[tuple[str, str]], length: int | None) -> bytes:
    sized = ("Content-Length", str(length)) if length is not None else ("Connection", "close")
    lines = [f"{name}: {value}" for name, value in [*headers, sized]]
    return "\r\n".join([f"HTTP/1.1 {status} Any", *lines, "", ""]).encode("latin-1")


async def _respond(
    writer: asyncio.StreamWriter,
    status: int,
    content: Any,
    headers: list[tuple[str, str]] | None = None,
) -> None:
    body = json.dumps(content).encode()
    fields = headers or []
    if "Content-Type" not in dict(fields):
        fields = [("Content-Type", "application/json"), *fields]
    writer.write(_head(status, fields, len(body)) + body)
    await writer.drain()


async def _echo(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    seen = {"method": request.method, "target": request.target, "body_bytes": len(request.body)}
    headers = [*request.context.items(), ("ETag", '"1"')]
    if request.method == "HEAD":
        writer.write(_head(200, headers, 10))
        await writer.drain()
    else:
        await _respond(writer, 200, seen, headers)
    return True


async def _unavailable(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    await _respond(writer, 503, PROBLEM, [*request.context.items(), ("Retry-After", "7")])
    return True


async def _broken(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    await _respond(writer, 500, {"code": "internal-error"}, list(request.context.items()))
    return True


async def _drop_connection(_: Recorded, __: object, writer: asyncio.StreamWriter) -> bool:
    writer.transport.abort()
    return False


async def _half(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    writer.write(_head(200, list(request.context.items()), 1000) + b"half")
    await writer.drain()
    return False


async def _bomb(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    headers = [*request.context.items(), ("Content-Encoding", "gzip")]
    writer.write(_head(200, headers, len(BOMB)) + BOMB)
    await writer.drain()
    return True


async def _rows(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    """A list, as large as lists of the services are."""
    headers = [*request.context.items(), ("ETag", '"1"')]
    if request.all("if-none-match") == ['"1"']:
        writer.write(_head(304, headers, 0))
    else:
        await _respond(writer, 200, ROWS, headers)
    return True


async def _ranged(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    """The part of the list that `Range` names."""
    (range_,) = request.all("range")
    first, last = map(int, range_.removeprefix("bytes=").split("-"))
    whole = json.dumps(ROWS).encode()
    part = whole[first : last + 1]
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Range", f"bytes {first}-{last}/{len(whole)}"),
    ]
    writer.write(_head(206, [*request.context.items(), *headers], len(part)) + part)
    await writer.drain()
    return True


async def _chatty(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    own = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Accept-Language"),
        ("Server", "echo/1.0"),
        ("Set-Cookie", "one=1"),
        ("Set-Cookie", "two=2"),
    ]
    await _respond(writer, 200, {}, [*request.context.items(), *own])
    return True


async def _socket(
    request: Recorded, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """A WebSocket (RFC 6455) that sends each small frame back."""
    (key,) = request.all("sec-websocket-key")
    accept = b64encode(hashlib.sha1((key + WEBSOCKET_KEY).encode()).digest()).decode()  # noqa: S324 - RFC 6455, 4.2.2
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept}",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    while True:
        head = await reader.readexactly(2)
        size = head[1] & 0x7F
        mask = await reader.readexactly(4)
        masked = await reader.readexactly(size)
        payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))
        writer.write(bytes([head[0], size]) + payload)
        await writer.drain()
        if head[0] & 0x0F == 8:
            return False
