"""Listening sockets that take no new connections, and lose none that have come."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from common.packet_filters import let_all_take, let_others_take
from devstack.servers.ports import LOOPBACK

CLIENTS = 40


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as closing:
        yield closing


def listen(closing: ExitStack, port: int = 0) -> socket.socket:
    listener = closing.enter_context(socket.socket())
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((LOOPBACK, port))
    listener.listen(CLIENTS)
    listener.setblocking(False)
    return listener


def connect(closing: ExitStack, to: socket.socket, seconds: float = 5) -> socket.socket:
    return closing.enter_context(socket.create_connection(to.getsockname(), seconds))


def taken(closing: ExitStack, listener: socket.socket) -> int:
    """How many connections wait to be taken."""
    count = 0
    while True:
        try:
            closing.enter_context(listener.accept()[0])
        except BlockingIOError:
            return count
        count += 1


def test_new_connections_go_to_the_other_listener_of_the_port(closing: ExitStack) -> None:
    old = listen(closing)
    new = listen(closing, old.getsockname()[1])
    for _ in range(CLIENTS):
        connect(closing, old)
    before = taken(closing, old)
    assert before + taken(closing, new) == CLIENTS
    let_others_take(old)
    for _ in range(CLIENTS):
        connect(closing, old)
    assert (taken(closing, old), taken(closing, new)) == (0, CLIENTS)
    let_all_take(old)
    for _ in range(CLIENTS):
        connect(closing, old)
    assert taken(closing, old) > 0


def test_a_listener_that_is_alone_goes_on_taking_connections(closing: ExitStack) -> None:
    alone = listen(closing)
    let_others_take(alone)
    for _ in range(CLIENTS):
        connect(closing, alone)
    assert taken(closing, alone) == CLIENTS
