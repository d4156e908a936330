"""HTTP/2 frame by frame (RFC 9113), because its clients refuse to send what attackers send."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from hpack import Decoder, Encoder
from hyperframe.frame import (
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    RstStreamFrame,
    SettingsFrame,
)

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS: Final = SettingsFrame(0).serialize()
HEAD_BYTES: Final = 9
Fields = list[tuple[bytes, bytes]]


def exchange(connection: socket.socket, fields: Fields, body: bytes | None = None) -> int:
    """Send one request, a body in one frame; its status, 0 when it was refused without one."""
    ended = [] if body is not None else ["END_STREAM"]
    head = HeadersFrame(1, Encoder().encode(fields), flags=["END_HEADERS", *ended])
    sent = PREFACE + SETTINGS + head.serialize()
    if body is not None:
        sent += DataFrame(1, body, flags=["END_STREAM"]).serialize()
    with suppress(OSError):  # refused while we are still sending
        connection.sendall(sent)
    for frame in _frames(connection):
        if isinstance(frame, HeadersFrame):
            answered = Decoder().decode(frame.data, raw=True)
            return next(int(value) for name, value in answered if name == b":status")
        if isinstance(frame, RstStreamFrame | GoAwayFrame):
            break
    return 0


def _frames(connection: socket.socket) -> Iterator[Frame]:
    received = b""
    with suppress(OSError):
        while chunk := connection.recv(65536):
            received += chunk
            while len(received) >= HEAD_BYTES:
                frame, size = Frame.parse_frame_header(memoryview(received[:HEAD_BYTES]))
                end = HEAD_BYTES + size
                if len(received) < end:
                    break
                frame.parse_body(memoryview(received[HEAD_BYTES:end]))
                yield frame
                received = received[end:]
