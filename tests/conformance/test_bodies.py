"""Bodies: limits by class, streamed both ways, events without a buffer."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest
from conformance.behaviours import BOMB, ROWS
from conformance.edges import Edge
from conformance.upstream import LINES, RecordingUpstream
from conformance.wire import connect

from testkit.gateway.issuer import Issuer

MEBIBYTE = 1024 * 1024
ROWS_PATH = "/api/v1/rows"
Bearer = Callable[..., dict[str, str]]


def pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 65536):
        yield b"x" * 65536


def test_json_beyond_a_mebibyte_is_413(
    client: httpx.Client, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    headers = bearer() | {"Origin": "http://localhost:3000", "Content-Type": "application/json"}
    answer = client.post("/api/v1/cases", content=b"x" * (2 * MEBIBYTE), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "body-too-large"
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert upstream.requests == []


def test_json_of_exactly_a_mebibyte_passes(
    client: httpx.Client, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    for content in (b"x" * MEBIBYTE, pieces(MEBIBYTE)):
        assert client.post("/api/v1/cases", content=content, headers=bearer()).status_code == 200
    assert [len(each.body) for each in upstream.requests] == [MEBIBYTE, MEBIBYTE]


def test_an_undeclared_body_is_counted(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    head = (
        "POST /api/v1/cases HTTP/1.1\r\nHost: edge\r\nTransfer-Encoding: chunked\r\n"
        f"Authorization: Bearer {issuer.token()}\r\n\r\n"
    )
    part = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with connect(edge) as connection:
        with suppress(OSError):  # an edge may stop listening once it has heard enough
            connection.sendall(head.encode())
            for _ in range(2 * MEBIBYTE // 65536):
                connection.sendall(part)
            connection.sendall(b"0\r\n\r\n")
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert upstream.requests == []


def test_an_upload_may_be_larger(
    client: httpx.Client, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    size = 8 * MEBIBYTE
    for content in (b"x" * size, pieces(size)):
        assert client.post("/api/v1/imports", content=content, headers=bearer()).status_code == 200
    assert [len(each.body) for each in upstream.requests] == [size, size]


def test_events_arrive_one_by_one_as_they_are_sent(
    client: httpx.Client, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    with client.stream("GET", "/api/v1/imports/1/events", headers=bearer()) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert "Content-Encoding" not in answer.headers, "it would wait in a buffer"
        assert "X-Request-ID" in answer.headers
        events = answer.iter_text()
        for number in range(3):
            # The upstream sends the next only after this one has been read here.
            assert next(events) == f"data: {number}\n\n"
            upstream.release()


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_an_export_is_compressed_and_arrives_while_it_is_written(
    client: httpx.Client, upstream: RecordingUpstream, bearer: Bearer, coding: str
) -> None:
    headers = bearer() | {"Accept-Encoding": coding}
    with client.stream("GET", "/api/v1/lines", headers=headers) as answer:
        assert answer.headers["Content-Encoding"] == coding
        received, expected = b"", b""
        parts = answer.iter_bytes()
        for part in LINES:
            # The upstream writes the next part only after half of this one has been read here.
            while len(received) < len(expected) + len(part) / 2:
                received += next(parts)
            expected += part
            upstream.release()
        assert received + b"".join(parts) == expected


def test_half_an_answer_is_cut_off_and_not_completed(client: httpx.Client, bearer: Bearer) -> None:
    with (
        pytest.raises(httpx.RemoteProtocolError),
        client.stream("GET", "/api/v1/half", headers=bearer()) as answer,
    ):
        answer.read()


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_list_is_compressed_for_those_who_accept_it(
    client: httpx.Client, bearer: Bearer, coding: str
) -> None:
    with client.stream("GET", ROWS_PATH, headers=bearer() | {"Accept-Encoding": coding}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == coding
    assert {"Accept-Encoding", "Origin"} <= set(_list(answer.headers["Vary"]))
    assert len(raw) < len(json.dumps(ROWS)) / 4
    assert client.get(ROWS_PATH, headers=bearer() | {"Accept-Encoding": coding}).json() == ROWS


def test_it_is_not_for_those_who_do_not(client: httpx.Client, bearer: Bearer) -> None:
    """Traefik then adds no `Vary`, since every client can read an uncompressed answer."""
    answer = client.get(ROWS_PATH, headers=bearer() | {"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.json() == ROWS


@pytest.mark.parametrize("path", [ROWS_PATH, "/openapi.json"])
def test_what_came_compressed_can_be_revalidated(
    client: httpx.Client, bearer: Bearer, path: str
) -> None:
    tag = client.get(path, headers=bearer()).headers["ETag"]
    answer = client.get(path, headers=bearer() | {"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == tag


def _list(header: str) -> list[str]:
    return [part.strip() for part in header.split(",")]


def test_head_has_no_body(client: httpx.Client, bearer: Bearer) -> None:
    answer = client.head("/api/v1/cases", headers=bearer())
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"] == '"1"'


def test_what_is_compressed_goes_both_ways_as_it_came(
    client: httpx.Client, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    """The edge does not decompress bodies, so a decompression bomb has no effect."""
    headers = bearer() | {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert client.post("/api/v1/cases", content=BOMB, headers=headers).status_code == 200
    (received,) = upstream.requests
    assert received.body == BOMB
    assert received.all("content-encoding") == ["gzip"]
    with client.stream("GET", "/api/v1/bomb", headers=bearer()) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert b"".join(answer.iter_raw()) == BOMB
