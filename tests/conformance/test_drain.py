"""Stopping under load: running requests are finished, and no response is cut off."""

import threading
from collections.abc import Callable
from time import monotonic

from conformance.edges import Edge
from conformance.load import OK, Load, connection_to
from conformance.upstream import RecordingUpstream

DRAINING_SECONDS = 10

Bearer = Callable[..., dict[str, str]]
EdgeFactory = Callable[..., Edge]


def test_sigterm_under_load_fails_nothing_that_is_in_flight(
    own_edge: EdgeFactory, bearer: Bearer
) -> None:
    """As behind a load balancer, which stops sending requests to an edge that is draining.

    It looks ten times a second, and on a busy machine comes to it late.
    """
    edge = own_edge(DRAIN_SECONDS="3")
    with Load(edge, bearer(), until=lambda: edge.draining) as load:
        load.await_served(200)
        edge.terminate()
    assert load.seen() == {OK}


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
