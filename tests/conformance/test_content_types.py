"""Every answer with a body says what it is, and text in which charset (ASVS 4.1.1).

A page may not be framed (ASVS 3.4.6).
"""

from collections.abc import Callable

import httpx
import pytest
from conformance.edges import Edge
from conformance.wire import request, send_raw

PROBLEM = "application/problem+json"
JSON = "application/json"
# JSON is UTF-8 whatever one says (RFC 8259, 8.1), so its type has no charset.
ANSWERS: tuple[tuple[str, str, bool, int, str], ...] = (
    ("GET", "/api/v1/cases", True, 200, JSON),
    ("GET", "/api/v1/cases", False, 401, PROBLEM),
    ("GET", "/nowhere", False, 404, PROBLEM),
    ("PROPFIND", "/api/v1/cases", False, 405, PROBLEM),
    ("GET", "/api/v1/a/..;/b", True, 400, PROBLEM),
    ("GET", "/api/v1/silent", True, 504, PROBLEM),
    ("GET", "/api/v1/drop", True, 502, PROBLEM),
    ("GET", "/livez", False, 200, JSON),
    ("GET", "/api/v1/system/health", False, 200, JSON),
    ("GET", "/api/v1/system/version", False, 200, JSON),
    ("GET", "/openapi.json", False, 200, JSON),
    ("GET", "/docs", False, 200, "text/html; charset=utf-8"),
)
Bearer = Callable[..., dict[str, str]]


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: f"{row[0]}-{row[1]}-{row[3]}")
def test_a_body_is_what_its_type_says(
    client: httpx.Client, bearer: Bearer, row: tuple[str, str, bool, int, str]
) -> None:
    method, path, signed_in, status, media_type = row
    answer = client.request(method, path, headers=bearer() if signed_in else {})
    assert answer.status_code == status
    assert answer.headers.get_list("Content-Type") == [media_type]
    assert "Server" not in answer.headers
    if "json" in media_type:
        assert isinstance(answer.json(), dict)
    else:
        assert answer.content.decode("utf-8").startswith("<!doctype html>")
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)


@pytest.mark.parametrize("raw", ["GET /api/v1/cases HTTP/1.1x", "BREW / HTTP/9.9"])
def test_a_refusal_of_what_is_no_http_is_text(edge: Edge, raw: str) -> None:
    """No router, and so no middleware, sees it: the one kind of answer that is no problem."""
    answer = send_raw(edge, request(raw, "Host: edge"))
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", ["/api/v1/cases", "/docs", "/nowhere"])
def test_no_body_needs_no_type(client: httpx.Client, path: str) -> None:
    preflight = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "GET"}
    answer = client.options(path, headers=preflight)
    assert answer.content == b""
    assert answer.headers.get("Content-Length", "0") == "0"
