"""What holds while a part is unavailable: Redis, the upstreams, auth, the policy, one by one."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter, sleep, time
from uuid import uuid4

import httpx
import pytest
import redis
from conformance.conftest import ORIGIN, remember
from conformance.edges import Edge
from conformance.sites import BreakableRedis, Site
from conformance.upstream import RecordingUpstream

from testkit.revocations import declare_complete
from testkit.timing import require_within

CASES = "/api/v1/cases"
SECONDS = 15.0
MOST_SECONDS = 0.3  # that a request may take because of an unavailable Redis
FAILURES = 60
Bearer = Callable[..., dict[str, str]]
EdgeFactory = Callable[..., Edge]
Speaking = Callable[[Edge], httpx.Client]
Row = tuple[str, str, str, int]
# Redis refuses its connections, or does not answer: method, path, whose token, status.
UNAVAILABLE: tuple[Row, ...] = (
    ("GET", CASES, "young", 200),
    ("GET", CASES, "old", 503),
    ("POST", CASES, "young", 503),
    ("GET", "/api/v1/users", "young", 503),
    ("POST", "/api/v1/auth/logout", "old", 200),
    ("GET", "/.well-known/x", "none", 200),
    ("POST", "/api/v1/auth/login", "none", 200),
    ("GET", CASES, "none", 401),
)
# Redis answers, and has forgotten everything (ADR 0009).
FORGOTTEN: tuple[Row, ...] = (
    ("GET", CASES, "young", 503),
    *(row for row in UNAVAILABLE if row[:3] != ("GET", CASES, "young")),
)


@pytest.fixture
def speaking_to(client_of: Callable[..., httpx.Client]) -> Speaking:
    """A client of an edge, as from a page of the allowed origin."""
    return lambda edge: client_of(edge, headers={"Origin": ORIGIN})


def expect(client: httpx.Client, bearer: Bearer, rows: tuple[Row, ...]) -> None:
    now = int(time())
    tokens = {"young": bearer(), "old": bearer(iat=now - 61, exp=now + 500), "none": {}}
    for method, path, token, status in rows:
        begun = perf_counter()
        answer = client.request(method, path, headers=tokens[token])
        seconds = perf_counter() - begun
        assert answer.status_code == status, (method, path, token, answer.text)
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["X-Request-ID"]
        require_within(seconds, MOST_SECONDS)
        if status == 503:
            assert answer.json()["code"] == "revocation-unavailable"
            assert int(answer.headers["Retry-After"]) >= 1


def until(holds: Callable[[], bool]) -> None:
    """Poll until it holds."""
    deadline = monotonic() + SECONDS
    while not holds():
        assert monotonic() < deadline
        sleep(0.05)


def works(client: httpx.Client, bearer: Bearer) -> bool:
    return client.post(CASES, headers=bearer()).status_code == 200


@pytest.mark.quiet
def test_redis_killed_and_restarted_without_its_data(
    own_edge: EdgeFactory, own_redis: BreakableRedis, bearer: Bearer, speaking_to: Speaking
) -> None:
    remember(own_redis)
    with speaking_to(own_edge(REDIS_URL=own_redis.url)) as client:
        assert works(client, bearer)
        own_redis.kill()
        expect(client, bearer, UNAVAILABLE)
        own_redis.start()
        until(lambda: client.get(CASES, headers=bearer()).status_code == 503)
        expect(client, bearer, FORGOTTEN)
        remember(own_redis)
        until(lambda: works(client, bearer))


@pytest.mark.quiet
def test_redis_paused(
    own_edge: EdgeFactory, own_redis: BreakableRedis, bearer: Bearer, speaking_to: Speaking
) -> None:
    remember(own_redis)
    with speaking_to(own_edge(REDIS_URL=own_redis.url)) as client:
        assert works(client, bearer)
        own_redis.pause()
        try:
            expect(client, bearer, UNAVAILABLE)
        finally:
            own_redis.resume()
        until(lambda: works(client, bearer))


@pytest.mark.quiet
def test_after_a_flush_of_redis_no_revoked_token_is_accepted(
    edge: Edge, store: redis.Redis, bearer: Bearer, speaking_to: Speaking
) -> None:
    session = "01990000-0000-7000-8000-000000000001"
    store.set(f"rev:sid:{session}", "1")
    with speaking_to(edge) as client:
        assert client.get(CASES, headers=bearer(sid=session)).status_code == 401
        store.flushall()
        assert client.get(CASES, headers=bearer(sid=session)).status_code == 503
        expect(client, bearer, FORGOTTEN)
        declare_complete(store)
        assert works(client, bearer)


def test_without_redis_sign_in_has_its_stricter_local_limit(
    own_edge: EdgeFactory, own_redis: BreakableRedis, speaking_to: Speaking
) -> None:
    own_redis.kill()
    edge = own_edge(REDIS_URL=own_redis.url, QUOTA_LOGIN_DEGRADED="3/60")
    with speaking_to(edge) as client:
        allowed = 3 * edge.policies
        statuses = [client.post("/api/v1/auth/login").status_code for _ in range(allowed + 2)]
    assert statuses == [200] * allowed + [429, 429]


def test_upstreams_unavailable_and_back(
    own_edge: EdgeFactory, upstream: RecordingUpstream, bearer: Bearer, speaking_to: Speaking
) -> None:
    with speaking_to(own_edge()) as client:
        assert works(client, bearer)
        upstream.stop()
        try:
            for method in ("GET", "POST"):
                answer = client.request(method, CASES, headers=bearer())
                assert answer.status_code in {502, 503}
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.json()["code"] == "upstream-unavailable"
                assert answer.json()["status"] == answer.status_code
                assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
                assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
                assert answer.headers["Proxy-Status"].startswith("masijala-gateway; error=")
                assert int(answer.headers["Retry-After"]) >= 1
                assert "RateLimit" in answer.headers
        finally:
            upstream.start()
        until(lambda: works(client, bearer))
        # Until a health check has found it well, requests may be refused; then all are served.
        until(lambda: all(works(client, bearer) for _ in range(20)))


def test_auth_unavailable_since_the_start_leaves_stored_keys(
    own_edge: EdgeFactory,
    upstream: RecordingUpstream,
    bearer: Bearer,
    speaking_to: Speaking,
    site: Site,
    tmp_path: Path,
) -> None:
    keys = site.shared_directory(tmp_path) / f"{uuid4()}.json"
    with speaking_to(own_edge(JWKS_FILE=str(keys))) as client:
        assert works(client, bearer)
    nowhere = "http://127.0.0.1:9"
    with speaking_to(own_edge(JWKS_FILE=str(keys), AUTH_URL=nowhere)) as client:
        assert works(client, bearer)
        assert client.post("/api/v1/auth/login").status_code in {502, 503}
    with speaking_to(own_edge(AUTH_URL=nowhere)) as client:
        answer = client.get(CASES, headers=bearer())
        assert (answer.status_code, answer.json()["code"]) == (503, "keys-unavailable")
        assert client.get(CASES).status_code == 401
    assert upstream.requests


def test_a_silent_upstream_is_504_and_a_dropped_connection_502(
    own_edge: EdgeFactory, bearer: Bearer, speaking_to: Speaking
) -> None:
    with speaking_to(own_edge(RESPONSE_SECONDS="0.3")) as client:
        answer = client.get("/api/v1/silent", headers=bearer())
        assert (answer.status_code, answer.json()["code"]) == (504, "upstream-timeout")
        assert int(answer.headers["Retry-After"]) >= 1
        answer = client.get("/api/v1/drop", headers=bearer())
        assert (answer.status_code, answer.json()["code"]) == (502, "upstream-unavailable")
        # A failure takes no server out: the next request is served.
        assert client.get(CASES, headers=bearer()).status_code == 200


def test_many_failures_of_one_route_leave_the_others_alone(
    own_edge: EdgeFactory, bearer: Bearer, speaking_to: Speaking
) -> None:
    silent = partial(httpx.Client.get, url="/api/v1/silent", headers=bearer())
    with (
        speaking_to(own_edge(RESPONSE_SECONDS="0.5")) as client,
        ThreadPoolExecutor(FAILURES) as many,
    ):
        for _ in range(2):
            answers = many.map(silent, [client] * FAILURES)
            assert {answer.status_code for answer in answers} == {504}
            assert works(client, bearer)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("unavailable", 503, "unavailable"),
        # ForwardAuth answers 500 for a dead policy, and Traefik selects error pages by status.
        ("broken", 502, "internal-error"),
    ],
)
def test_an_upstreams_own_failure_is_a_problem_that_may_be_read(
    client: httpx.Client, bearer: Bearer, path: str, status: int, code: str
) -> None:
    answer = client.get(f"/api/v1/{path}", headers=bearer() | {"Origin": ORIGIN})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.fixture
def without_policy(
    own_edge: EdgeFactory, upstream: RecordingUpstream, bearer: Bearer, speaking_to: Speaking
) -> Iterator[httpx.Client]:
    """A client of an edge whose policy has been killed; it comes back at the end."""
    edge = own_edge()
    with speaking_to(edge) as client:
        assert works(client, bearer)
        upstream.clear()
        edge.stop_policy(signal.SIGKILL)
        yield client
        assert upstream.requests == []
        edge.start_policy()
        until(lambda: works(client, bearer))


def test_a_stopped_policy_is_a_503_problem_with_cors(
    without_policy: httpx.Client, bearer: Bearer
) -> None:
    for method, path in (("GET", CASES), ("POST", "/api/v1/auth/login"), ("GET", "/nowhere")):
        answer = without_policy.request(method, path, headers=bearer())
        assert (answer.status_code, answer.json()["code"]) == (503, "policy-unavailable")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_with_a_stopped_policy_preflights_are_answered_so_that_the_problem_can_be_read(
    without_policy: httpx.Client,
) -> None:
    preflight = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "if-match",
    }
    for path in (CASES, "/api/v1/auth/login", "/nowhere"):
        answer = without_policy.options(path, headers=preflight)
        assert answer.status_code in {200, 204}
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        assert "if-match" in answer.headers["Access-Control-Allow-Headers"].lower()
        foreign = without_policy.options(
            path, headers=preflight | {"Origin": "https://evil.example"}
        )
        assert "Access-Control-Allow-Origin" not in foreign.headers


def test_during_maintenance_only_health_and_the_sign_in_of_administrators_work(
    own_edge: EdgeFactory, bearer: Bearer, speaking_to: Speaking
) -> None:
    closed = {"MAINTENANCE": "Back at six", "MAINTENANCE_SECONDS": "120"}
    client = speaking_to(own_edge(**closed))
    administrator = bearer(grants=[{"role": "admin", "courts": "*"}])
    for method, path, headers, status in (
        ("GET", CASES, bearer(), 503),
        ("GET", "/docs", {}, 503),
        ("GET", CASES, administrator, 200),
        ("POST", "/api/v1/auth/login", {}, 200),
        ("GET", "/livez", {}, 200),
        ("GET", "/api/v1/system/health", {}, 200),
    ):
        answer = client.request(method, path, headers=headers)
        assert (answer.status_code, path) == (status, path)
        if status == 503:
            problem = answer.json()
            assert (problem["code"], problem["detail"]) == ("maintenance", "Back at six")
            assert answer.headers["Retry-After"] == "120"
