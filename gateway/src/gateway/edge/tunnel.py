"""A connection that has switched to WebSocket: bytes pass both ways as they come.

Frames are not taken apart, so subprotocols, extensions, close codes, pings and pongs are those of
the two ends. A side that reads slowly stops the reading from the other.
"""

import asyncio
import socket
from typing import Final

from gateway import metrics

# RFC 6455, 7.4: an unmasked close frame of 1012, "service restart".
_RESTARTING: Final = b"\x88\x02\x03\xf4"
_EXTENDED: Final = {126: 2, 127: 8}


class FrameBoundaries:
    """Follows a stream of unmasked frames, to know when a frame of our own may come between."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._left = 0

    @property
    def between_frames(self) -> bool:
        return not self._header and not self._left

    def follow(self, data: bytes) -> None:
        """Take note of what has passed."""
        at = 0
        while at < len(data):
            if self._left:
                passed = min(self._left, len(data) - at)
                self._left -= passed
                at += passed
                continue
            self._header.append(data[at])
            at += 1
            self._read_length()

    def _read_length(self) -> None:
        if len(self._header) < 2:  # noqa: PLR2004 - opcode and length (RFC 6455, 5.2)
            return
        length = self._header[1] & 0x7F
        extended = _EXTENDED.get(length, 0)
        if len(self._header) == 2 + extended:
            self._left = int.from_bytes(self._header[2:], "big") if extended else length
            self._header.clear()


class TunnelEnd(asyncio.Protocol):
    """One side; what comes in goes out at the peer."""

    def __init__(self, *, follow: bool = False) -> None:
        self.transport: asyncio.Transport
        self.peer: TunnelEnd
        self.closed = asyncio.get_running_loop().create_future()
        self.passed_bytes = 0
        self.boundaries = FrameBoundaries() if follow else None

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        self.passed_bytes += len(data)
        if self.boundaries is not None:
            self.boundaries.follow(data)
        self.peer.transport.write(data)

    def pause_writing(self) -> None:
        """This side reads slowly: stop reading from the other."""
        if not self.peer.transport.is_closing():
            self.peer.transport.pause_reading()

    def resume_writing(self) -> None:
        """It has caught up."""
        if not self.peer.transport.is_closing():
            self.peer.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """One side has ended, so the other does, once it has what is under way to it."""
        if not self.closed.done():
            self.closed.set_result(None)
        self.peer.transport.close()

    def shutdown(self) -> None:
        """The edge stops: say so where a frame may stand, and close."""
        if self.peer.boundaries is not None and self.peer.boundaries.between_frames:
            self.transport.write(_RESTARTING)
        self.transport.close()


class Tunnel:
    """Both ends. `client` and `upstream` are to be given to the connections as their protocols."""

    def __init__(self) -> None:
        self.client = TunnelEnd()
        self.upstream = TunnelEnd(follow=True)
        self.client.peer, self.upstream.peer = self.upstream, self.client

    def connect(self, client: asyncio.Transport, upstream: asyncio.Transport) -> None:
        """Both transports are there; from now on bytes may come."""
        self.client.transport, self.upstream.transport = client, upstream
        for transport in (client, upstream):
            connection: socket.socket | None = transport.get_extra_info("socket")
            if connection is not None:
                # Nobody else would notice that a silent peer is gone.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    async def run(self) -> None:
        """Until one side ends it."""
        metrics.TUNNELS.inc()
        try:
            await asyncio.wait(
                (self.client.closed, self.upstream.closed), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            metrics.TUNNELS.dec()
            self.client.transport.close()
            self.upstream.transport.close()
