"""WebSockets through the embedded edge, from the client's socket to the upstream's."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import aiohttp
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from gateway.testing.issuer import Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

PATH = "/api/v1/live"
MEBIBYTE = 1024 * 1024


@dataclass
class Sockets:
    """An upstream that speaks WebSocket; it echoes, or does what a message's text says."""

    url: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)
    closed: list[int | None] = field(default_factory=list)
    pinged: int = 0

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.headers.append(dict(socket.request.headers.raw_items()))
        try:
            async for message in socket:
                if message == "close":
                    await socket.close(4001, "as asked")
                elif message == "ping":
                    await (await socket.ping(b"from upstream"))
                    self.pinged += 1
                    await socket.send("pong came")
                else:
                    await socket.send(message)
        except ConnectionClosed:
            pass
        finally:
            await socket.wait_closed()
            self.closed.append(socket.close_code)


def newest(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return max(offered, default=None)


@pytest.fixture
async def sockets() -> AsyncIterator[Sockets]:
    upstream = Sockets()
    async with serve(
        upstream.serve, "127.0.0.1", 0, select_subprotocol=newest, max_size=None
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        upstream.url = f"http://127.0.0.1:{port}"
        yield upstream


@pytest.fixture
async def edge(settings: SettingsFactory, sockets: Sockets) -> AsyncIterator[str]:
    async with serving_edge(settings(core_url=sockets.url)) as url:
        yield url.replace("http", "ws", 1)


def bearer(issuer: Issuer) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token()}"}


async def test_messages_pass_both_ways_under_the_agreed_subprotocol(
    edge: str, sockets: Sockets, issuer: Issuer
) -> None:
    offered = [Subprotocol("v1.masijala"), Subprotocol("v2.masijala")]
    async with connect(
        edge + PATH, additional_headers=bearer(issuer), subprotocols=offered
    ) as client:
        assert client.subprotocol == "v2.masijala"
        assert client.response is not None
        assert "X-Request-ID" in client.response.headers
        for message in ("text", b"\x00\xff bytes", "x" * 70_000):
            await client.send(message)
            assert await client.recv() == message
    names = {name.lower() for name in sockets.headers[0]}
    assert "x-gateway-assertion" in names
    assert "authorization" not in names


async def test_close_codes_and_reasons_pass_both_ways(
    edge: str, sockets: Sockets, issuer: Issuer
) -> None:
    async with connect(edge + PATH, additional_headers=bearer(issuer)) as client:
        await client.send("close")
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert (client.close_code, client.close_reason) == (4001, "as asked")
    async with connect(edge + PATH, additional_headers=bearer(issuer)) as client:
        await client.close(4002, "client left")
    async with asyncio.timeout(5):
        while len(sockets.closed) < 2:  # noqa: ASYNC110 - the upstream tells nobody
            await asyncio.sleep(0.01)
    assert sockets.closed[-1] == 4002


async def test_pings_pass_both_ways(edge: str, sockets: Sockets, issuer: Issuer) -> None:
    async with connect(edge + PATH, additional_headers=bearer(issuer)) as client:
        async with asyncio.timeout(5):
            await (await client.ping(b"from client"))
            await client.send("ping")
            assert await client.recv() == "pong came"
    assert sockets.pinged == 1


async def test_eight_megabytes_pass_both_ways_while_the_client_reads_late(
    edge: str, issuer: Issuer
) -> None:
    message = bytes(MEBIBYTE)
    async with (
        connect(
            edge + PATH, additional_headers=bearer(issuer), max_size=None, max_queue=1
        ) as client,
        asyncio.timeout(30),
    ):
        sending = asyncio.create_task(send_all(client, message, 8))
        received = 0
        while received < 8 * MEBIBYTE:
            received += len(await client.recv())
        await sending
    assert received == 8 * MEBIBYTE


async def send_all(client: ClientConnection, message: bytes, times: int) -> None:
    for _ in range(times):
        await client.send(message)


@pytest.mark.parametrize("token", [None, "not.a.token"])
async def test_the_policy_decides_on_the_handshake(
    edge: str, sockets: Sockets, token: str | None
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with pytest.raises(InvalidStatus) as refused:
        await connect(edge + PATH, additional_headers=headers)
    assert refused.value.response.status_code == 401
    assert refused.value.response.headers["Content-Type"] == "application/problem+json"
    assert sockets.headers == []


async def test_an_upstream_that_will_not_switch_is_heard_as_ever(
    settings: SettingsFactory, upstream: EchoUpstream, issuer: Issuer
) -> None:
    async with serving_edge(settings()) as edge:
        url = edge.replace("http", "ws", 1) + PATH
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, additional_headers=bearer(issuer))
    assert refused.value.response.status_code == 200
    assert len(upstream.received) == 1


async def test_another_protocol_is_not_switched_to(
    settings: SettingsFactory,
    upstream: EchoUpstream,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    headers = bearer(issuer) | {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c"}
    async with (
        serving_edge(settings()) as edge,
        client.get(edge + PATH, headers=headers | {"HTTP2-Settings": "AAMAAABk"}) as response,
    ):
        assert response.status == 200
    assert upstream.received[0].all("upgrade") == []
    assert upstream.received[0].all("http2-settings") == []


async def test_a_stopping_edge_tells_open_sockets_that_it_restarts(
    settings: SettingsFactory, sockets: Sockets, issuer: Issuer
) -> None:
    async with serving_edge(settings(core_url=sockets.url)) as edge:
        url = edge.replace("http", "ws", 1) + PATH
        client = await connect(url, additional_headers=bearer(issuer))
        await client.send("hello")
        assert await client.recv() == "hello"
    async with asyncio.timeout(5):
        await client.wait_closed()
    assert client.close_code == 1012
