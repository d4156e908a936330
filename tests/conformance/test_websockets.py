"""WebSockets: who may open one, over what, and that they pass through."""

from collections.abc import Callable

import pytest
import websockets
from conformance.conftest import ORIGIN
from conformance.edges import Edge
from conformance.upstream import RecordingUpstream
from conformance.wire import open_websocket, request, send_raw

from testkit.gateway.issuer import Issuer

PATH = "/api/v1/socket"
ELSEWHERE = "203.0.113.7"
Bearer = Callable[..., dict[str, str]]


def raw_handshake(issuer: Issuer, *more: str) -> bytes:
    return request(
        f"GET {PATH} HTTP/1.1",
        "Host: edge",
        f"Authorization: Bearer {issuer.token()}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *more,
    )


@pytest.mark.parametrize("origin", [None, ORIGIN, "https://nairobi.courts.example"])
def test_one_is_authenticated_at_its_handshake_and_then_passed_through(
    edge: Edge, upstream: RecordingUpstream, bearer: Bearer, origin: str | None
) -> None:
    with open_websocket(edge, PATH, bearer(), origin) as connection:
        for text in ("one", "two"):
            connection.send(text)
            assert connection.recv(timeout=5) == text
    (received,) = upstream.requests
    assert received.claims["aud"] == "core"


@pytest.mark.parametrize("path", ["/docs", "/nowhere"])
def test_a_foreign_page_is_refused_on_every_path(edge: Edge, bearer: Bearer, path: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        open_websocket(edge, path, bearer(), "https://evil.example")
    assert refused.value.response.status_code == 403
    assert b"origin-denied" in (refused.value.response.body or b"")


def test_one_without_a_token_reaches_no_upstream(edge: Edge, upstream: RecordingUpstream) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        open_websocket(edge, PATH, {})
    assert refused.value.response.status_code == 401
    assert upstream.requests == []


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{ORIGIN}.evil.example", "http://LOCALHOST:3000"]
)
def test_a_page_of_a_foreign_origin_can_open_none(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, origin: str
) -> None:
    answer = send_raw(edge, raw_handshake(issuer, f"Origin: {origin}"))
    assert (answer.status, answer.json["code"]) == (403, "origin-denied")
    assert upstream.requests == []


def test_two_origins_open_none(edge: Edge, upstream: RecordingUpstream, issuer: Issuer) -> None:
    raw = raw_handshake(issuer, f"Origin: {ORIGIN}", "Origin: https://evil.example")
    answer = send_raw(edge, raw)
    assert (answer.status, answer.json["code"]) == (403, "origin-denied")
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("proto", "status"), [("http", 403), ("ws", 403), ("https", 101), ("wss", 101)]
)
def test_a_handshake_that_reached_a_proxy_without_tls_is_refused(
    session_edge: Edge,
    own_edge: Callable[..., Edge],
    upstream: RecordingUpstream,
    issuer: Issuer,
    proto: str,
    status: int,
) -> None:
    edge = own_edge(TRUSTED_PROXIES=session_edge.client_address)
    before = (f"X-Forwarded-For: {ELSEWHERE}", f"X-Forwarded-Proto: {proto}")
    answer = send_raw(edge, raw_handshake(issuer, *before))
    assert answer.status == status
    if status == 403:
        assert answer.json["code"] == "tls-required"
        assert upstream.requests == []
