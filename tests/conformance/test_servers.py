"""Two servers of one service: they share its requests, and one that is lost costs no GET."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import httpx
import pytest
from conformance.edges import Edge
from conformance.load import OK, Load
from conformance.upstream import RecordingUpstream

CASES = "/api/v1/cases"
REQUESTS = 400
Bearer = Callable[..., dict[str, str]]
ClientFactory = Callable[..., httpx.Client]


@pytest.fixture
def two_servers(
    own_edge: Callable[..., Edge], upstream: RecordingUpstream, second_upstream: RecordingUpstream
) -> Edge:
    return own_edge(CORE_SERVERS=f"{upstream.url},{second_upstream.url}")


def test_they_share_evenly(
    two_servers: Edge,
    upstream: RecordingUpstream,
    second_upstream: RecordingUpstream,
    client_of: ClientFactory,
    bearer: Bearer,
) -> None:
    client, headers = client_of(two_servers), bearer()
    upstream.clear()
    second_upstream.clear()
    with ThreadPoolExecutor(8) as pool:
        statuses = set(
            pool.map(lambda _: client.get(CASES, headers=headers).status_code, range(REQUESTS))
        )
    assert statuses == {200}
    shares = (len(upstream.requests), len(second_upstream.requests))
    assert sum(shares) == REQUESTS
    assert max(shares) <= 1.1 * REQUESTS / 2


def test_one_is_killed_under_load(
    two_servers: Edge, second_upstream: RecordingUpstream, bearer: Bearer
) -> None:
    with Load(two_servers, bearer()) as load:
        load.await_served(100)
        killed = monotonic()
        second_upstream.stop()
        load.expect_calm()
    assert load.seen() <= {OK, "502", "503"}
    lost = [at - killed for at, outcome in load.outcomes if outcome != OK]
    figures = (
        f"{len(lost)} of {len(load.outcomes)} failed, the last {max(lost, default=0):.2f} s after"
    )
    print(figures)  # noqa: T201 - the figure
    assert max(lost, default=0) < 3
