"""Identity: an upstream learns about the caller only from the policy."""

from collections.abc import Callable
from typing import Any

import pytest
from conformance.conftest import SECRET
from conformance.edges import Edge
from conformance.upstream import RecordingUpstream
from conformance.wire import request, send_raw

from common.assertions import AssertionVerifier, derive_key
from common.clock import SystemClock
from testkit.gateway.issuer import Issuer

TARGET = "/api/v1/cases"
FORGED = (
    "X-Gateway-Assertion",
    "x-gateway-assertion",
    "X-Gateway-User",
    "X-Gateway-RateLimit",
    "X-User-Id",
    "X-User-Roles",
    "X-USER-Anything",
    "x-auth-anything",
    "X-Gateway-Anything",
    "X-Auth-Request-User",
    "Forwarded",
    "X-Forwarded-User",
    "X-Forwarded-Host",
    "X-Forwarded-Server",
    "X-Forwarded-Prefix",
    "X-Forwarded-Uri",
    "X-Forwarded-Method",
    "X-Forwarded-Tls-Client-Cert",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-HTTP-Method-Override",
    "Proxy-Authorization",
    "Via",
)
LOOK_ALIKES = (
    "X_Gateway_Assertion",
    "X.Gateway.Assertion",
    "X-Gateway_Assertion",
    "X_User_Id",
    "X-User.Id",
    "X_Forwarded_For",
    "X_Request_ID",
    "Content_Length",
    "Transfer_Encoding",
    "client_id",
)
Bearer = Callable[..., dict[str, str]]


def lines_of(token: str, *more: str) -> bytes:
    start = (f"GET {TARGET} HTTP/1.1", "Host: edge", f"Authorization: Bearer {token}")
    return request(*start, *more)


def claims_of(upstream: RecordingUpstream) -> dict[str, Any]:
    """The claims for core, once their signature is verified."""
    (received,) = upstream.requests
    verifier = AssertionVerifier("core", (derive_key(SECRET, "core"),))
    verifier.verify(received.assertion, SystemClock().now())
    return received.claims


def test_a_token_becomes_an_assertion_and_goes_no_further(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    given = issuer.claims()
    assert send_raw(edge, lines_of(issuer.sign(given))).status == 200
    claims = claims_of(upstream)
    assert (claims["sub"], claims["sid"]) == (given["sub"], given["sid"])
    assert (claims["aud"], claims["ip"]) == ("core", edge.client_address)


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_header_never_reaches_an_upstream(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, name: str
) -> None:
    answer = send_raw(edge, lines_of(issuer.token(), f"{name}: 6.6.6.6", "X-Harmless: forwarded"))
    assert answer.status == 200
    (received,) = upstream.requests
    assert b"6.6.6.6" not in received.raw
    assert received.all("x-harmless") == ["forwarded"]
    assert claims_of(upstream)["ip"] == edge.client_address


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_a_header_with_a_similar_name_is_dropped(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, name: str
) -> None:
    answer = send_raw(edge, lines_of(issuer.token(), f"{name}: 6"))
    assert answer.status == 200
    (received,) = upstream.requests
    assert name.lower() not in received.names


@pytest.mark.parametrize("address", ["6.6.6.6", "127.0.0.1", "6.6.6.6, 10.0.0.1", "::1", "x" * 500])
def test_the_address_of_an_untrusted_peer_is_its_own(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, address: str
) -> None:
    raw = lines_of(issuer.token(), f"X-Forwarded-For: {address}", "X-Forwarded-For: 6.6.6.6")
    assert send_raw(edge, raw).status == 200
    assert claims_of(upstream)["ip"] == edge.client_address
    hops = [
        hop.strip()
        for value in upstream.requests[0].all("x-forwarded-for")
        for hop in value.split(",")
    ]
    assert set(hops) == {edge.client_address}


def test_the_address_behind_a_trusted_proxy_is_the_one_it_reports(
    session_edge: Edge,
    own_edge: Callable[..., Edge],
    upstream: RecordingUpstream,
    issuer: Issuer,
) -> None:
    edge = own_edge(TRUSTED_PROXIES=f"{session_edge.client_address},127.0.0.0/8")
    forged = ("X-Forwarded-Uri: /livez", "X-Forwarded-Method: GET", "X-Forwarded-Host: evil")
    raw = lines_of(issuer.token(), "X-Forwarded-For: 6.6.6.6, 203.0.113.7, 127.0.0.9", *forged)
    assert send_raw(edge, raw).status == 200
    assert claims_of(upstream)["ip"] == "203.0.113.7"
    assert b"evil" not in upstream.requests[0].raw


@pytest.mark.parametrize(
    "named", ["X-Gateway-Assertion", "X-Request-ID", "X-Forwarded-For", "Traceparent, X-Secret"]
)
def test_connection_cannot_take_away_what_the_policy_adds(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, named: str
) -> None:
    raw = lines_of(issuer.token(), f"Connection: {named}", "X-Secret: 1")
    assert send_raw(edge, raw).status == 200
    assert claims_of(upstream)["ip"] == edge.client_address
    assert upstream.requests[0].context["X-Request-ID"]


def test_a_public_route_identifies_no_user(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    raw = request(
        "POST /api/v1/auth/login HTTP/1.1",
        "Host: edge",
        f"Authorization: Bearer {issuer.token()}",
        "Content-Length: 0",
    )
    assert send_raw(edge, raw).status == 200
    (received,) = upstream.requests
    verifier = AssertionVerifier("auth", (derive_key(SECRET, "auth"),))
    assert verifier.verify(received.assertion, SystemClock().now()).principal.kind == "anonymous"


def test_a_clients_own_credentials_reach_the_token_endpoint(
    edge: Edge, upstream: RecordingUpstream
) -> None:
    raw = request(
        "POST /api/v1/auth/token HTTP/1.1",
        "Host: edge",
        "Authorization: Basic eDp5",
        "Content-Length: 0",
    )
    assert send_raw(edge, raw).status == 200
    assert upstream.requests[0].all("authorization") == ["Basic eDp5"]


def test_two_authorizations_are_400(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer
) -> None:
    answer = send_raw(edge, lines_of(issuer.token(), f"Authorization: Bearer {issuer.token()}"))
    assert (answer.status, answer.json["code"]) == (400, "duplicate-authorization")
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("given", "forwarded"),
    [("abcdefgh-1", True), ("short", False), ("a" * 129, False), ("has space", False)],
)
def test_a_well_formed_request_id_is_forwarded_and_any_other_replaced(
    edge: Edge, upstream: RecordingUpstream, issuer: Issuer, given: str, forwarded: bool
) -> None:
    answer = send_raw(edge, lines_of(issuer.token(), f"X-Request-ID: {given}"))
    (received,) = upstream.requests
    assert received.context["X-Request-ID"] == answer.headers["x-request-id"]
    assert received.all("x-request-id") == []
    assert (answer.headers["x-request-id"] == given) is forwarded
