"""Paths: what was authorised is what the upstream sees, byte by byte, or nothing."""

from urllib.parse import unquote

import pytest
from conformance.edges import Edge
from conformance.upstream import RecordingUpstream
from conformance.wire import Answer, request, send_raw

from testkit.gateway.issuer import Issuer

# No URL at all (RFC 3986, 2.1): refused before any router, in text.
MALFORMED = ("/api/v1/%zz", "/api/v1/%")
REFUSED = (
    "/api/v1/../v1/cases",
    "/api/v1/../../metrics",
    "/api/v1/%2e%2e/cases",
    "/api/v1/%2E%2E/internal/v1/users",
    "/api/v1/a%2fb",
    "/api/v1/a%5Cb",
    "/api/v1/a\\b",
    "/api/v1/..\\internal",
    "/api/v1/.",
    "/api/v1/./cases",
    "/api/v1//cases",
    "//api/v1/cases",
    "/api/v1/a%00",
    "/api/v1/a%252e%252e",
    "/api/v1/%25%32%65",
    "/api/v1/..;/cases",
    "/api/v1/..;x=1/cases",
    "/api/v1/.%2e/cases",
    "/api/v1/%c0%ae%c0%ae/x",
    "/api/v1/%ff",
    "/api/v1/a%0d%0aX-User-Id:1",
    "/api/v1/a%0a",
    "/api/v1/a%7f",
    *MALFORMED,
)
UNCHANGED = (
    "/api/v1/cases?x=1&x=2",
    "/api/v1/cases/HCCC%20E014;v=1/caf%C3%A9.~x",
    "/api/v1/cases?q=%2F..%2F&z=%25&w=a+b",
    "/api/v1/cases/a..b/...",
    "/api/v1/cases/",
    "/api/v1/cases/a:b@c,d=e$f!*'()",
    "/api/v1/cases?",
)
ELSEWHERE = (
    "/internal/v1/users",
    "/metrics",
    "/api",
    "/api/v2/cases",
    "/API/V1/cases",
    "/api/v1x/cases",
    "/verify/login",
    "/edge/docs",
    "/problem/503",
    "/too-large/json",
    "/api/v1/%63ases/../..",
)


def answer_to(edge: Edge, issuer: Issuer, target: str) -> Answer:
    lines = (f"GET {target} HTTP/1.1", "Host: edge", f"Authorization: Bearer {issuer.token()}")
    return send_raw(edge, request(*lines))


def get(edge: Edge, issuer: Issuer, target: str) -> int:
    return answer_to(edge, issuer, target).status


@pytest.mark.parametrize("target", REFUSED)
def test_a_path_that_could_mean_another_is_refused(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, target: str
) -> None:
    answer = answer_to(edge, issuer, target)
    assert answer.status == 400
    problem = answer.headers.get("content-type") == "application/problem+json"
    assert problem != (target in MALFORMED)
    assert upstream.requests == []


@pytest.mark.parametrize("target", UNCHANGED)
def test_any_other_path_goes_upstream_as_it_came(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, target: str
) -> None:
    assert get(edge, issuer, target) == 200
    assert [each.target.removesuffix("?") for each in upstream.requests] == [
        target.removesuffix("?")
    ]


def test_a_semicolon_in_the_query_stays_or_becomes_encoded(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    assert get(edge, issuer, "/api/v1/cases?a=b;c") == 200
    assert upstream.requests[0].target in {"/api/v1/cases?a=b;c", "/api/v1/cases?a=b%3Bc"}


@pytest.mark.parametrize(
    "word", ["mahakam%C3%A1", "mahakam\u00c3\u00a1"]
)  # `request` writes Latin-1
def test_utf_8_in_a_query_reaches_the_upstream(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, word: str
) -> None:
    """Encoded as it should be, and as the raw bytes that some clients send."""
    assert get(edge, issuer, f"/api/v1/cases?q={word}") == 200
    (received,) = upstream.requests
    target = unquote(received.target.encode("latin-1"))
    assert target == "/api/v1/cases?q=mahakam\u00e1"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_what_no_route_has_is_not_reachable(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, target: str
) -> None:
    assert get(edge, issuer, target) in {400, 404}
    assert upstream.requests == []


@pytest.mark.parametrize(
    "target", ["http://core/internal/v1/users", "https://edge/api/v1/auth/login", "*", "edge:80"]
)
def test_a_request_target_in_another_form_reaches_no_upstream(
    edge: Edge, upstream: RecordingUpstream, target: str
) -> None:
    answer = send_raw(edge, request(f"GET {target} HTTP/1.1", "Host: edge"))
    assert 400 <= answer.status < 500
    assert upstream.requests == []


def test_an_encoded_letter_changes_no_route(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    """`/api/v1/%75sers` is `/api/v1/users`: administration, and auth's, for every reader."""
    assert get(edge, issuer, "/api/v1/%75sers") == 200
    (received,) = upstream.requests
    assert received.claims["aud"] == "auth"
