"""Requests as raw bytes, because clients refuse to send what attackers send."""

import json
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import websockets.sync.client
from conformance.edges import Edge, tls_of
from websockets.sync.client import ClientConnection
from websockets.typing import Origin

SECONDS = 5.0
# After its own ten, the library would wait for ever for a thread that reads.
OPEN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that came back on one connection; `status` is the first response's, 0 for none."""

    raw: bytes

    @property
    def status(self) -> int:
        return int(self.raw.split(b" ", 2)[1]) if self.raw.startswith(b"HTTP/1.") else 0

    @property
    def statuses(self) -> list[int]:
        """The statuses of all responses on the connection."""
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", self.raw)]

    @property
    def headers(self) -> dict[str, str]:
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(": ") for line in lines)
        return {name.lower(): value for name, _, value in pairs}

    @property
    def json(self) -> dict[str, Any]:
        """The body of a last response with a length."""
        content: dict[str, Any] = json.loads(self.raw.rpartition(b"\r\n\r\n")[2])
        return content


def connect(edge: Edge, *protocols: str) -> socket.socket:
    """A connection to the edge, encrypted where it speaks TLS."""
    address = urlsplit(edge.url)
    connection = socket.create_connection((address.hostname, address.port), timeout=SECONDS)
    context = tls_of(edge, *protocols)
    if context is None:
        return connection
    return context.wrap_socket(connection, server_hostname=address.hostname)


def open_websocket(
    edge: Edge, path: str, headers: dict[str, str], origin: str | None = None
) -> ClientConnection:
    """A WebSocket through the edge. Raises websockets.InvalidStatus."""
    return websockets.sync.client.connect(
        edge.url.replace("http", "ws", 1) + path,
        ssl=tls_of(edge),
        additional_headers=headers,
        origin=Origin(origin) if origin is not None else None,
        proxy=None,
        open_timeout=OPEN_SECONDS,
    )


def send_raw(edge: Edge, *parts: bytes, quiet_seconds: float = 0.0) -> Answer:
    """Send bytes and read an answer, or everything until nothing has come for `quiet_seconds`.

    Our side stays open: a server may take a client that has closed its half for one that has left.
    """
    received = b""
    with connect(edge) as connection:
        with suppress(OSError):  # refused while we are still sending
            for part in parts:
                connection.sendall(part)
        with suppress(OSError):
            while chunk := connection.recv(65536):
                received += chunk
                if quiet_seconds:
                    connection.settimeout(quiet_seconds)
                elif _whole(received):
                    break
    return Answer(received)


def _whole(received: bytes) -> bool:
    head, found, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
    switched = head.startswith(b"HTTP/1.1 101")
    return bool(found) and (switched or (length is not None and len(body) >= int(length[1])))


def request(*lines: str, body: bytes = b"") -> bytes:
    """A request of these lines, closed by an empty one."""
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
