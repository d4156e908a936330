"""Slow clients, and a service that hangs: each is cut off in time, and no other client waits."""

import resource
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from conformance.edges import Edge
from conformance.upstream import RecordingUpstream
from conformance.wire import connect, open_websocket, request

from testkit.gateway.issuer import Issuer
from testkit.timing import require_within

LIMIT = 4  # seconds, in place of the 300 and 600 that are the defaults
LATE = 3.0  # that a busy machine may add
MOST_SECONDS = 1.0  # that a request of others may take; one that waited for a slow peer takes 4
SLOW = 10
IDLE = 2000
CASES = "/api/v1/cases"
OTHERS = "/api/v1/users"  # of auth, where the slow are core's
Bearer = Callable[..., dict[str, str]]
EdgeFactory = Callable[..., Edge]
ClientFactory = Callable[..., httpx.Client]

pytestmark = pytest.mark.quiet


def timed_get(client: httpx.Client, path: str, headers: dict[str, str]) -> tuple[int, float]:
    """Status and seconds."""
    begun = monotonic()
    return client.get(path, headers=headers).status_code, monotonic() - begun


def expect_prompt(
    client: httpx.Client, headers: dict[str, str], path: str, goes_on: Callable[[], bool]
) -> None:
    """As long as it goes on, requests of others are served without waiting for it."""
    answers = [timed_get(client, path, headers)]
    while goes_on():
        answers.append(timed_get(client, path, headers))
        sleep(0.02)  # others, not a load
    assert {status for status, _ in answers} == {200}
    slowest = max(seconds for _, seconds in answers)
    print(f"{len(answers)} requests of others, the slowest {slowest:.3f} s")  # noqa: T201 - the figure
    require_within(slowest, MOST_SECONDS)


def running(calls: Sequence[Future[Any]]) -> Callable[[], bool]:
    return lambda: not all(call.done() for call in calls)


def drip(edge: Edge, head: bytes) -> float:
    """Send a byte a second after the head; how many seconds until the edge closes."""
    begun = monotonic()
    with connect(edge) as connection:
        connection.sendall(head)
        connection.settimeout(1)
        while monotonic() - begun < 10 * LIMIT:
            try:
                connection.sendall(b"x")
                if not connection.recv(65536):
                    break
            except TimeoutError:
                continue
            except OSError:  # reset, since what we send is no longer read
                break
    return monotonic() - begun


@pytest.mark.parametrize(
    "last_line",
    ["Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2710\r\n", "X-Slow: "],
    ids=["declared body", "chunked body", "head"],
)
def test_an_upload_at_a_byte_a_second_is_cut_off(
    own_edge: EdgeFactory,
    client_of: ClientFactory,
    issuer: Issuer,
    bearer: Bearer,
    last_line: str,
) -> None:
    edge = own_edge(REQUEST_SECONDS=str(LIMIT))
    lines = (
        "POST /api/v1/imports HTTP/1.1",
        "Host: edge",
        f"Authorization: Bearer {issuer.token()}",
    )
    head = request(*lines).removesuffix(b"\r\n") + last_line.encode()
    with ThreadPoolExecutor(SLOW) as pool:
        dripping = [pool.submit(drip, edge, head) for _ in range(SLOW)]
        expect_prompt(client_of(edge), bearer(), CASES, running(dripping))
    seconds = [each.result() for each in dripping]
    assert min(seconds) >= LIMIT - 0.5
    require_within(max(seconds), LIMIT + LATE)


def test_a_reader_that_never_reads_is_cut_off_and_a_websocket_is_not(
    own_edge: EdgeFactory,
    client_of: ClientFactory,
    upstream: RecordingUpstream,
    issuer: Issuer,
    bearer: Bearer,
) -> None:
    edge = own_edge(WRITE_SECONDS=str(LIMIT))
    token = issuer.token()
    lines = ("GET /api/v1/flood HTTP/1.1", "Host: edge", f"Authorization: Bearer {token}")
    readers = 3
    begun = monotonic()
    with ExitStack() as stack:
        websocket = stack.enter_context(open_websocket(edge, "/api/v1/socket", bearer()))
        for _ in range(readers):
            stack.enter_context(connect(edge)).sendall(request(*lines))

        def goes_on() -> bool:
            assert monotonic() - begun < 10 * LIMIT
            return len(upstream.floods_cut) < readers

        # To the service too the connection ends, so that nothing holds it either.
        expect_prompt(client_of(edge), bearer(), CASES, goes_on)
        websocket.send("as long as it likes")
        assert websocket.recv(timeout=5) == "as long as it likes"
    seconds = [at - begun for at in upstream.floods_cut]
    assert min(seconds) >= LIMIT - 0.5
    require_within(max(seconds), LIMIT + LATE)


@pytest.fixture
def core(second_upstream: RecordingUpstream) -> Iterator[RecordingUpstream]:
    yield second_upstream
    second_upstream.thaw()


def test_a_half_open_service_is_504_until_the_health_check_finds_it(
    own_edge: EdgeFactory, client_of: ClientFactory, core: RecordingUpstream, bearer: Bearer
) -> None:
    """It accepts connections and never answers."""
    edge = own_edge(CORE_URL=core.url, RESPONSE_SECONDS="1")
    client, headers = client_of(edge), bearer()
    assert client.get(CASES, headers=headers).status_code == 200
    core.freeze()
    with ThreadPoolExecutor(SLOW) as pool:
        waiting = [pool.submit(timed_get, client, CASES, headers) for _ in range(SLOW)]
        expect_prompt(client_of(edge), headers, OTHERS, running(waiting))
    answers = [call.result() for call in waiting]
    assert {status for status, _ in answers} == {504}
    require_within(max(seconds for _, seconds in answers), 1 + LATE)

    def is_taken_out() -> bool:
        status, seconds = timed_get(client, CASES, headers)
        return status == 503 and seconds < MOST_SECONDS

    expect_prompt(client_of(edge), headers, OTHERS, lambda: not is_taken_out())
    core.thaw()
    deadline = monotonic() + 10
    while client.get(CASES, headers=headers).status_code != 200:
        assert monotonic() < deadline
        sleep(0.05)


def test_two_thousand_idle_connections_delay_no_request(
    edge: Edge, client_of: ClientFactory, bearer: Bearer
) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(edge)) for _ in range(IDLE)]
        left = iter(range(50))
        expect_prompt(client_of(edge), bearer(), CASES, lambda: next(left, None) is not None)
        assert not [each for each in idle[::100] if is_closed(each)]


def is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except OSError:  # there is nothing to read: it is open
        return False
