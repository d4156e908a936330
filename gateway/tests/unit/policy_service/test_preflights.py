"""What a preflight is told."""

import pytest

from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.policy_service.preflights import METHODS, Preflights, is_preflight
from gateway.settings import REQUEST_HEADERS

ALLOWED = (b"origin", b"https://courts.example")
ASKED = (b"access-control-request-method", b"PATCH")
PREFLIGHTS = Preflights(Origins(["https://courts.example"]), True, REQUEST_HEADERS)


def told(*asked: tuple[bytes, bytes], methods: tuple[str, ...] = ()) -> dict[bytes, bytes]:
    return dict(PREFLIGHTS.headers(HeaderMap(asked), methods))


def test_an_allowed_page_is_told_methods_headers_and_for_how_long() -> None:
    headers = told(ALLOWED, methods=("GET", "HEAD", "OPTIONS"))
    assert headers[b"access-control-allow-origin"] == b"https://courts.example"
    assert headers[b"access-control-allow-credentials"] == b"true"
    assert headers[b"access-control-allow-methods"] == b"GET, HEAD, OPTIONS"
    assert headers[b"access-control-max-age"] == b"7200"
    allowed = {*headers[b"access-control-allow-headers"].split(b", ")}
    assert {b"Authorization", b"Idempotency-Key", b"If-Match", b"X-CSRF"} <= allowed
    assert headers[b"vary"].startswith(b"Origin, ")
    assert b"Access-Control-Request-Headers" in headers[b"vary"]


def test_a_path_without_methods_may_be_asked_so_that_its_404_can_be_read() -> None:
    assert told(ALLOWED)[b"access-control-allow-methods"].decode() == ", ".join(METHODS)


@pytest.mark.parametrize("asked", [(), ((b"origin", b"https://evil.example"),), (ALLOWED, ALLOWED)])
def test_any_other_page_gets_nothing_but_vary(asked: tuple[tuple[bytes, bytes], ...]) -> None:
    assert list(told(*asked)) == [b"vary"]


def test_without_credentials_none_are_allowed() -> None:
    anyone = Preflights(Origins(["*"]), False, ())
    headers = dict(anyone.headers(HeaderMap([ALLOWED]), ()))
    assert headers[b"access-control-allow-origin"] == ALLOWED[1]
    assert b"access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    ("method", "asked", "holds"),
    [
        ("OPTIONS", (ALLOWED, ASKED), True),
        ("GET", (ALLOWED, ASKED), False),
        ("OPTIONS", (ALLOWED,), False),
        ("OPTIONS", (ASKED,), False),
    ],
)
def test_only_an_options_request_with_both_headers_is_a_preflight(
    method: str, asked: tuple[tuple[bytes, bytes], ...], holds: bool
) -> None:
    assert is_preflight(method, HeaderMap(asked)) is holds
