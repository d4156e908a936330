"""Stopping under load: what is under way is finished, and nothing is answered by halves."""

import threading
from collections.abc import Callable
from time import monotonic

import pytest
from conformance.edges import Edge
from conformance.load import OK, REFUSED, Load, connection_to
from conformance.upstream import RecordingUpstream

MAY_DIFFER = (11,)  # rows of the list in docs/gateway.md
DRAINING_SECONDS = 10

Bearer = Callable[..., dict[str, str]]
EdgeFactory = Callable[..., Edge]


def test_sigterm_under_load_fails_nothing_that_is_in_flight(
    own_edge: EdgeFactory, bearer: Bearer
) -> None:
    """As behind a load balancer, which sends nothing more to an edge that says it drains.

    It looks ten times a second, and on a busy machine comes to it late.
    """
    edge = own_edge(DRAIN_SECONDS="3")
    with Load(edge, bearer(), until=lambda: edge.draining) as load:
        load.await_served(200)
        edge.terminate()
    assert load.seen() == {OK}


# Traefik resets, or leaves waiting, what its kernel holds when it stops listening.
@pytest.mark.only("embedded")
@pytest.mark.parametrize("drain_seconds", ["0", "0.3"])
def test_whoever_gets_through_to_a_stopping_edge_is_answered(
    own_edge: EdgeFactory, bearer: Bearer, drain_seconds: str
) -> None:
    """Clients that know of no drain: each is served, or finds that nobody listens."""
    edge = own_edge(DRAIN_SECONDS=drain_seconds)
    with Load(edge, bearer()) as load:
        load.await_served(200)
        edge.terminate()
    assert load.seen() == {OK, REFUSED}


def test_an_answer_that_is_still_coming_is_finished(
    own_edge: EdgeFactory, upstream: RecordingUpstream, bearer: Bearer
) -> None:
    edge = own_edge()
    connection = connection_to(edge)
    connection.request("GET", "/api/v1/imports/1/events", headers=bearer())
    answer = connection.getresponse()
    assert answer.readline() == b"data: 0\n"
    stopping = threading.Thread(target=edge.terminate)
    stopping.start()
    begun = monotonic()
    while not edge.draining:  # SIGTERM has arrived, and the answer is not over
        assert monotonic() - begun < DRAINING_SECONDS
    for number in (1, 2):
        upstream.release()
        while answer.readline() != b"data: %d\n" % number:
            assert monotonic() - begun < 10
    upstream.release()
    answer.read()
    connection.close()
    stopping.join()
