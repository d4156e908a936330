"""The answer to a preflight."""

import pytest

from gateway.policy.cors import METHODS
from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.policy_service.preflights import Preflights, is_preflight
from gateway.settings import REQUEST_HEADERS

ALLOWED = (b"origin", b"https://courts.example")
REQUESTED = (b"access-control-request-method", b"PATCH")
PREFLIGHTS = Preflights(Origins(["https://courts.example"]), True, REQUEST_HEADERS)


def answered(*requested: tuple[bytes, bytes], methods: tuple[str, ...] = ()) -> dict[bytes, bytes]:
    return dict(PREFLIGHTS.headers(HeaderMap(requested), methods))


def test_an_allowed_page_gets_methods_headers_and_a_lifetime() -> None:
    headers = answered(ALLOWED, methods=("GET", "HEAD", "OPTIONS"))
    assert headers[b"access-control-allow-origin"] == b"https://courts.example"
    assert headers[b"access-control-allow-credentials"] == b"true"
    assert headers[b"access-control-allow-methods"] == b"GET, HEAD, OPTIONS"
    assert headers[b"access-control-max-age"] == b"7200"
    allowed = {*headers[b"access-control-allow-headers"].split(b", ")}
    assert {b"Authorization", b"Idempotency-Key", b"If-Match", b"X-CSRF"} <= allowed
    assert headers[b"vary"].startswith(b"Origin, ")
    assert b"Access-Control-Request-Headers" in headers[b"vary"]


def test_a_path_without_methods_is_allowed_so_that_its_404_can_be_read() -> None:
    assert answered(ALLOWED)[b"access-control-allow-methods"].decode() == ", ".join(METHODS)


@pytest.mark.parametrize(
    "requested", [(), ((b"origin", b"https://evil.example"),), (ALLOWED, ALLOWED)]
)
def test_any_other_page_gets_nothing_but_vary(requested: tuple[tuple[bytes, bytes], ...]) -> None:
    assert list(answered(*requested)) == [b"vary"]


def test_without_credentials_none_are_allowed() -> None:
    anyone = Preflights(Origins(["*"]), False, ())
    headers = dict(anyone.headers(HeaderMap([ALLOWED]), ()))
    assert headers[b"access-control-allow-origin"] == ALLOWED[1]
    assert b"access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    ("method", "requested", "holds"),
    [
        ("OPTIONS", (ALLOWED, REQUESTED), True),
        ("GET", (ALLOWED, REQUESTED), False),
        ("OPTIONS", (ALLOWED,), False),
        ("OPTIONS", (REQUESTED,), False),
    ],
)
def test_only_an_options_request_with_both_headers_is_a_preflight(
    method: str, requested: tuple[tuple[bytes, bytes], ...], holds: bool
) -> None:
    assert is_preflight(method, HeaderMap(requested)) is holds
