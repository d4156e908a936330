"""How the upstream answers, by a path's last segment; False closes the connection."""

import asyncio
import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from conformance.recorded import Recorded

WEBSOCKET_KEY: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# A thousand times as large when it is opened.
BOMB: Final = gzip.compress(bytes(64 * 1024 * 1024))
ROWS: Final = [{"number": number, "court": "Mahakama Kuu"} for number in range(500)]
PROBLEM: Final = {"type": "/problems/unavailable", "status": 503, "code": "unavailable"}
Behaviour = Callable[[Recorded, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bool]]


def head(status: int, headers: list[tuple[str, str]], length: int | None) -> bytes:
    sized = ("Content-Length", str(length)) if length is not None else ("Connection", "close")
    lines = [f"{name}: {value}" for name, value in [*headers, sized]]
    return "\r\n".join([f"HTTP/1.1 {status} Any", *lines, "", ""]).encode("latin-1")


async def respond(
    writer: asyncio.StreamWriter,
    status: int,
    content: Any,
    headers: list[tuple[str, str]] | None = None,
) -> None:
    body = json.dumps(content).encode()
    fields = headers or []
    if "Content-Type" not in dict(fields):
        fields = [("Content-Type", "application/json"), *fields]
    writer.write(head(status, fields, len(body)) + body)
    await writer.drain()


async def echo(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    seen = {"method": request.method, "target": request.target, "body_bytes": len(request.body)}
    headers = [*request.context.items(), ("ETag", '"1"')]
    if request.method == "HEAD":
        writer.write(head(200, headers, 10))
        await writer.drain()
    else:
        await respond(writer, 200, seen, headers)
    return True


async def unavailable(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    await respond(writer, 503, PROBLEM, [*request.context.items(), ("Retry-After", "7")])
    return True


async def broken(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    await respond(writer, 500, {"code": "internal-error"}, list(request.context.items()))
    return True


async def drop_connection(_: Recorded, __: object, writer: asyncio.StreamWriter) -> bool:
    writer.transport.abort()
    return False


async def half(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    writer.write(head(200, list(request.context.items()), 1000) + b"half")
    await writer.drain()
    return False


async def bomb(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    headers = [*request.context.items(), ("Content-Encoding", "gzip")]
    writer.write(head(200, headers, len(BOMB)) + BOMB)
    await writer.drain()
    return True


async def rows(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    """A list, as large as lists of the services are."""
    headers = [*request.context.items(), ("ETag", '"1"')]
    if request.all("if-none-match") == ['"1"']:
        writer.write(head(304, headers, 0))
    else:
        await respond(writer, 200, ROWS, headers)
    return True


async def ranged(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    """The part of the list that `Range` names."""
    (range_,) = request.all("range")
    first, last = map(int, range_.removeprefix("bytes=").split("-"))
    whole = json.dumps(ROWS).encode()
    part = whole[first : last + 1]
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Range", f"bytes {first}-{last}/{len(whole)}"),
    ]
    writer.write(head(206, [*request.context.items(), *headers], len(part)) + part)
    await writer.drain()
    return True


async def chatty(request: Recorded, _: object, writer: asyncio.StreamWriter) -> bool:
    own = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Accept-Language"),
        ("Server", "echo/1.0"),
        ("Set-Cookie", "one=1"),
        ("Set-Cookie", "two=2"),
    ]
    await respond(writer, 200, {}, [*request.context.items(), *own])
    return True


async def web_socket(
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


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "socket": web_socket,
    "drop": drop_connection,
    "half": half,
    "broken": broken,
    "unavailable": unavailable,
    "chatty": chatty,
    "bomb": bomb,
    "rows": rows,
    "ranged": ranged,
}
