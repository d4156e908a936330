"""A query in UTF-8 reaches the app, however its bytes arrive."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from common.request_targets import Utf8TargetProtocol

HEADERS = b" HTTP/1.1\r\nHost: x\r\nX-Note: caf\xc3\xa9\r\nConnection: close\r\n\r\n"


async def echo(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        note = dict(scope["headers"])[b"x-note"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["query_string"] + b" " + note})


class _QuietServer(uvicorn.Server):
    """Leaves the process's signals to the test runner."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(echo, http=Utf8TargetProtocol, lifespan="off", log_config=None)
        server = _QuietServer(config)
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0)
        yield listener.getsockname()[1]
        server.should_exit = True
        await task


@pytest.mark.parametrize("cut", [0, 1, 14, 15, 20, 40])
async def test_bytes_beyond_ascii_arrive_percent_encoded(port: int, cut: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = b"GET /cases?q=mahakam\xc3\xa1&p=%2F" + HEADERS
    for part in (request[:cut], request[cut:]):
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0.01)  # two segments, not one
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b"\r\nq=mahakam%C3%A1&p=%2F caf\xc3\xa9\r\n" in answer


async def test_the_next_request_of_a_connection_is_read_alike(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for option in (b"keep-alive", b"close"):
        fields = (
            HEADERS.replace(b"close", option).removesuffix(b"\r\n") + b"Content-Length: 2\r\n\r\n"
        )
        writer.write(b"POST /cases?q=\xc3\xa9" + fields)
        writer.write(b"{}")
        assert b"q=%C3%A9 caf\xc3\xa9" in await reader.readuntil(b"caf\xc3\xa9")
    writer.close()
    await writer.wait_closed()
