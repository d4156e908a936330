"""CORS: who may read answers, on every kind of answer."""

from collections.abc import Callable

import httpx
import pytest
from conformance.upstream import RecordingUpstream

ALLOWED = "http://localhost:3000"
FOREIGN = (
    "https://evil.example",
    "null",
    "http://localhost:3000.evil.example",
    "http://localhost:30000",
    "https://localhost:3000",
    "http://LOCALHOST:3000",
    "https://a.courts.example.evil.example",
    "https://a-b.courts.example",
)
EXPOSED = {"X-Request-ID", "RateLimit", "RateLimit-Policy", "Retry-After", "ETag", "Location"}
PREFLIGHT = {
    "Origin": ALLOWED,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization,if-match,idempotency-key",
}
ANSWERS: tuple[tuple[str, str, bool, int], ...] = (
    ("GET", "/api/v1/cases", True, 200),
    ("GET", "/api/v1/cases", False, 401),
    ("GET", "/nowhere", False, 404),
    ("GET", "/internal/v1/users", True, 404),
    ("PROPFIND", "/api/v1/cases", False, 405),
    ("GET", "/api/v1/a/..;/b", True, 400),
    ("GET", "/livez", False, 200),
    ("GET", "/docs", False, 200),
    ("GET", "/api/v1/unavailable", True, 503),
    ("POST", "/api/v1/auth/login", False, 200),
)
Bearer = Callable[..., dict[str, str]]


@pytest.mark.parametrize("origin", [ALLOWED, "https://nairobi.courts.example"])
@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: f"{row[0]}-{row[1]}-{row[3]}")
def test_an_allowed_origin_may_read_every_answer(
    client: httpx.Client, bearer: Bearer, row: tuple[str, str, bool, int], origin: str
) -> None:
    method, path, signed_in, status = row
    headers = {"Origin": origin} | (bearer() if signed_in else {})
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == status
    assert answer.headers.get_list("Access-Control-Allow-Origin") == [origin]
    assert answer.headers.get_list("Access-Control-Allow-Credentials") == ["true"]
    exposed = {each.strip() for each in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert exposed >= EXPOSED
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("path", ["/api/v1/cases", "/api/v1/chatty", "/nowhere"])
def test_a_foreign_origin_gets_no_permission(
    client: httpx.Client, bearer: Bearer, path: str, origin: str
) -> None:
    answer = client.get(path, headers=bearer() | {"Origin": origin})
    # Without this header a browser hides the answer, whatever else is there (Fetch, 4.10).
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_an_answer_without_an_origin_still_varies_by_it(
    client: httpx.Client, bearer: Bearer
) -> None:
    answer = client.get("/api/v1/cases", headers=bearer())
    assert "Origin" in answer.headers["Vary"], "else a cache gives it to a page without permission"


def test_an_upstream_cannot_grant_permission(client: httpx.Client, bearer: Bearer) -> None:
    answer = client.get("/api/v1/chatty", headers=bearer() | {"Origin": ALLOWED})
    assert answer.headers.get_list("Access-Control-Allow-Origin") == [ALLOWED]
    assert "Accept-Language" in answer.headers["Vary"]
    assert len(answer.headers.get_list("Set-Cookie")) == 2


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/cases", "GET, HEAD, POST, OPTIONS"),  # as the API's description says
        ("/api/v1/echo", "GET, HEAD, OPTIONS"),
        ("/api/v1/auth/login", "POST, OPTIONS"),
        # Not described: whatever its row of the route table takes.
        ("/api/v1/undescribed", "DELETE, GET, HEAD, PATCH, POST, PUT, OPTIONS"),
        ("/nowhere", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),  # so that its 404 can be read
    ],
)
def test_a_preflight_is_answered_at_the_edge_and_spends_nothing(
    client: httpx.Client, upstream: RecordingUpstream, path: str, methods: str
) -> None:
    answer = client.options(path, headers=PREFLIGHT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Allow-Methods"] == methods
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "if-match", "idempotency-key"))
    assert answer.headers["Access-Control-Max-Age"] == "7200"
    assert answer.headers["X-Request-ID"]
    assert "Origin" in answer.headers["Vary"]
    assert "RateLimit" not in answer.headers
    assert upstream.requests == []


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_preflight_of_a_foreign_origin_gets_no_permission(
    client: httpx.Client, upstream: RecordingUpstream, origin: str
) -> None:
    answer = client.options("/api/v1/cases", headers=PREFLIGHT | {"Origin": origin})
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert "Origin" in answer.headers["Vary"]
    assert upstream.requests == []


def test_options_that_is_no_preflight_names_the_methods(
    client: httpx.Client, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    answer = client.options("/api/v1/cases", headers=bearer() | {"Origin": ALLOWED})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert upstream.requests == []


def test_a_method_that_a_path_does_not_take_is_405_with_those_that_it_takes(
    client: httpx.Client, bearer: Bearer
) -> None:
    answer = client.request("PROPFIND", "/api/v1/cases", headers=bearer())
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
