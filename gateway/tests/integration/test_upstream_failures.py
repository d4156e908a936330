"""The circuit breaker, retries and spans of the embedded edge, on the wire."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest
import redis.asyncio
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.util._once import Once

from common.errors import PermissionDenied
from common.problems import render
from common.requests import RequestMiddleware
from common.testing.serving import serving
from gateway import metrics
from gateway.edge.breaker import FAILURES
from gateway.testing.issuer import Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

CASES = "/api/v1/cases"
ORIGIN = "http://localhost:3000"
LARGE = 30 * 1024 * 1024


def bearer(issuer: Issuer) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token()}"}


async def test_the_circuit_opens_refuses_at_once_and_closes_after_a_probe(
    settings: SettingsFactory, free_port: int, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    headers = bearer(issuer) | {"Origin": ORIGIN}
    async with serving_edge(settings(core_url=f"http://127.0.0.1:{free_port}")) as edge:

        async def status(path: str = CASES) -> int:
            async with client.post(edge + path, headers=headers) as response:
                return response.status

        assert [await status() for _ in range(FAILURES)] == [502] * FAILURES
        async with client.post(edge + CASES, headers=headers) as response:
            assert response.status == 503
            assert (await response.json())["code"] == "upstream-unavailable"
            assert response.headers["Retry-After"] == "1"
            assert response.headers["Proxy-Status"] == (
                "masijala-gateway; error=destination_unavailable"
            )
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert metrics.BREAKER_OPEN.labels("core")._value.get() == 1
        assert await status("/api/v1/auth/password/change") == 200, "each upstream has its own"
        async with EchoUpstream(issuer).running(free_port), asyncio.timeout(5):
            while await status() != 200:  # noqa: ASYNC110 - the circuit closes by being tried
                await asyncio.sleep(0.05)
            assert [await status() for _ in range(5)] == [200] * 5
        assert metrics.BREAKER_OPEN.labels("core")._value.get() == 0


async def test_an_upload_that_its_service_refuses_unread_gets_the_services_answer(
    settings: SettingsFactory, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    refusing = RequestMiddleware(render(PermissionDenied()), "tests")
    async with serving(refusing) as service, serving_edge(settings(core_url=service)) as edge:
        for _ in range(5):
            file, url = BytesIO(b"x" * LARGE), f"{edge}/api/v1/imports"
            async with client.post(url, data=file, headers=bearer(issuer)) as response:
                assert response.status == 403
                assert (await response.json())["code"] == "permission-denied"
        async with client.get(edge + CASES, headers=bearer(issuer)) as response:
            assert response.status == 403, "the circuit is closed"


async def test_silence_opens_the_circuit_too(
    settings: SettingsFactory, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async with serving_edge(settings(response_seconds=0.1)) as edge:
        statuses = []
        for _ in range(FAILURES + 1):
            url = f"{edge}/api/v1/silent"
            async with client.get(url, headers=bearer(issuer)) as response:
                statuses.append(response.status)
    assert statuses == [504] * FAILURES + [503]


@asynccontextmanager
async def closing_upstream(port: int) -> AsyncIterator[list[bytes]]:
    """Answers one request on each connection, promises more, and closes at the second."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", port):
        yield seen


@pytest.mark.parametrize(("method", "expected"), [("GET", 200), ("PUT", 200), ("POST", 502)])
async def test_only_what_is_idempotent_is_sent_again_when_a_kept_connection_has_ended(  # noqa: PLR0917 - fixtures
    settings: SettingsFactory,
    valkey: redis.asyncio.Redis,
    free_port: int,
    issuer: Issuer,
    client: aiohttp.ClientSession,
    method: str,
    expected: int,
) -> None:
    headers = bearer(issuer)
    async with (
        closing_upstream(free_port) as seen,
        serving_edge(settings(core_url=f"http://127.0.0.1:{free_port}")) as edge,
    ):
        async with client.get(edge + CASES, headers=headers) as response:
            assert response.status == 200
        async with client.request(method, edge + CASES, headers=headers) as response:
            assert response.status == expected
    assert len(seen) == (2 if expected == 200 else 1)
    count = (await valkey.get("q:ip:127.0.0.1") or "").split()[1]
    assert count == "2", "one quota for each request, however often it was tried"


async def test_an_upstream_that_speaks_no_http_is_502(
    settings: SettingsFactory, free_port: int, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH\r\n")
        await reader.read()
        writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", free_port),
        serving_edge(settings(core_url=f"http://127.0.0.1:{free_port}")) as edge,
        client.get(edge + CASES, headers=bearer(issuer)) as response,
    ):
        assert response.status == 502


async def test_an_answer_without_a_length_ends_with_its_connection(
    settings: SettingsFactory, free_port: int, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it")
        writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", free_port),
        serving_edge(settings(core_url=f"http://127.0.0.1:{free_port}")) as edge,
        client.get(edge + CASES, headers=bearer(issuer)) as response,
    ):
        assert (response.status, await response.text()) == (200, "all of it")
        assert "Link" not in response.headers


async def test_a_second_answer_on_a_connection_is_nobodys(
    settings: SettingsFactory, free_port: int, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n%b"
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer % b"first" + answer % b"false")
        await reader.read()
        writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", free_port),
        serving_edge(settings(core_url=f"http://127.0.0.1:{free_port}")) as edge,
    ):
        for _ in range(3):
            async with client.get(edge + CASES, headers=bearer(issuer)) as response:
                assert await response.text() == "first"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What would be sent to the collector."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    # The API lets a process choose its provider once; a test gives the choice back.
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())
    trace.set_tracer_provider(provider)
    yield exporter
    provider.shutdown()


async def test_a_span_joins_the_clients_trace_and_is_the_services_parent(
    settings: SettingsFactory,
    upstream: EchoUpstream,
    issuer: Issuer,
    client: aiohttp.ClientSession,
    spans: InMemorySpanExporter,
) -> None:
    trace_id, span_id = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    headers = bearer(issuer) | {"traceparent": f"00-{trace_id}-{span_id}-01"}
    async with serving_edge(settings(otlp_endpoint="http://127.0.0.1:1/v1/traces")) as edge:
        async with client.get(edge + CASES, headers=headers) as response:
            request_id = response.headers["X-Request-ID"]
        async with client.get(f"{edge}/nowhere") as response:
            assert response.status == 404
    of_case, of_nowhere = spans.get_finished_spans()
    assert of_case.name == "GET core-read"
    assert of_case.parent is not None
    assert f"{of_case.context.trace_id:032x}" == trace_id
    assert f"{of_case.parent.span_id:016x}" == span_id
    assert of_case.attributes is not None
    assert of_case.attributes["http.response.status_code"] == 200
    assert of_case.attributes["gateway.decision"] == "allowed"
    assert of_case.attributes["masijala.request_id"] == request_id
    (onward,) = upstream.received[0].all("traceparent")
    assert onward == f"00-{trace_id}-{of_case.context.span_id:016x}-01"
    assert of_nowhere.parent is None
