"""HTTP/2 frame by frame (RFC 9113), because its clients refuse to send what attackers send."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS: Final = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
DATA, HEADERS, RESET, GOAWAY = 0x0, 0x1, 0x3, 0x7
END_STREAM, END_HEADERS = 0x1, 0x4
# HPACK (RFC 7541): statuses with a place of their own in the static table, and digits in its code.
INDEXED: Final = {0x88: 200, 0x89: 204, 0x8A: 206, 0x8B: 304, 0x8C: 400, 0x8D: 404, 0x8E: 500}
DIGITS: Final = {
    **{f"{digit:05b}": str(digit) for digit in range(3)},
    **{f"{digit - 3 + 25:06b}": str(digit) for digit in range(3, 10)},
}
Fields = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a stream: `status` 0 when it, or all of the connection, was refused."""

    status: int


def exchange(connection: socket.socket, fields: Fields, body: bytes | None = None) -> Outcome:
    """Send one request, a body in one frame, and read until its fate is known."""
    flags = END_HEADERS | (END_STREAM if body is None else 0)
    sent = PREFACE + SETTINGS + _frame(HEADERS, flags, _packed(fields))
    if body is not None:
        sent += _frame(DATA, END_STREAM, body)
    with suppress(OSError):  # refused while we are still sending
        connection.sendall(sent)
    for kind, payload in _frames(connection):
        if kind == HEADERS:
            return Outcome(_status(payload))
        if kind in (RESET, GOAWAY):
            break
    return Outcome(0)


def _frame(kind: int, flags: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + b"\0\0\0\x01" + payload


def _packed(fields: Fields) -> bytes:
    """Every field as a literal with a new name, never indexed, no Huffman code."""
    return b"".join(
        b"\x00" + _length(name) + name + _length(value) + value for name, value in fields
    )


def _length(text: bytes) -> bytes:
    if len(text) < 127:
        return bytes([len(text)])
    rest, parts = len(text) - 127, [127]
    while rest >= 128:
        parts.append(rest % 128 + 128)
        rest //= 128
    return bytes([*parts, rest])


def _frames(connection: socket.socket) -> Iterator[tuple[int, bytes]]:
    received = b""
    with suppress(OSError):
        while chunk := connection.recv(65536):
            received += chunk
            while len(received) >= 9 and len(received) >= 9 + int.from_bytes(received[:3], "big"):
                size = int.from_bytes(received[:3], "big")
                yield received[3], received[9 : 9 + size]
                received = received[9 + size :]


def _status(block: bytes) -> int:
    """The first field, which is `:status`."""
    if block[0] in INDEXED:
        return INDEXED[block[0]]
    size, text = block[1] & 0x7F, block[2:]
    if not block[1] & 0x80:
        return int(text[:size])
    bits = "".join(f"{byte:08b}" for byte in text[:size])
    code = "|".join(DIGITS)
    return int("".join(DIGITS[each] for each in re.findall(code, bits)[:3]))
