"""Framing: where one request ends and the next begins, the edge and every upstream agree."""

import pytest
from conformance.edges import Edge
from conformance.probes import INNER, PROBES, TARGET, Probe
from conformance.upstream import RecordingUpstream
from conformance.wire import request, send_raw

from testkit.gateway.issuer import Issuer

# Go's server says 501 for codings and methods that it does not know, and 505 for versions; what is
# wrong in a body shows only while it is read on, as 502.
# So long we listen for a second answer, to what was smuggled.
QUIET_SECONDS = 0.3
REFUSED = {400, 501, 502, 505}


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name.replace(" ", "-"))
def test_an_ambiguous_request_smuggles_nothing(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, probe: Probe
) -> None:
    raw = probe.raw.replace(b"TOKEN", issuer.token().encode())
    answer = send_raw(edge, raw, quiet_seconds=QUIET_SECONDS)
    seen = [(each.method, each.target) for each in upstream.requests]
    assert not [target for _, target in seen if "smuggled" in target]
    if answer.status == 200:
        assert probe.lenient
        assert [target for _, target in seen] == [TARGET]
    else:
        assert answer.status in REFUSED
        assert seen == []


def test_two_requests_on_one_connection_are_two(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    lines = (f"GET {TARGET}?n=1 HTTP/1.1", "Host: edge", f"Authorization: Bearer {issuer.token()}")
    answer = send_raw(edge, request(*lines) + INNER, quiet_seconds=QUIET_SECONDS)
    assert answer.statuses == [200, 401], "the second has no credentials"
    assert [each.target for each in upstream.requests] == [f"{TARGET}?n=1"]


def test_a_chunked_body_arrives_whole_with_its_trailers_dropped(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    head = request(
        f"POST {TARGET} HTTP/1.1",
        "Host: edge",
        f"Authorization: Bearer {issuer.token()}",
        "Transfer-Encoding: chunked",
        "Trailer: X-User-Id",
    )
    trailers = b"X-User-Id: forged\r\nX-Gateway-Assertion: forged\r\n\r\n"
    answer = send_raw(edge, head, b"3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\n" + trailers)
    assert answer.status == 200
    (received,) = upstream.requests
    assert received.body == b"abcde"
    assert b"forged" not in received.raw


def test_a_header_block_beyond_32_kib_is_431(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    many = [f"X-Filler-{number}: {'x' * 1000}" for number in range(40)]
    lines = (f"GET {TARGET} HTTP/1.1", "Host: edge", f"Authorization: Bearer {issuer.token()}")
    assert send_raw(edge, request(*lines, *many)).status == 431
    assert upstream.requests == []
