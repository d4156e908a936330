"""Stopping under load: what is under way is finished, and nothing is answered by halves."""

import threading
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic, sleep
from typing import Self
from urllib.parse import urlsplit

from conformance.edges import Edge, tls_of
from conformance.upstream import RecordingUpstream

WORKERS = 16
Bearer = Callable[..., dict[str, str]]
EdgeFactory = Callable[..., Edge]


def connection_to(edge: Edge) -> HTTPConnection:
    """A connection that is not made yet."""
    address = urlsplit(edge.url)
    host, port = address.hostname or "", address.port
    context = tls_of(edge)
    if context is None:
        return HTTPConnection(host, port, timeout=10)
    return HTTPSConnection(host, port, timeout=10, context=context)


class Load:
    """Requests in a loop, each on a connection of its own, as from behind a load balancer.

    A balancer sends nothing more to an edge that says it drains; it looks every tenth of a second.
    """

    def __init__(self, edge: Edge, headers: dict[str, str]) -> None:
        self._edge = edge
        self._headers = headers
        self._stop = threading.Event()
        self.served = 0
        self.failed: list[str] = []
        self._threads = [
            threading.Thread(target=self._watch),
            *(threading.Thread(target=self._work) for _ in range(WORKERS)),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()

    def _watch(self) -> None:
        while not self._edge.draining:
            sleep(0.1)
        self._stop.set()

    def _work(self) -> None:
        connection = connection_to(self._edge)
        while not self._stop.is_set():
            try:
                connection.request("GET", "/api/v1/cases", headers=self._headers)
                answer = connection.getresponse()
                answer.read()
            except (HTTPException, OSError) as error:
                self.failed.append(repr(error))
                return
            if answer.status != 200:
                self.failed.append(str(answer.status))
            self.served += 1
            connection.close()


def test_sigterm_under_load_fails_nothing_that_is_in_flight(
    own_edge: EdgeFactory, bearer: Bearer
) -> None:
    edge = own_edge(DRAIN_SECONDS="1")
    with Load(edge, bearer()) as load:
        while load.served < 200:
            sleep(0.01)
        edge.terminate()
    assert load.failed == []
    assert load.served >= 200


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
    for number in (1, 2):
        upstream.release()
        while answer.readline() != b"data: %d\n" % number:
            assert monotonic() - begun < 10
    upstream.release()
    answer.read()
    connection.close()
    stopping.join()
