"""The refresh cookie over HTTPS, and on a developer's plain HTTP."""

import pytest
from starlette.requests import Request
from starlette.responses import Response

from auth_service.errors import CrossSiteRefused
from auth_service.signin.router import RefreshCookie

ORIGINS = frozenset({"https://app.example"})


def request_with(**headers: str) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw})


def test_over_https_the_name_has_the_host_prefix() -> None:
    response = Response()
    RefreshCookie(https=True, same_site="strict", origins=ORIGINS).set(response, "t", 60)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-masijala_refresh=t;")
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly",
        "Max-Age=60",
        "Path=/",
        "SameSite=strict",
        "Secure",
    }


def test_same_site_is_a_setting() -> None:
    response = Response()
    RefreshCookie(https=True, same_site="none", origins=ORIGINS).set(response, "t", 60)
    assert "SameSite=none" in response.headers["set-cookie"]


def test_the_unprefixed_name_is_not_read_over_https() -> None:
    cookie = RefreshCookie(https=True, same_site="strict", origins=ORIGINS)
    # A subdomain could plant an unprefixed cookie; the browser guards the prefixed one.
    assert cookie.read(request_with(cookie="masijala_refresh=planted")) is None


def test_a_request_without_a_cookie_needs_no_csrf_header() -> None:
    cookie = RefreshCookie(https=True, same_site="strict", origins=ORIGINS)
    assert cookie.read(request_with()) is None


def test_a_cookie_needs_both_the_origin_and_the_header() -> None:
    cookie = RefreshCookie(https=True, same_site="strict", origins=ORIGINS)
    sent = {"cookie": "__Host-masijala_refresh=t", "origin": "https://app.example"}
    assert cookie.read(request_with(**sent, **{"x-csrf": "1"})) == "t"
    with pytest.raises(CrossSiteRefused):
        cookie.read(request_with(**sent))
