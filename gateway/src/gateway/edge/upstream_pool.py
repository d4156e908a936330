"""The connections to one upstream that are kept between requests."""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from gateway.edge.upstreams import ConnectFailedError, ConnectTimeoutError, UpstreamConnection

# Shorter than the 75 s after which the services drop an idle connection.
IDLE_SECONDS: Final = 30.0
MAX_IDLE: Final = 256


@dataclass(slots=True)
class UpstreamPool:
    """The connections to one upstream, the most recently used first."""

    url: str
    connect_seconds: float
    host: bytes = field(init=False)
    _address: tuple[str, int] = field(init=False)
    _tls: ssl.SSLContext | None = field(init=False, default=None)
    _idle: deque[UpstreamConnection] = field(default_factory=deque)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            self._tls = ssl.create_default_context()
        self._address = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self.host = parts.netloc.rpartition("@")[2].encode()

    async def acquire(self, *, fresh: bool = False) -> UpstreamConnection:
        """A connection, a kept one unless it must be fresh. Raises ConnectFailedError."""
        oldest = monotonic() - IDLE_SECONDS
        while self._idle and not fresh:
            connection = self._idle.pop()
            if connection.idle_since > oldest and not connection.transport.is_closing():
                return connection
            connection.close()
        return await self._connect()

    def keep(self, connection: UpstreamConnection) -> None:
        """Take a connection back."""
        if len(self._idle) >= MAX_IDLE:
            self._idle.popleft().close()
        self._idle.append(connection)

    def forget(self, connection: UpstreamConnection) -> None:
        """Drop a connection that was lost."""
        if connection in self._idle:
            self._idle.remove(connection)

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    async def _connect(self) -> UpstreamConnection:
        host, port = self._address
        try:
            async with asyncio.timeout(self.connect_seconds):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: UpstreamConnection(self), host, port, ssl=self._tls
                )
        except TimeoutError as error:
            raise ConnectTimeoutError from error
        except OSError as error:
            raise ConnectFailedError from error
        return connection
