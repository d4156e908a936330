"""Quotas and revocation: exact, however many requests come at once."""

import json
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from uuid import uuid4

import httpx
import pytest
import redis
from conformance.conftest import COMPOSE
from conformance.edges import Edge
from conformance.upstream import RecordingUpstream

CASES = "/api/v1/cases"
LIMIT = 100
PARALLEL = 64
Bearer = Callable[..., dict[str, str]]
EdgeFactory = Callable[..., Edge]
ClientFactory = Callable[..., httpx.Client]


def test_at_64_in_parallel_a_quota_of_100_admits_exactly_100(
    own_edge: EdgeFactory,
    client_of: ClientFactory,
    upstream: RecordingUpstream,
    bearer: Bearer,
) -> None:
    edge = own_edge(QUOTA_USER=f"{LIMIT}/60")
    headers = bearer()
    limits = httpx.Limits(max_connections=PARALLEL)
    with (
        client_of(edge, timeout=30, limits=limits) as client,
        ThreadPoolExecutor(PARALLEL) as pool,
    ):
        answers = list(pool.map(lambda _: client.get(CASES, headers=headers), range(3 * LIMIT)))
    assert Counter(each.status_code for each in answers) == {200: LIMIT, 429: 2 * LIMIT}
    assert len(upstream.requests) == LIMIT
    refused = next(each for each in answers if each.status_code == 429)
    assert refused.json()["code"] == "quota-exceeded"
    assert refused.json()["violated-policies"] == ["user"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_every_answer_says_what_is_left(client: httpx.Client, bearer: Bearer) -> None:
    headers = bearer()
    for method, path, status in (
        ("GET", CASES, 200),
        ("POST", CASES, 200),
        ("GET", "/api/v1/unavailable", 503),
        ("GET", "/nowhere", 404),
        ("GET", "/docs", 200),
        ("PROPFIND", CASES, 405),
        ("GET", "/api/v1/a/..;/b", 400),
    ):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == status
        assert re.match(r'"(user|ip)";q=100000;w=60', answer.headers["RateLimit-Policy"])
        assert re.match(r'"(user|ip)";r=\d+;t=\d+', answer.headers["RateLimit"])


def test_a_refused_request_spends_no_quota_of_its_user(
    own_edge: EdgeFactory, client_of: ClientFactory, store: redis.Redis, bearer: Bearer
) -> None:
    client = client_of(own_edge(QUOTA_USER="1/60"))
    headers = bearer()
    statuses = [client.get(CASES, headers=headers).status_code for _ in range(3)]
    keys = [str(key) for key in store.scan_iter("q:user:*")]
    assert statuses == [200, 429, 429]
    assert [str(store.get(key)).split()[1] for key in keys] == ["1"]


def test_retries_and_failures_spend_one_request(
    client: httpx.Client, store: redis.Redis, bearer: Bearer
) -> None:
    assert client.get("/api/v1/unavailable", headers=bearer()).status_code == 503
    (spent,) = [str(store.get(key)).split()[1] for key in store.scan_iter("q:*")]
    assert spent == "1"


def test_a_network_has_separate_quotas_and_reads_of_users_spend_no_address(
    own_edge: EdgeFactory, session_edge: Edge, client_of: ClientFactory, bearer: Bearer
) -> None:
    """As a courthouse whose people share one address."""
    network = f"{session_edge.client_address}/32"
    quotas = {network: {"login": "3/60", "ip": "10/60"}}
    client = client_of(own_edge(QUOTA_LOGIN="1/60", NETWORK_QUOTAS=json.dumps(quotas)))
    sign_ins = [client.post("/api/v1/auth/login").status_code for _ in range(4)]
    assert sign_ins == [200, 200, 200, 429]
    reads = {client.get(CASES, headers=bearer()).status_code for _ in range(20)}
    assert reads == {200}


def test_a_browser_that_signs_in_too_often_is_sent_to_the_consoles_page(
    kind: str, own_edge: EdgeFactory, client_of: ClientFactory, tmp_path: Path
) -> None:
    console = {} if kind == COMPOSE else {"CONSOLE": str(built_console(tmp_path))}
    client = client_of(own_edge(QUOTA_LOGIN="1/60", **console))
    start = "/api/v1/auth/oidc/ministry/start"
    assert client.get(start).status_code == 200
    shown = client.get(start, headers={"Accept": "text/html,*/*;q=0.8"})
    # By the path alone: the browser stays where it is, whatever the policy's own address.
    assert (shown.status_code, shown.headers["Location"]) == (
        303,
        "/signed-in#error=quota-exceeded",
    )
    assert client.get("/signed-in").status_code == 200
    answered = client.get(start, headers={"Accept": "application/json"})
    assert (answered.status_code, answered.json()["code"]) == (429, "quota-exceeded")


def built_console(folder: Path) -> Path:
    """No more than a page."""
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Console</title>")
    return folder


@pytest.mark.quiet
@pytest.mark.parametrize(
    ("mark", "code"), [("sid", "token-revoked"), ("jti", "token-revoked"), ("sub", "token-stale")]
)
def test_a_revocation_takes_effect_within_a_second(
    client: httpx.Client, store: redis.Redis, bearer: Bearer, mark: str, code: str
) -> None:
    names = {name: str(uuid4()) for name in ("sid", "jti", "sub")}
    headers = bearer(**names)
    assert client.get(CASES, headers=headers).status_code == 200
    if mark == "sub":
        store.set(f"ver:sub:{names['sub']}", str(2**40))
    else:
        store.set(f"rev:{mark}:{names[mark]}", "1")
    set_at = monotonic()
    while (answer := client.get(CASES, headers=headers)).status_code == 200:
        assert monotonic() - set_at < 1
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
