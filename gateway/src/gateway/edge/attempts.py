"""One try at an upstream: the request goes out, its body as it comes, until the answer begins."""

import asyncio
from typing import Self

from gateway.edge.bodies import RequestBody
from gateway.edge.upstreams import ConnectionCutError, UpstreamConnection


class Patience:
    """Interrupts whoever waits for a connection when the time is over; `restart` begins it anew."""

    __slots__ = ("_connection", "_handle", "_loop", "_seconds")

    def __init__(self, connection: UpstreamConnection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._handle: asyncio.TimerHandle | None = None

    def restart(self) -> None:
        """All the time again."""
        self.stop()
        self._handle = self._loop.call_later(
            self._seconds, self._connection.interrupt, TimeoutError()
        )

    def stop(self) -> None:
        """No more hurry."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def __enter__(self) -> Self:
        self.restart()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Attempt:
    """A connection with one exchange on it, and the upload that may still be going on."""

    __slots__ = ("_body", "_upload", "connection")

    def __init__(self, connection: UpstreamConnection, body: RequestBody) -> None:
        self.connection = connection
        self._body = body
        self._upload: asyncio.Task[None] | None = None

    def begin(self, data: bytes, *, head_request: bool) -> None:
        """Send the head and the body's first part; the rest follows as it comes."""
        self.connection.send(data, head_request=head_request)
        if not self._body.complete:
            self._upload = asyncio.create_task(self._send_rest())
            self._upload.add_done_callback(self._report)

    async def answered(self, seconds: float) -> None:
        """Until the answer's head is there. Raises TimeoutError, ConnectionCutError, …"""
        patience = Patience(self.connection, seconds)
        # A slow upload is no slow upstream: the time runs from the body's last part.
        self._body.watch(patience.restart)
        try:
            with patience:
                await self.connection.head()
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Give the connection back, or close it when the exchange on it is not over."""
        if self._upload is None or (self._upload.done() and not self._failure(self._upload)):
            self.connection.release()
        else:
            self._upload.cancel()
            self.connection.close()

    async def _send_rest(self) -> None:
        while not self._body.complete:
            chunk = await self._body.read()
            try:
                await self.connection.send_more(self._body.framed(chunk))
            except ConnectionCutError:
                return  # an answer may have come all the same; whoever waits for it finds out

    def _report(self, upload: asyncio.Task[None]) -> None:
        error = self._failure(upload)
        if error is not None:
            self.connection.interrupt(error)

    @staticmethod
    def _failure(upload: asyncio.Task[None]) -> BaseException | None:
        return None if upload.cancelled() else upload.exception()
