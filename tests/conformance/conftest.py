"""The edge before a recording upstream: Traefik with the policy behind it.

Every test of this folder runs against processes, over plain HTTP as in `make run` and over TLS with
HTTP/2; with STACK=compose, against the containers of docker-compose.yml.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
import redis
from conformance.containers import ComposeProject, ContainerRedis
from conformance.edges import Edge, tls_of
from conformance.sites import BreakableRedis, Site
from conformance.upstream import RecordingUpstream

from testkit.gateway.issuer import ISSUER, Issuer
from testkit.quiet import is_quiet
from testkit.revocations import declare_complete

SECRET = "0123456789abcdef0123456789abcdef-for-tests"
ORIGIN = "http://localhost:3000"
PLAIN, TLS, COMPOSE = "plain", "tls", "compose"
KINDS = [COMPOSE] if os.environ.get("STACK") == COMPOSE else [PLAIN, TLS]
# For what the edge that speaks plain HTTP does not have.
TLS_ONLY = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind != PLAIN], indirect=True, scope="session"
)
WIDE = "100000/60"
# A path of each service.
SERVED = ("/api/v1/cases", "/api/v1/auth/login")
SERVED_SECONDS = 30
UNAVAILABLE = 503
# A longer Redis timeout, for busy machines; tests that break Redis use the default.
PATIENT = {"REDIS_TIMEOUT_SECONDS": "2"}

EdgeFactory = Callable[..., Edge]
ClientFactory = Callable[..., httpx.Client]


@pytest.hookimpl(trylast=True)  # when the order is random already
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of containers there is one edge at a time: the one that tests share comes first."""
    if KINDS == [COMPOSE]:
        items.sort(key=lambda item: (is_quiet(item), _has_own_edge(item)))


def _has_own_edge(item: pytest.Item) -> bool:
    return "own_edge" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """How clients reach the edge, and where it runs."""
    return str(request.param)


@pytest.fixture(scope="session")
def site(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Where the edge runs."""
    if kind != COMPOSE:
        yield Site(request.getfixturevalue("redis_url"), kind == TLS)
        return
    project = ComposeProject(tmp_path_factory.mktemp("compose"))
    try:
        project.begin()
        yield Site(project.redis_url, tls=True, project=project)
    finally:
        project.down()


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def session_upstream(site: Site, issuer: Issuer) -> Iterator[RecordingUpstream]:
    upstream = RecordingUpstream(issuer, *site.upstream_addresses)
    upstream.start()
    yield upstream
    upstream.close()


@pytest.fixture
def upstream(session_upstream: RecordingUpstream) -> RecordingUpstream:
    """The upstream of `edge`, with nothing recorded yet."""
    session_upstream.clear()
    return session_upstream


@pytest.fixture
def second_upstream(site: Site, issuer: Issuer) -> Iterator[RecordingUpstream]:
    """A second server, or another service, for one test."""
    upstream = RecordingUpstream(issuer, *site.upstream_addresses)
    upstream.start()
    yield upstream
    upstream.close()


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
    site: Site,
    session_upstream: RecordingUpstream,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Edge]:
    settings = variables(session_upstream.url, site.redis_url, **PATIENT)
    edge = site.edge(tmp_path_factory.mktemp(kind), settings)
    yield edge
    edge.stop()


@pytest.fixture
def store(site: Site) -> Iterator[redis.Redis]:
    """The Redis of `edge`, with a revocation store filled by auth and unused quotas."""
    with redis.Redis.from_url(site.redis_url, decode_responses=True) as client:
        client.flushall()
        declare_complete(client)
        yield client


def remember(server: BreakableRedis) -> None:
    """As after auth has filled the revocation store."""
    with redis.Redis.from_url(server.url) as client:
        declare_complete(client)


@pytest.fixture
def own_redis(site: Site, request: pytest.FixtureRequest) -> Iterator[BreakableRedis]:
    """An empty Redis that the test may break, for its own edge."""
    if site.project is None:
        yield request.getfixturevalue("private_valkey")
        return
    with redis.Redis.from_url(site.redis_url) as client:
        client.flushall()
    server = ContainerRedis(site.project, site.redis_url)
    yield server
    with suppress(AssertionError):  # it is not paused
        server.resume()
    server.start()


@pytest.fixture
def edge(
    session_edge: Edge,
    upstream: RecordingUpstream,
    store: redis.Redis,
    client_of: ClientFactory,
    issuer: Issuer,
) -> Edge:
    """An edge with wide quotas that all tests share; tests that break something use `own_edge`."""
    session_edge.start()
    _until_served(client_of(session_edge), {"Authorization": f"Bearer {issuer.token()}"})
    upstream.clear()
    store.delete(*store.keys("q:*"))
    return session_edge


def _until_served(client: httpx.Client, headers: dict[str, str]) -> None:
    """Wait until Traefik's health checks have found the upstream that the test before stopped."""
    deadline = monotonic() + SERVED_SECONDS
    while any(client.post(path, headers=headers).status_code == UNAVAILABLE for path in SERVED):
        assert monotonic() < deadline
        sleep(0.1)


@pytest.fixture
def own_edge(
    site: Site,
    upstream: RecordingUpstream,
    store: redis.Redis,  # noqa: ARG001 - with unused quotas
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[EdgeFactory]:
    """Starts an edge for one test; keyword arguments are GATEWAY_ variables."""
    started: list[Edge] = []

    def make(**changes: str) -> Edge:
        patience = {} if "REDIS_URL" in changes else PATIENT
        redis_url = changes.pop("REDIS_URL", site.redis_url)
        settings = variables(upstream.url, redis_url, **patience, **changes)
        edge = site.edge(tmp_path_factory.mktemp("own"), settings)
        started.append(edge)
        edge.start()
        return edge

    yield make
    for edge in started:
        edge.stop()


@pytest.fixture
def client_of() -> Iterator[ClientFactory]:
    """Makes clients of an edge; closes them at the end."""
    made: list[httpx.Client] = []

    def make(edge: Edge, **options: Any) -> httpx.Client:
        verify = tls_of(edge) or True
        client = httpx.Client(
            base_url=edge.url, verify=verify, trust_env=False, **({"timeout": 10} | options)
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(edge: Edge, client_of: ClientFactory) -> httpx.Client:
    return client_of(edge)


@pytest.fixture
def bearer(issuer: Issuer) -> Callable[..., dict[str, str]]:
    """The header of a fresh token; arguments change its claims."""
    return lambda **claims: {"Authorization": f"Bearer {issuer.token(**claims)}"}
