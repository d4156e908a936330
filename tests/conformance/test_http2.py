"""HTTP/2 between the client and the edge: translated to HTTP/1.1, a request is still one."""

import ssl

import httpx
import pytest
from conformance.conftest import TLS_ONLY
from conformance.edges import Edge
from conformance.http2 import PREFACE, SETTINGS, Fields, exchange
from conformance.probes import INNER, TARGET
from conformance.upstream import RecordingUpstream
from conformance.wire import connect, send_raw

from testkit.gateway.issuer import Issuer

PLAIN: Fields = [
    (b":method", b"POST"),
    (b":scheme", b"https"),
    (b":authority", b"edge"),
    (b":path", TARGET.encode()),
]
LINE = b" HTTP/1.1\r\nHost: edge\r\n\r\nGET /api/v1/smuggled"


def changed(**fields: bytes) -> Fields:
    """The plain request with other pseudo-header fields."""
    return [(name, fields.get(name[1:].decode(), value)) for name, value in PLAIN]


def more(*fields: tuple[bytes, bytes]) -> Fields:
    """The plain request with more fields."""
    return [*PLAIN, *fields]


# Name, fields, body. What a translation to HTTP/1.1 could turn into a separate line or message.
PROBES: tuple[tuple[str, Fields, bytes | None], ...] = (
    ("a length of nothing", more((b"content-length", b"0")), INNER),
    ("a length too short", more((b"content-length", b"4")), INNER),
    ("a length too long", more((b"content-length", b"4000")), b"x"),
    ("two lengths", more((b"content-length", b"0"), (b"content-length", b"45")), INNER),
    ("no number as length", more((b"content-length", b"+45")), INNER),
    ("chunked", more((b"transfer-encoding", b"chunked")), b"0\r\n\r\n" + INNER),
    ("chunked by a line's end", more((b"x-a", b"b\r\ntransfer-encoding: chunked")), b"0\r\n\r\n"),
    ("Connection", more((b"connection", b"x-request-id")), None),
    ("Upgrade", more((b"upgrade", b"h2c")), None),
    ("a line's end in a value", more((b"x-a", b"b\r\n\r\n" + INNER)), None),
    ("LF in a value", more((b"x-a", b"b\nx-user-id: forged")), None),
    ("NUL in a value", more((b"x-a", b"b\0c")), None),
    ("a line's end in a name", more((b"x-a: b\r\nx-user-id", b"forged")), None),
    ("a colon in a name", more((b"x-a: b", b"c")), None),
    ("a space in a name", more((b"x a", b"c")), None),
    ("a capital in a name", more((b"X-A", b"c")), None),
    ("an empty name", more((b"", b"c")), None),
    ("a line's end in the path", changed(path=TARGET.encode() + LINE), None),
    ("a space in the path", changed(path=TARGET.encode() + b" HTTP/1.1"), None),
    ("no slash", changed(path=b"api/v1/smuggled"), None),
    ("a line in the method", changed(method=b"GET /api/v1/smuggled HTTP/1.1\r\nX: y"), None),
    ("a line's end in the authority", changed(authority=b"edge\r\nX-User-Id: forged"), None),
    ("a path in the authority", changed(authority=b"edge/../smuggled"), None),
    ("a line's end in the scheme", changed(scheme=b"https\r\nX-User-Id: forged"), None),
    ("two paths", more((b":path", b"/api/v1/smuggled")), None),
    ("a path behind the fields", [*PLAIN[:3], (b"x-a", b"b"), PLAIN[3]], None),
    ("no path", PLAIN[:3], None),
    ("an unknown pseudo-header", more((b":x-user-id", b"forged")), None),
    ("CONNECT", [(b":method", b"CONNECT"), (b":authority", b"core:8000")], None),
    ("a WebSocket by CONNECT", [(b":protocol", b"websocket"), *changed(method=b"CONNECT")], None),
    ("another Host", more((b"host", b"smuggled")), None),
)


def signed(fields: Fields, issuer: Issuer) -> Fields:
    return [*fields, (b"authorization", f"Bearer {issuer.token()}".encode())]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe[0].replace(" ", "-"))
def test_what_http2_can_say_and_http1_cannot_smuggles_nothing(
    edge: Edge,
    client: httpx.Client,
    upstream: RecordingUpstream,
    issuer: Issuer,
    probe: tuple[str, Fields, bytes | None],
) -> None:
    _, fields, body = probe
    with connect(edge, "h2") as connection:
        status = exchange(connection, signed(fields, issuer), body)
    answered = upstream.requests[:]
    # A space goes on as what it is, encoded: one path, which is the one that was authorised.
    assert {each.target for each in answered} <= {TARGET, f"{TARGET}%20HTTP/1.1"}
    assert len(answered) <= 1
    assert not any(b"smuggled" in each.raw or b"forged" in each.raw for each in answered)
    assert status in {0, 200, *range(400, 503)}
    assert (status == 200) <= (len(answered) == 1)
    # Whatever is left on a connection to the upstream would answer another client's request.
    after = client.get("/api/v1/after", headers={"Authorization": f"Bearer {issuer.token()}"})
    assert after.json()["target"] == "/api/v1/after"


@pytest.mark.parametrize("body", [None, b"", b"{}"])
def test_a_request_over_http2_is_one_at_the_upstream(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, body: bytes | None
) -> None:
    with connect(edge, "h2") as connection:
        if isinstance(connection, ssl.SSLSocket):
            assert connection.selected_alpn_protocol() == "h2"
        assert exchange(connection, signed(PLAIN, issuer), body) == 200
    (received,) = upstream.requests
    assert (received.method, received.target, received.body) == ("POST", TARGET, body or b"")
    assert received.claims["aud"] == "core"


def test_a_request_over_http2_without_a_token_is_refused(
    edge: Edge, upstream: RecordingUpstream
) -> None:
    with connect(edge, "h2") as connection:
        assert exchange(connection, PLAIN) == 401
    assert upstream.requests == []


@TLS_ONLY  # plain HTTP knows HTTP/2 by its preface alone (RFC 9113, 3.3)
def test_over_http1_the_preface_of_http2_is_no_request(
    edge: Edge, upstream: RecordingUpstream
) -> None:
    answer = send_raw(edge, PREFACE + SETTINGS)
    assert answer.status in {400, 404, 505}
    assert upstream.requests == []
