"""The embedded edge on the wire: CORS, headers, paths, bodies, streams and its own pages."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

import aiohttp
import pytest
from yarl import URL

from gateway.testing.issuer import Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

CASES = "/api/v1/cases"
IMPORTS = "/api/v1/imports"
ORIGIN = "http://localhost:3000"
MEBIBYTE = 1024 * 1024


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536):
        yield b"x" * 65536


async def exchange(edge: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send raw bytes, read one response to the connection's end."""
    parts = urlsplit(edge)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(request)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {
        name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])
    }
    return int(lines[0].split()[1]), headers, body


async def test_an_allowed_origin_may_read_every_answer(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    token = bearer(issuer.token())
    rows: tuple[tuple[str, str, dict[str, str], int], ...] = (
        ("GET", CASES, token, 200),
        ("GET", CASES, {}, 401),
        ("GET", "/nowhere", {}, 404),
        ("PROPFIND", CASES, {}, 405),
        ("GET", "/a/%2e%2e/b", {}, 400),
        ("GET", "/livez", {}, 200),
        ("GET", "/api/v1/unavailable", token, 503),
    )
    for method, path, headers, expected in rows:
        url = URL(edge + path, encoded=True)
        async with client.request(method, url, headers=headers | {"Origin": ORIGIN}) as response:
            assert response.status == expected, path
            assert response.headers.getall("Access-Control-Allow-Origin") == [ORIGIN]
            assert response.headers["Access-Control-Allow-Credentials"] == "true"
            exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
            assert {"X-Request-ID", "RateLimit", "RateLimit-Policy", "Retry-After", "ETag"} <= {
                *exposed
            }
            assert "Origin" in ", ".join(response.headers.getall("Vary"))
            assert len(response.headers.getall("X-Request-ID")) == 1


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:3000.evil.example"]
)
async def test_a_foreign_origin_gets_no_permission(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession, origin: str
) -> None:
    headers = bearer(issuer.token()) | {"Origin": origin}
    async with client.get(f"{edge}/api/v1/chatty", headers=headers) as response:
        assert response.status == 200
        assert not [name for name in response.headers if name.startswith("Access-Control-")]
        assert "Origin" in ", ".join(response.headers.getall("Vary"))


