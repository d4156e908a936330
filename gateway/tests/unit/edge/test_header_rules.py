"""What crosses the edge, and what does not, in whatever spelling."""

import pytest

from gateway.edge.header_rules import (
    forwardable,
    named_by_connection,
    request_headers,
    response_headers,
)
from gateway.policy.headers import HeaderMap


@pytest.mark.parametrize(
    "name",
    [b"x-gateway-assertion", b"x_gateway_assertion", b"x.gateway.assertion", b"x-gateway_assertion",
     b"x-gateway-anything", b"x-gateway", b"x-user-id", b"x_user_id", b"x.user.id", b"x-user",
     b"forwarded", b"x-forwarded-for", b"x_forwarded_for", b"x-forwarded-proto", b"x-real-ip",
     b"x_real_ip", b"authorization", b"connection", b"keep-alive", b"te", b"trailer", b"upgrade",
     b"transfer-encoding", b"transfer_encoding", b"proxy-authorization", b"content_length",
     b"x-request-id", b"x_request_id", b"traceparent", b"host", b"expect", b"x-original-url",
     b"x-rewrite-url", b"x-http-method-override", b"true-client-ip"],
)  # fmt: skip
def test_a_claim_of_the_client_stays_outside(name: bytes) -> None:
    assert not forwardable(name)


@pytest.mark.parametrize(
    "name",
    [b"accept", b"content-type", b"cookie", b"origin", b"user-agent",
     b"if-match", b"idempotency-key", b"x-csrf", b"accept-language", b"my_own.header"],
)  # fmt: skip
def test_an_ordinary_header_passes(name: bytes) -> None:
    assert forwardable(name)


def test_what_connection_names_is_for_one_hop() -> None:
    raw = [
        (b"connection", b"keep-alive, X-Secret"),
        (b"connection", b"cookie"),
        (b"x-secret", b"1"),
        (b"cookie", b"a=1"),
        (b"accept", b"*/*"),
    ]
    assert named_by_connection([b"a, B"]) == {b"a", b"b"}
    assert request_headers(raw, HeaderMap(raw), authorization=False) == [(b"accept", b"*/*")]


def test_authorization_goes_along_only_where_the_route_says_so() -> None:
    raw = [(b"authorization", b"Basic YTpi")]
    assert request_headers(raw, HeaderMap(raw), authorization=False) == []
    passed = request_headers(raw, HeaderMap(raw), authorization=True)
    assert passed == [(b"authorization", b"Basic YTpi")]


def test_values_keep_their_bytes() -> None:
    raw = [(b"x-note", "café".encode()), (b"x-old", b"caf\xe9")]
    assert request_headers(raw, HeaderMap(raw), authorization=False) == raw


def test_responses_lose_what_is_the_edges() -> None:
    raw = [
        (b"content-type", b"text/plain"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"access-control-allow-origin", b"*"),
        (b"ratelimit", b"x"),
        (b"x-request-id", b"x"),
        (b"connection", b"close, X-Hop"),
        (b"x-hop", b"1"),
        (b"transfer-encoding", b"chunked"),
        (b"server", b"x"),
    ]
    assert response_headers(raw) == [
        (b"content-type", b"text/plain"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
    ]
