"""Slow, idle, many and huge: the embedded edge's limits, and its memory."""

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from gateway.testing.issuer import ISSUER, Issuer
from gateway.testing.running import SettingsFactory, serving_edge

MEBIBYTE = 1024 * 1024
STREAMED_MEBIBYTES = int(os.environ.get("STREAMED_MEBIBYTES", "1024"))
MOST_RESIDENT_MEBIBYTES = 150
CONNECTIONS = 2000


def bearer(issuer: Issuer) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token()}"}


async def opened(edge: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(edge)
    return await asyncio.open_connection(parts.hostname, parts.port)


@pytest.mark.parametrize("begun", [b"", b"GET /api", b"GET / HTTP/1.1\r\nHost: edge\r\nX-A: "])
async def test_a_client_that_does_not_finish_its_head_is_cut_off(
    settings: SettingsFactory, begun: bytes
) -> None:
    async with serving_edge(settings(header_seconds=0.2)) as edge:
        reader, writer = await opened(edge)
        writer.write(begun)
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
    assert answer[:12] == (b"HTTP/1.1 408" if begun else b"")


async def test_dripping_bytes_buys_no_time(settings: SettingsFactory) -> None:
    async with serving_edge(settings(header_seconds=0.3)) as edge:
        reader, writer = await opened(edge)
        writer.write(b"GET / HTTP/1.1\r\nHost: edge\r\n")
        reading = asyncio.create_task(reader.read())
        async with asyncio.timeout(5):
            while not reading.done():
                writer.write(b"X: y\r\n")
                await asyncio.wait((reading,), timeout=0.05)
        assert (await reading).startswith(b"HTTP/1.1 408")
        writer.close()


async def test_an_idle_connection_is_closed_between_requests(
    settings: SettingsFactory, issuer: Issuer
) -> None:
    async with serving_edge(settings(idle_seconds=0.2)) as edge:
        reader, writer = await opened(edge)
        request = f"GET /livez HTTP/1.1\r\nHost: edge\r\nX-Token: {issuer.token()}\r\n\r\n"
        for _ in range(2):
            writer.write(request.encode())
            assert (await reader.readuntil(b'{"status":"ok"}')).startswith(b"HTTP/1.1 200")
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 200
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this machine lets a process open {hard} files; {wanted} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
async def test_two_thousand_connections_do_not_keep_others_waiting(
    settings: SettingsFactory, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async with serving_edge(settings()) as edge:
        held = []
        for _ in range(CONNECTIONS // 100):
            held += await asyncio.gather(*(opened(edge) for _ in range(100)))
        for index, (_, writer) in enumerate(held):
            writer.write(b"GET / HTTP/1.1\r\nHo" if index % 2 else b"")
        async with asyncio.timeout(5):
            for _ in range(20):
                url = f"{edge}/api/v1/cases"
                async with client.get(url, headers=bearer(issuer)) as response:
                    assert response.status == 200
        for _, writer in held:
            writer.close()


async def test_a_client_that_leaves_ends_its_request_upstream(
    settings: SettingsFactory, issuer: Issuer
) -> None:
    ended = asyncio.Event()
    async with _hanging(ended) as url, serving_edge(settings(core_url=url)) as edge:
        _, writer = await opened(edge)
        token = bearer(issuer)["Authorization"]
        head = f"GET /api/v1/hang HTTP/1.1\r\nHost: edge\r\nAuthorization: {token}\r\n\r\n"
        writer.write(head.encode())
        await writer.drain()
        async with asyncio.timeout(5):
            await ended.wait()
            ended.clear()
            writer.close()
            await ended.wait()


@asynccontextmanager
async def _hanging(event: asyncio.Event) -> AsyncIterator[str]:
    """An upstream that tells when a request has come, and when its connection has gone."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readuntil(b"\r\n\r\n"):
            event.set()
        await reader.read()
        event.set()
        writer.close()

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def _process(environment: Mapping[str, str]) -> AsyncIterator[int]:
    """An edge in a process of its own, whose memory is nobody else's; gives its ID."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process.pid
    finally:
        process.terminate()
        async with asyncio.timeout(10):
            await process.wait()


def _most_resident_mebibytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


async def _answering(client: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                async with client.get(f"{url}/livez") as response:
                    assert response.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def _chunks() -> AsyncIterator[bytes]:
    chunk = bytes(MEBIBYTE)
    for _ in range(STREAMED_MEBIBYTES):
        yield chunk


@asynccontextmanager
async def _bulk(issuer: Issuer) -> AsyncIterator[str]:
    """An upstream that counts what it is sent, and sends as much as it is asked for."""

    async def take(request: web.Request) -> web.Response:
        received = 0
        async for chunk in request.content.iter_any():
            received += len(chunk)
        return web.json_response({"received": received})

    async def give(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        async for chunk in _chunks():
            await response.write(chunk)
        return response

    async def keys(_: web.Request) -> web.Response:
        return web.json_response(issuer.jwks())

    application = web.Application(client_max_size=1 << 40)
    application.router.add_post("/api/v1/imports", take)
    application.router.add_get("/api/v1/bulk", give)
    application.router.add_get("/.well-known/jwks.json", keys)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.timeout(300)
async def test_memory_stays_flat_while_much_streams_up_and_down(
    settings: SettingsFactory, redis_url: str, free_port: int, issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:  # fmt: skip
    secret = settings().assertion_secret.get_secret_value()
    edge = f"http://127.0.0.1:{free_port}"
    async with _bulk(issuer) as url, _process({
        "GATEWAY_PORT": str(free_port),
        "GATEWAY_REDIS_URL": redis_url,
        "GATEWAY_AUTH_URL": url,
        "GATEWAY_CORE_URL": url,
        "GATEWAY_ISSUER": ISSUER,
        "GATEWAY_ASSERTION_SECRET": secret,
        "GATEWAY_UPLOAD_BODY_BYTES": str(1 << 40),
    }) as pid:  # fmt: skip
        await _answering(client, edge)
        headers = bearer(issuer)
        async with client.post(f"{edge}/api/v1/imports", data=_chunks(), headers=headers) as sent:
            assert sent.status == 200
            assert (await sent.json())["received"] == STREAMED_MEBIBYTES * MEBIBYTE
        received = 0
        async with client.get(f"{edge}/api/v1/bulk", headers=headers) as response:
            assert response.status == 200
            async for chunk in response.content.iter_any():
                received += len(chunk)
        assert received == STREAMED_MEBIBYTES * MEBIBYTE
        most = _most_resident_mebibytes(pid)
    print(f"streamed {STREAMED_MEBIBYTES} MiB up and down, at most {most} MiB resident")  # noqa: T201 - the figure is the point of a run with more
    assert most < MOST_RESIDENT_MEBIBYTES
