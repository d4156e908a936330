"""Restarts behind the edge under load: 503 while a service is down, and no failures afterwards."""

import signal
from collections.abc import Callable
from time import monotonic

import pytest
from conformance.edges import Edge
from conformance.load import OK, Load
from conformance.upstream import RecordingUpstream

GAP = {"502", "503"}
Bearer = Callable[..., dict[str, str]]
EdgeFactory = Callable[..., Edge]


def test_a_service_is_killed_and_comes_back(
    own_edge: EdgeFactory, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    """The upstream stands for auth and core; `tests/failure` kills the real ones."""
    with Load(own_edge(), bearer()) as load:
        load.await_served(100)
        killed = monotonic()
        upstream.stop()
        try:
            load.await_outcome(GAP, killed)
        finally:
            upstream.start()
        load.expect_calm()
    assert load.seen() <= {OK, *GAP}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_policy_is_stopped_and_comes_back(
    own_edge: EdgeFactory, bearer: Bearer, number: signal.Signals
) -> None:
    edge = own_edge(DRAIN_SECONDS="0")
    with Load(edge, bearer()) as load:
        load.await_served(100)
        stopped = monotonic()
        edge.stop_policy(number)
        load.await_outcome({"503"}, stopped)
        edge.start_policy()
        load.expect_calm()
    assert load.seen() == {OK, "503"}
