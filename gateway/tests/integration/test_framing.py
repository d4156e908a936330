"""Raw bytes at the embedded edge: malformed requests are refused, and none becomes two."""

import asyncio
import json
import re
from urllib.parse import urlsplit

import pytest

from gateway.testing.issuer import Issuer
from gateway.testing.running import SettingsFactory, serving_edge
from gateway.testing.upstream import EchoUpstream

SMUGGLED = b"GET /api/v1/smuggled HTTP/1.1\r\nHost: edge\r\n\r\n"


async def answers(edge: str, request: bytes, seconds: float = 5) -> list[tuple[int, bytes]]:
    """Every response until the edge closes, as status and body."""
    parts = urlsplit(edge)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(request)
    async with asyncio.timeout(seconds):
        data = await reader.read()
    writer.close()
    found = []
    for match in re.finditer(rb"HTTP/1\.1 (\d{3}) .*?\r\n\r\n", data, re.DOTALL):
        length = re.search(rb"content-length: (\d+)", match[0])
        assert length is not None
        found.append((int(match[1]), data[match.end() : match.end() + int(length[1])]))
    return found


def post(token: str, *lines: str, body: bytes = b"") -> bytes:
    head = ["POST /api/v1/cases HTTP/1.1", "Host: edge", f"Authorization: Bearer {token}", *lines]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


