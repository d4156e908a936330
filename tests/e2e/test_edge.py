"""What a browser and an attacker see of the gateway."""

import gzip
from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest
from e2e.targets import Target

pytestmark = pytest.mark.e2e

ALLOWED = "http://localhost:5173"
PROBLEM = "application/problem+json"
LOGGED_SECONDS = 10
CASES = "/api/v1/cases"
LOGIN = "/api/v1/auth/login"
MEBIBYTE = 1024 * 1024
BOMB_MEBIBYTES = 512


def test_an_allowed_origin_gets_cors_headers_and_another_does_not(anyone: httpx.Client) -> None:
    allowed = anyone.get(CASES, headers={"Origin": ALLOWED})
    assert allowed.status_code == 401
    assert allowed.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert allowed.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in allowed.headers["Vary"]
    other = anyone.get(CASES, headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers


def test_a_preflight_is_answered_at_the_edge(anyone: httpx.Client) -> None:
    ask = {
        "Origin": ALLOWED,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,if-match",
    }
    answer = anyone.options(f"{CASES}/{uuid4()}", headers=ask)
    assert answer.status_code == 204
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "POST" not in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Max-Age"] == "7200"
    assert "RateLimit" not in answer.headers


def test_every_answer_has_a_request_id(anyone: httpx.Client, as_viewer: httpx.Client) -> None:
    for answer in (
        anyone.get("/nowhere"),
        anyone.get(CASES),
        as_viewer.get(CASES),
        anyone.get("/readyz"),
        anyone.post("/api/v1/auth/login", json={}),
    ):
        assert answer.headers["X-Request-ID"]


def test_one_request_id_is_in_the_logs_of_every_service_it_passed(
    as_clerk: httpx.Client,
    sample_case: dict[str, Any],
    logged_by: Callable[[str], set[str]],
) -> None:
    request_id = f"e2e-{uuid4()}"
    answer = as_clerk.get(
        f"{CASES}/{sample_case['id']}/timeline", headers={"X-Request-ID": request_id}
    )
    assert answer.headers["X-Request-ID"] == request_id
    _wait_for({"gateway", "core"}, logged_by, request_id)
    request_id = f"e2e-{uuid4()}"
    as_clerk.get("/api/v1/auth/me", headers={"X-Request-ID": request_id})
    _wait_for({"gateway", "auth"}, logged_by, request_id)


def _wait_for(services: set[str], logged_by: Callable[[str], set[str]], request_id: str) -> None:
    # A request is logged when its answer is out, which may be after it has arrived.
    deadline = monotonic() + LOGGED_SECONDS
    while not services <= logged_by(request_id):
        assert monotonic() < deadline, logged_by(request_id)
        sleep(0.1)


@pytest.mark.parametrize("path", ["/internal/v1/users", "/metrics", "/api/v1/../../metrics"])
def test_what_is_internal_is_not_reachable(as_admin: httpx.Client, path: str) -> None:
    assert as_admin.get(path).status_code in {400, 404}


def test_forged_identity_headers_reach_no_service(
    anyone: httpx.Client, service_urls: Mapping[str, str]
) -> None:
    forged = {
        "X-User-Id": str(uuid4()),
        "X-Gateway-Assertion": "eyJhbGciOiJub25lIn0.e30.",
        "X-Gateway-User": "admin",
    }
    assert anyone.get(CASES, headers=forged).status_code == 401
    assert anyone.get(CASES, headers={"X_Gateway_Assertion": "x.y.z"}).status_code == 401
    for url in service_urls.values():
        for headers in (forged, {"X-User-Id": str(uuid4())}, {}):
            with httpx.Client(base_url=url) as direct:
                assert direct.get(CASES, headers=headers).status_code == 401
                assert direct.get("/api/v1/auth/me", headers=headers).status_code == 401


def test_a_users_token_is_refused_by_a_service_itself(
    sign_in: Callable[[str], dict[str, Any]], service_urls: Mapping[str, str]
) -> None:
    bearer = {"Authorization": f"Bearer {sign_in('viewer')['access_token']}"}
    for url in service_urls.values():
        assert httpx.get(f"{url}{CASES}", headers=bearer).status_code == 401


@pytest.mark.parametrize("path", [LOGIN, CASES])
def test_a_compressed_bomb_is_a_4xx_problem_and_is_not_decompressed(
    as_clerk: httpx.Client, target: Target, path: str
) -> None:
    bomb = gzip.compress(b" " * (BOMB_MEBIBYTES * MEBIBYTE))
    assert len(bomb) < MEBIBYTE
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    before = target.most_resident_mebibytes()
    answer = as_clerk.post(path, content=bomb, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == PROBLEM
    grown = {name: most - before[name] for name, most in target.most_resident_mebibytes().items()}
    assert max(grown.values(), default=0) < BOMB_MEBIBYTES / 4, grown


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"", {400, 422}),
        (b"{", {400}),
        (b"[]", {422}),
        (b'{"email": 1, "password": []}', {422}),
        (b'{"email": "a@b.example", "password": "x", "role": "admin"}', {422}),
        (b'{"email": "a@b.example\\u0000", "password": "x"}', {422}),
        (b'{"email": "a@b.example", "password": "' + b"x" * 2_000_000 + b'"}', {413}),
        (b"[" * 10_000, {400, 422}),
        (b"\xff\xfe\x00", {400}),
    ],
)
def test_bad_json_is_a_4xx_problem(anyone: httpx.Client, body: bytes, statuses: set[int]) -> None:
    answer = anyone.post(LOGIN, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in statuses
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    "upload",
    [
        {"file": ("return.csv", PNG, "text/csv")},
        {"file": ("return.csv", b"", "text/csv")},
        {"other": ("return.csv", b"a,b", "text/csv")},
    ],
)
def test_what_is_not_a_return_is_a_4xx_problem(
    as_clerk: httpx.Client, upload: dict[str, tuple[str, bytes, str]]
) -> None:
    answer = as_clerk.post("/api/v1/imports", files=upload)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "many"},
        {"cursor": "made-up"},
        {"court": "not-a-uuid"},
        {"filed_from": "31-02-2025"},
        {"sort": "password"},
    ],
)
def test_bad_queries_are_4xx_problems(as_clerk: httpx.Client, params: dict[str, str]) -> None:
    answer = as_clerk.get(CASES, params=params)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == PROBLEM


