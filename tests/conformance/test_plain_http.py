"""With TLS configured, requests without it are refused, so that no program depends on them."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from conformance.conftest import ORIGIN, TLS_ONLY
from conformance.edges import Edge
from conformance.upstream import RecordingUpstream

pytestmark = TLS_ONLY
Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def plain(edge: Edge) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=edge.plain_url, timeout=10, trust_env=False) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/cases"),
        ("POST", "/api/v1/auth/login"),
        ("GET", "/openapi.json"),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/nowhere"),
    ],
)
def test_a_program_is_refused_and_not_sent_on(
    plain: httpx.Client,
    upstream: RecordingUpstream,
    bearer: Bearer,
    method: str,
    path: str,
) -> None:
    answer = plain.request(method, path, headers=bearer() | {"Origin": ORIGIN})
    assert (answer.status_code, answer.json()["code"]) == (403, "tls-required")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["X-Request-ID"]
    assert upstream.requests == []


def test_people_are_sent_on_and_load_balancers_answered(edge: Edge, plain: httpx.Client) -> None:
    answer = plain.get("/docs?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{edge.url}/docs?x=1")
    assert plain.get("/livez").status_code == 200