MALFORMED = {
    "length and encoding": (
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "encoding and length": (
        ["Transfer-Encoding: chunked", "Content-Length: 5"],
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "two lengths": (["Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"], SMUGGLED),
    "two equal lengths": (["Content-Length: 0", "Content-Length: 0"], SMUGGLED),
    "a list of lengths": (["Content-Length: 0, 0"], SMUGGLED),
    "a signed length": (["Content-Length: +5"], b"hello" + SMUGGLED),
    "a hexadecimal length": (["Content-Length: 0x5"], b"hello" + SMUGGLED),
    "an endless length": ([f"Content-Length: {'9' * 30}"], b"hello" + SMUGGLED),
    "an unknown encoding": (["Transfer-Encoding: xchunked"], b"0\r\n\r\n" + SMUGGLED),
    "an encoding before chunked": (["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n" + SMUGGLED),
    "identity": (["Transfer-Encoding: identity"], SMUGGLED),
    "two encodings": (
        ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
        b"0\r\n\r\n" + SMUGGLED,
    ),
    "a tab in the encoding": (["Transfer-Encoding: \x0bchunked"], b"0\r\n\r\n" + SMUGGLED),
    "a space before the colon": (["Transfer-Encoding : chunked"], b"0\r\n\r\n" + SMUGGLED),
    "a folded line": (["Content-Length: 0", "X-A: b", " c: d"], SMUGGLED),
    "a bare LF": (["Content-Length: 0\nX-A: b"], SMUGGLED),
    "a bare CR": (["Content-Length: 0", "X-A: b\rc"], SMUGGLED),
    "a NUL": (["Content-Length: 0", "X-A: b\0c"], SMUGGLED),
    "a nameless field": (["Content-Length: 0", ": b"], SMUGGLED),
    "an upgrade with a body": (
        ["Content-Length: 5", "Connection: upgrade", "Upgrade: websocket"],
        b"hello" + SMUGGLED,
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_malformed_head_is_one_400_and_the_end(
    edge: str, upstream: EchoUpstream, issuer: Issuer, name: str
) -> None:
    lines, body = MALFORMED[name]
    (answer,) = await answers(edge, post(issuer.token(), *lines, body=body))
    assert answer[0] == 400
    assert json.loads(answer[1])["code"] == "request-malformed"
    assert json.loads(answer[1])["request_id"]
    assert upstream.received == []


CHUNKS = {
    "an LF after the size": b"5\nhello\r\n0\r\n\r\n",
    "no end of the chunk": b"5\r\nhelloX\r\n0\r\n\r\n",
    "an overflowing size": b"fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "a negative size": b"-5\r\nhello\r\n0\r\n\r\n",
    "a bare CR in the extension": b"5;\ra\r\nhello\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("name", CHUNKS)
async def test_a_malformed_chunk_never_ends_a_request(
    edge: str, upstream: EchoUpstream, issuer: Issuer, name: str
) -> None:
    request = post(issuer.token(), "Transfer-Encoding: chunked", body=CHUNKS[name] + SMUGGLED)
    got = await answers(edge, request)
    assert [status for status, _ in got] == [400]
    assert upstream.received == []


TARGETS = {
    "CONNECT edge:443 HTTP/1.1\r\nHost: edge": 400,
    "OPTIONS * HTTP/1.1\r\nHost: edge": 400,
    "GET / HTTP/2.0\r\nHost: edge": 400,
    "GET / HTTP/1.2\r\nHost: edge": 400,
    "GET /": 400,
    "GET /api/v1/cases#x HTTP/1.1\r\nHost: edge": 400,
    "GET /api/v1/\xe9 HTTP/1.1\r\nHost: edge": 400,
    "NONSENSE /api/v1/cases HTTP/1.1\r\nHost: edge": 400,
    "GET /api/v1/cases HTTP/1.1": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost:": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost: a b": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost: a/b": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost: a@b": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost: a:port": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost: [::1": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost: edge, edge": 400,
    "GET /api/v1/cases HTTP/1.1\r\nHost: [::1]:8080": 401,
    "GET http://other/api/v1/cases HTTP/1.1\r\nHost: edge": 401,
    "GET http://other/internal/v1/users HTTP/1.1\r\nHost: edge": 404,
}


@pytest.mark.parametrize("head", TARGETS)
async def test_targets_and_hosts(edge: str, upstream: EchoUpstream, head: str) -> None:
    request = f"{head}\r\nConnection: close\r\n\r\n".encode("latin-1")
    got = await answers(edge, request)
    assert got[0][0] == TARGETS[head]
    assert upstream.received == []


async def test_pipelined_requests_are_answered_in_their_order(
    edge: str, upstream: EchoUpstream, issuer: Issuer
) -> None:
    token = issuer.token()
    requests = [
        post(token, "X-Number: 1", "Content-Length: 5", body=b"hello"),
        post(token, "X-Number: 2", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n"),
        post(token, "X-Number: 3", "Connection: close", "Content-Length: 0"),
        SMUGGLED,
    ]
    got = await answers(edge, b"".join(requests))
    assert [status for status, _ in got] == [200, 200, 200]
    assert [json.loads(body)["body_bytes"] for _, body in got] == [5, 3, 0]
    assert [request.all("x-number") for request in upstream.received] == [["1"], ["2"], ["3"]]


async def test_a_request_before_a_malformed_one_is_still_answered(
    edge: str, upstream: EchoUpstream, issuer: Issuer
) -> None:
    good = post(issuer.token(), "Content-Length: 5", body=b"hello")
    got = await answers(edge, good + b"GARBAGE\r\n\r\n" + SMUGGLED)
    assert [status for status, _ in got] == [200, 400]
    assert len(upstream.received) == 1


async def test_trailers_and_chunk_extensions_go_no_further(
    edge: str, upstream: EchoUpstream, issuer: Issuer
) -> None:
    body = b"5;name=value\r\nhello\r\n0\r\nX-Gateway-Assertion: forged\r\nX-User-Id: 1\r\n\r\n"
    request = post(issuer.token(), "Transfer-Encoding: chunked", "Connection: close", body=body)
    (answer,) = await answers(edge, request)
    assert answer[0] == 200
    assert upstream.received[0].body_bytes == 5
    assert "forged" not in str(upstream.received[0].headers)
    assert upstream.received[0].all("x-user-id") == []


async def test_a_body_that_was_refused_is_not_read_as_a_request(
    edge: str, upstream: EchoUpstream
) -> None:
    lines = (f"Content-Length: {len(SMUGGLED)}", "Connection: close")
    (answer,) = await answers(edge, post("a.b.c", *lines, body=SMUGGLED))
    assert answer[0] == 401
    assert upstream.received == []


async def test_who_waits_for_100_is_told_to_go_on_or_refused_at_once(
    edge: str, upstream: EchoUpstream, issuer: Issuer
) -> None:
    parts = urlsplit(edge)
    for token, first in ((issuer.token(), b"HTTP/1.1 100"), ("a.b.c", b"HTTP/1.1 401")):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(post(token, "Content-Length: 5", "Expect: 100-continue"))
        async with asyncio.timeout(5):
            assert (await reader.readline()).startswith(first)
            if first.endswith(b"100"):
                await reader.readline()
                writer.write(b"hello")
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            else:
                assert b"connection: close" in await reader.read(), "the body may come or not"
        writer.close()
    assert len(upstream.received) == 1


async def test_a_client_of_http_1_0_gets_an_answer_that_ends_with_the_connection(
    edge: str, upstream: EchoUpstream, issuer: Issuer
) -> None:
    token = issuer.token()
    request = f"GET /api/v1/cases HTTP/1.0\r\nHost: edge\r\nAuthorization: Bearer {token}\r\n\r\n"
    (answer,) = await answers(edge, request.encode())
    assert answer[0] == 200
    refused = post(token, "Transfer-Encoding: chunked", body=b"0\r\n\r\n").replace(b"/1.1", b"/1.0")
    assert [status for status, _ in await answers(edge, refused)] == [400]
    assert len(upstream.received) == 1


async def test_a_header_block_that_never_ends_is_431_while_it_comes(
    settings: SettingsFactory, upstream: EchoUpstream
) -> None:
    async with serving_edge(settings()) as edge:
        parts = urlsplit(edge)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(b"GET /api/v1/cases HTTP/1.1\r\nHost: edge\r\nX-Big: ")
        async with asyncio.timeout(10):
            answer = asyncio.create_task(reader.read())
            for _ in range(64):
                writer.write(b"x" * 4096)
                await asyncio.sleep(0)  # one write after the other, as a slow flood would come
                if answer.done():
                    break
            assert (await answer).startswith(b"HTTP/1.1 431")
        writer.close()
    assert upstream.received == []