def test_a_second_authorization_header_is_refused(
    anyone: httpx.Client, sign_in: Callable[[str], dict[str, Any]]
) -> None:
    bearer = f"Bearer {sign_in('viewer')['access_token']}"
    twice = [("Authorization", bearer), ("Authorization", bearer)]
    answer = anyone.get(CASES, headers=twice)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == PROBLEM


def test_the_601st_request_in_a_minute_is_refused(
    new_account: Callable[[], httpx.Client],
) -> None:
    user = new_account()
    for _ in range(600):
        assert user.get("/api/v1/auth/me").status_code == 200
    refused = user.get("/api/v1/auth/me")
    assert refused.status_code == 429
    assert refused.json()["code"] == "quota-exceeded"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert '"user";q=600;w=60' in refused.headers["RateLimit-Policy"]


def test_the_merged_openapi_describes_both_services(anyone: httpx.Client) -> None:
    paths = anyone.get("/openapi.json").json()["paths"]
    assert {"/api/v1/auth/login", "/api/v1/cases", "/api/v1/imports"} <= paths.keys()
    assert not any(path.startswith("/internal") for path in paths)
    assert anyone.get("/docs").status_code == 200


# Of both services: the responses that are not JSON.
@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/api/v1/audit-events/export", "application/x-ndjson"),
        ("/docs", "text/html; charset=utf-8"),
        ("/openapi.json", "application/json"),
        ("/.well-known/jwks.json", "application/json"),
        ("/nowhere", PROBLEM),
        (CASES, "application/json"),
    ],
)
def test_an_answer_says_what_it_is(as_admin: httpx.Client, path: str, media_type: str) -> None:
    answer = as_admin.get(path)
    assert answer.headers.get_list("Content-Type") == [media_type]


@pytest.mark.parametrize("form", ["csv", "calendar"])
def test_a_list_as_text_says_in_which_charset(
    as_admin: httpx.Client, sample_case: dict[str, Any], form: str
) -> None:
    params = {"court": sample_case["court"]["id"], "date": "2026-03-02"}
    answer = as_admin.get("/api/v1/cause-lists", params=params, headers={"Accept": f"text/{form}"})
    assert answer.status_code == 200, answer.text
    assert answer.headers.get_list("Content-Type") == [f"text/{form}; charset=utf-8"]
