"""A server that drains answers every request that reached it, however busy it was at the signal."""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event, Thread
from time import monotonic

import pytest
import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from common.health import Health
from common.server import DrainingServer

DRAIN_SECONDS = 0.05
# Longer than the drain, and than uvicorn takes to see that it is to end.
BUSY_SECONDS = 0.3
REQUEST = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"


class Unsignalled(DrainingServer):
    """Leaves the signals of the process to the test runner."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)


def busy_app(signal_arrives: Callable[[], None], connected: Event) -> uvicorn.Config:
    """At /busy it keeps the loop until another client has connected and the drain would be over."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["path"] == "/busy":
            signal_arrives()
            assert connected.wait(10)
            over = monotonic() + BUSY_SECONDS
            while monotonic() < over:
                pass
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return uvicorn.Config(app, lifespan="off", log_config=None)


@pytest.mark.parametrize("shares_port", [True, False])
def test_a_connection_that_came_while_the_loop_was_busy_is_answered(
    monkeypatch: pytest.MonkeyPatch, *, shares_port: bool
) -> None:
    monkeypatch.setattr("common.server.end_within", lambda _seconds: None)  # it would end the tests
    signalled, connected = Event(), Event()
    answers: list[bytes] = []

    def arrives() -> None:
        server.handle_exit(signal.SIGTERM, None)
        signalled.set()

    def request(address: tuple[str, int]) -> None:
        with ExitStack() as closing:
            first = closing.enter_context(socket.create_connection(address, 10))
            first.sendall(REQUEST % b"/busy")
            signalled.wait(10)
            second = closing.enter_context(socket.create_connection(address, 10))
            second.sendall(REQUEST % b"/late")
            connected.set()
            answers.extend(each.recv(1000)[:12] for each in (first, second))

    config = busy_app(arrives, connected)
    server = Unsignalled(config, Health(), DRAIN_SECONDS, shares_port=shares_port)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        requesting = Thread(target=request, args=(listener.getsockname(),))
        requesting.start()
        # The loop of production: it runs what is due before it looks at its sockets.
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(server.serve([listener]))
        requesting.join()
    assert answers == [b"HTTP/1.1 204"] * 2
