"""Both edges before one recording upstream: every test of this folder runs on each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from conformance.edges import Edge, EmbeddedEdge, TraefikEdge
from conformance.upstream import RecordingUpstream

from gateway.testing.issuer import ISSUER, Issuer

SECRET = "0123456789abcdef0123456789abcdef-for-tests"
ORIGIN = "http://localhost:3000"
KINDS: dict[str, Callable[..., Edge]] = {"embedded": EmbeddedEdge, "traefik": TraefikEdge}
WIDE = "100000/60"

EdgeFactory = Callable[..., Edge]


@pytest.fixture(scope="session", params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    """Which edge."""
    return str(request.param)


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def session_upstream(issuer: Issuer) -> Iterator[RecordingUpstream]:
    upstream = RecordingUpstream(issuer)
    upstream.start()
    yield upstream
    upstream.close()


@pytest.fixture
def upstream(session_upstream: RecordingUpstream) -> RecordingUpstream:
    """The upstream of `edge`, with nothing recorded yet."""
    session_upstream.clear()
    return session_upstream


def variables(upstream: str, redis_url: str, **changes: str) -> dict[str, str]:
    """Settings for an edge; quotas are wide unless the test is about them."""
    given = {
        "REDIS_URL": redis_url,
        "AUTH_URL": upstream,
        "CORE_URL": upstream,
        "ISSUER": ISSUER,
        "ASSERTION_SECRET": SECRET,
        "ALLOWED_ORIGINS": rf"{ORIGIN},regex:^https://[a-z]+\.courts\.example$",
        **dict.fromkeys(("QUOTA_USER", "QUOTA_IP", "QUOTA_LOGIN", "QUOTA_TOKEN"), WIDE),
        **dict.fromkeys(("QUOTA_WRITE", "QUOTA_UPLOAD"), "off"),
        "RESPONSE_SECONDS": "2",
    }
    return {f"GATEWAY_{name}": value for name, value in (given | changes).items()}


@pytest.fixture(scope="session")
def session_edge(
    kind: str,
    session_upstream: RecordingUpstream,
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Edge]:
    edge = KINDS[kind](tmp_path_factory.mktemp(kind), variables(session_upstream.url, redis_url))
    _remember(redis_url)
    try:
        edge.start()
        yield edge
    finally:
        edge.stop()


@pytest.fixture
def store(clean_redis_url: str) -> Iterator[redis.Redis]:
    """The Valkey of `edge`, with a revocation store that auth has filled and no quota spent."""
    _remember(clean_redis_url)
    with redis.Redis.from_url(clean_redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def edge(
    session_edge: Edge,
    upstream: RecordingUpstream,  # noqa: ARG001 - with nothing recorded yet
    store: redis.Redis,  # noqa: ARG001 - with nothing spent yet
) -> Edge:
    """An edge with wide quotas that all tests share; who breaks something takes `own_edge`."""
    return session_edge


@pytest.fixture
def own_edge(
    kind: str,
    upstream: RecordingUpstream,
    redis_url: str,
    store: redis.Redis,  # noqa: ARG001 - with nothing spent yet
    tmp_path: Path,
) -> Iterator[EdgeFactory]:
    """Starts an edge of the test's own; keyword arguments are GATEWAY_ variables."""
    started: list[Edge] = []

    def make(**changes: str) -> Edge:
        given = {"REDIS_URL": redis_url} | changes
        edge = KINDS[kind](tmp_path, variables(upstream.url, **_lowered(given)))
        started.append(edge)
        edge.start()
        return edge

    yield make
    for edge in started:
        edge.stop()


def _lowered(given: dict[str, str]) -> dict[str, Any]:
    return {("redis_url" if name == "REDIS_URL" else name): text for name, text in given.items()}


@pytest.fixture
def client(edge: Edge) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=edge.url, timeout=10, trust_env=False) as each:
        yield each


@pytest.fixture
def bearer(issuer: Issuer) -> Callable[..., dict[str, str]]:
    """The header of a fresh token; arguments change its claims."""
    return lambda **claims: {"Authorization": f"Bearer {issuer.token(**claims)}"}


def _remember(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.set("rev:generation", "1")