async def test_an_upstream_cannot_set_what_is_the_edges(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async with client.get(f"{edge}/api/v1/chatty", headers=bearer(issuer.token())) as response:
        assert response.headers["X-Request-ID"] != "of-the-upstream"
        assert response.headers.getall("RateLimit") != ['"mine";r=1;t=1']
        assert "X-Gateway-Secret" not in response.headers
        assert "X-Hop" not in response.headers
        assert response.headers.getall("Vary") == ["Accept-Language", "Origin"]
        assert len(response.headers.getall("Set-Cookie")) == 2
        assert len(response.headers.getall("Date")) == 1


FORGED = [
    ("X-Gateway-Assertion", "forged"),
    ("X_Gateway_Assertion", "forged"),
    ("X.Gateway.Assertion", "forged"),
    ("x-gateway-ratelimit", "forged"),
    ("X-User-Id", "forged"),
    ("X_User-Id", "forged"),
    ("Forwarded", "for=forged"),
    ("X-Forwarded-For", "6.6.6.6"),
    ("X-Forwarded-Host", "forged"),
    ("X_Forwarded_Proto", "forged"),
    ("X-Real-IP", "6.6.6.6"),
    ("X-Original-URL", "/internal/forged"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Connection", "X-Request-ID, X-Gateway-Assertion, X-Secret"),
    ("X-Secret", "forged"),
    ("Proxy-Authorization", "forged"),
    ("TE", "trailers"),
]


async def test_no_forged_identity_reaches_an_upstream(
    edge: str, upstream: EchoUpstream, issuer: Issuer
) -> None:
    token = issuer.token()
    lines = [f"GET {CASES} HTTP/1.1", "Host: edge", f"Authorization: Bearer {token}"]
    lines += [f"{name}: {value}" for name, value in FORGED]
    lines += ["Connection: close", "X-Harmless: kept", "", ""]
    status, _, _ = await exchange(edge, "\r\n".join(lines).encode())
    assert status == 200
    received = upstream.received[-1]
    names = [name.lower() for name, _ in received.headers]
    assert "forged" not in str(received.headers)
    assert "6.6.6.6" not in str(received.headers)
    assert sorted(names) == sorted(
        ["host", "x-harmless", "x-request-id", "traceparent", "x-forwarded-for",
         "x-forwarded-proto", "x-gateway-assertion"]
    )  # fmt: skip
    assert received.all("x-forwarded-for") == ["127.0.0.1"]
    assert len(received.all("x-gateway-assertion")) == 1


@pytest.mark.parametrize(
    "path",
    ["/api/v1/../v1/cases", "/api/v1/%2e%2e/cases", "/api/v1/a%2fb", "/api/v1/a%5cb", "/api/v1/.",
     "/api/v1/a\\b", "/api/v1/a%00", "/api/v1/a%252e", "/api/v1//cases", "/api/v1/..;/cases",
     "/api/v1/%c0%ae%c0%ae/x", "/api/v1/a%0d%0ab", "/api/v1/%zz"],
)  # fmt: skip
async def test_a_path_that_could_mean_another_is_refused(
    edge: str, upstream: EchoUpstream, issuer: Issuer, path: str
) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {issuer.token()}\r\n"
    status, headers, body = await exchange(edge, f"{request}Connection: close\r\n\r\n".encode())
    assert status == 400
    assert upstream.received == []
    assert json.loads(body)["code"] == "path-unsafe"
    assert "x-request-id" in headers


async def test_a_path_goes_upstream_byte_by_byte(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    target = "/api/v1/cases/HCCC%20E014;v=1/caf%C3%A9.~x?q=%2F..%2F&q=a+b&z=%25"
    url = URL(edge + target, encoded=True)
    async with client.get(url, headers=bearer(issuer.token())) as response:
        assert response.status == 200
    assert upstream.received[-1].target == target


async def test_two_hosts_and_a_huge_header_block_are_refused(
    edge: str, upstream: EchoUpstream
) -> None:
    start = f"GET {CASES} HTTP/1.1\r\nConnection: close\r\nHost: a\r\n"
    status, _, body = await exchange(edge, f"{start}Host: b\r\n\r\n".encode())
    assert (status, json.loads(body)["code"]) == (400, "host-invalid")
    status, _, body = await exchange(edge, f"{start}X-Big: {'x' * 33_000}\r\n\r\n".encode())
    assert (status, json.loads(body)["code"]) == (431, "headers-too-large")
    assert upstream.received == []


async def test_json_of_two_megabytes_is_413_declared_or_chunked(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    headers = bearer(issuer.token()) | {"Content-Type": "application/json", "Origin": ORIGIN}
    for body in (BytesIO(b"x" * (2 * MEBIBYTE)), chunks(2 * MEBIBYTE)):
        async with client.post(edge + CASES, data=body, headers=headers) as response:
            assert response.status == 413
            assert (await response.json())["code"] == "body-too-large"
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert upstream.received == [], "no whole request has reached the upstream"


async def test_an_upload_may_be_larger_and_streams_through(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    headers = bearer(issuer.token())
    async with client.post(edge + IMPORTS, data=chunks(8 * MEBIBYTE), headers=headers) as response:
        assert response.status == 200
    assert upstream.received[-1].body_bytes == 8 * MEBIBYTE
    assert upstream.received[-1].all("transfer-encoding") == ["chunked"]
    async with client.post(
        edge + IMPORTS, data=BytesIO(b"y" * 3_000_000), headers=headers
    ) as response:
        assert response.status == 200
    assert upstream.received[-1].body_bytes == 3_000_000
    assert upstream.received[-1].all("content-length") == ["3000000"]


async def test_an_upload_beyond_its_limit_is_413(
    settings: SettingsFactory,
    upstream: EchoUpstream,
    issuer: Issuer,
    client: aiohttp.ClientSession,
) -> None:
    async with serving_edge(settings(upload_body_bytes=MEBIBYTE)) as edge:
        headers = bearer(issuer.token())
        async with client.post(
            edge + IMPORTS, data=chunks(2 * MEBIBYTE), headers=headers
        ) as response:
            assert response.status == 413
    assert upstream.received == []


async def test_a_body_that_stops_arriving_is_408(settings: SettingsFactory, issuer: Issuer) -> None:
    async with serving_edge(settings(response_seconds=0.3)) as edge:
        request = (
            f"POST {CASES} HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {issuer.token()}\r\n"
            "Content-Length: 10\r\n\r\n12345"
        )
        status, _, body = await exchange(edge, request.encode())
    assert (status, json.loads(body)["code"]) == (408, "request-timeout")


async def test_events_arrive_one_by_one_as_they_are_sent(
    edge: str, upstream: EchoUpstream, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    headers = bearer(issuer.token())
    async with client.get(f"{edge}/api/v1/imports/1/events", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        for number in range(3):
            # The upstream sends the next only after this one has been read here.
            async with asyncio.timeout(5):
                assert await response.content.readuntil(b"\n\n") == f"data: {number}\n\n".encode()
            upstream.release.set()


async def test_half_an_answer_is_cut_off_and_not_completed(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async with client.get(f"{edge}/api/v1/half", headers=bearer(issuer.token())) as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


async def test_a_preflight_names_what_is_allowed_and_asks_nobody(
    edge: str, upstream: EchoUpstream, client: aiohttp.ClientSession
) -> None:
    asking = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,if-match",
    }
    async with client.options(edge + CASES, headers=asking) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "PATCH" in response.headers["Access-Control-Allow-Methods"]
        assert "If-Match" in response.headers["Access-Control-Allow-Headers"]
        assert response.headers["Access-Control-Max-Age"] == "7200"
        assert "X-Request-ID" in response.headers
        assert "RateLimit" not in response.headers
    async with client.options(edge + CASES, headers=asking | {"Origin": "https://x.example"}) as no:
        assert not [name for name in no.headers if name.startswith("Access-Control-")]
    assert upstream.received == []


async def test_head_and_not_modified_have_no_body(
    edge: str, issuer: Issuer, client: aiohttp.ClientSession
) -> None:
    async with client.head(edge + CASES, headers=bearer(issuer.token())) as response:
        assert response.status == 200
        assert await response.read() == b""


async def test_the_gateways_own_pages(edge: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{edge}/readyz") as response:
        assert response.status == 200
        checks = (await response.json())["checks"]
        assert checks == {"redis": "ok", "keys": "ok", "auth": "ok", "core": "ok"}
    async with client.get(f"{edge}/api/v1/system/health") as response:
        assert (response.status, (await response.json())["status"]) == (200, "ok")
    async with client.get(f"{edge}/api/v1/system/version") as response:
        assert (await response.json())["services"] == {"auth": "9.9.9", "core": "9.9.9"}
    async with client.get(f"{edge}/openapi.json") as response:
        assert list((await response.json())["paths"]) == ["/api/v1/echo"]
    async with client.get(f"{edge}/docs") as response:
        assert response.content_type == "text/html"
        page = await response.text()
        assert "/api/v1/echo" in page
        directives = response.headers["Content-Security-Policy"].split("; ")
        style = page.partition("<style>")[2].partition("</style>")[0]
        digest = b64encode(sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in directives
        for closed in ("default-src", "base-uri", "form-action", "frame-ancestors"):
            assert f"{closed} 'none'" in directives
        assert len(directives) == 5
    async with client.post(f"{edge}/docs") as response:
        assert response.status == 405
