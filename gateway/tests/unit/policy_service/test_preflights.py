"""The CORS table: who may read, and what a preflight is told."""

import pytest

from gateway.edge.cors import Cors, is_preflight
from gateway.policy.headers import HeaderMap

EXACT = "https://courts.example"
PATTERN = r"regex:^https://[a-z0-9-]{1,20}\.preview\.example(:\d+)?$"


@pytest.fixture
def cors() -> Cors:
    return Cors([EXACT, PATTERN, "http://localhost:3000"], credentials=True)


def asked(origin: bytes, *more: tuple[bytes, bytes]) -> HeaderMap:
    return HeaderMap([(b"origin", origin), *more])


@pytest.mark.parametrize(
    "origin",
    [b"https://courts.example", b"http://localhost:3000", b"https://pr-7.preview.example",
     b"https://pr-7.preview.example:8443"],
)  # fmt: skip
def test_an_origin_of_the_list_may_read(cors: Cors, origin: bytes) -> None:
    headers = dict(cors.response_headers(asked(origin)))
    assert headers[b"access-control-allow-origin"] == origin
    assert headers[b"access-control-allow-credentials"] == b"true"
    assert headers[b"vary"] == b"Origin"
    assert (
        b"X-Request-ID, RateLimit, RateLimit-Policy, Retry-After, ETag"
        in headers[b"access-control-expose-headers"]
    )


@pytest.mark.parametrize(
    "origin",
    [b"https://courts.example.evil.example", b"https://evil.example", b"http://courts.example",
     b"https://courts.example:444", b"https://courts.example/", b"null", b"", b"*",
     b"https://COURTS.example", b"https://pr-7.preview.example.evil.example",
     b"https://evil.example/https://a.preview.example", b"https://a.preview.example\n",
     b"https://" + b"a" * 600 + b".preview.example"],
)  # fmt: skip
def test_any_other_gets_nothing_but_vary(cors: Cors, origin: bytes) -> None:
    assert cors.response_headers(asked(origin)) == [(b"vary", b"Origin")]
    preflight = dict(cors.preflight_headers(asked(origin)))
    assert list(preflight) == [b"vary"]


def test_two_origins_are_none(cors: Cors) -> None:
    headers = asked(EXACT.encode(), (b"origin", EXACT.encode()))
    assert cors.response_headers(headers) == [(b"vary", b"Origin")]


def test_without_an_origin_the_answer_still_varies(cors: Cors) -> None:
    assert cors.response_headers(HeaderMap([])) == [(b"vary", b"Origin")]


def test_a_preflight_is_told_methods_headers_and_for_how_long(cors: Cors) -> None:
    headers = dict(cors.preflight_headers(asked(EXACT.encode())))
    assert headers[b"access-control-max-age"] == b"7200"
    assert {b"PATCH", b"DELETE"} <= {*headers[b"access-control-allow-methods"].split(b", ")}
    allowed = {*headers[b"access-control-allow-headers"].split(b", ")}
    assert {b"Authorization", b"Idempotency-Key", b"If-Match", b"X-CSRF"} <= allowed
    assert b"Access-Control-Request-Headers" in headers[b"vary"]


def test_without_credentials_anyone_may_be_allowed() -> None:
    cors = Cors(["*"], credentials=False)
    headers = dict(cors.response_headers(asked(b"https://any.example")))
    assert headers[b"access-control-allow-origin"] == b"*"
    assert b"access-control-allow-credentials" not in headers


def test_only_an_options_request_with_both_headers_is_a_preflight() -> None:
    both = asked(EXACT.encode(), (b"access-control-request-method", b"PATCH"))
    assert is_preflight("OPTIONS", both)
    assert not is_preflight("GET", both)
    assert not is_preflight("OPTIONS", asked(EXACT.encode()))
    assert not is_preflight("OPTIONS", HeaderMap([(b"access-control-request-method", b"PATCH")]))
