"""Health checks that are answered late, as on a machine under load: no request fails of it.

Traefik is before two servers of core, and two in the place of policy services.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.request import urlopen

import pytest
import redis
from conformance.conftest import PATIENT, variables
from conformance.edges import LOOPBACK, ProcessEdge
from conformance.load import OK, Load
from conformance.upstream import RecordingUpstream

from devstack.servers.ports import free_ports
from gateway.traefik.services import Servers
from testkit.gateway.issuer import Issuer
from testkit.revocations import declare_complete

LATE: Final = 3.0
CHECKS: Final = 5
SECONDS: Final = 30.0
# Two checks, a second after each other, and the time of a busy machine.
NOTICED_SECONDS: Final = 3.0
# Traefik's own, until a server that is out is known to be the last of its group (ADR 0037).
BETWEEN: Final = "503 that is no problem"
UP: Final = re.compile(r'^traefik_service_server_up\{.*url="([^"]+)"\} (\d)', re.MULTILINE)
Replicas = Mapping[str, Sequence[RecordingUpstream]]


class EdgeOfReplicas(ProcessEdge):
    """Traefik alone: `servers` has those that stand for the policy service."""

    def start_policy(self) -> None:
        """They run already."""

    def out(self) -> set[str]:
        """The servers that failed a check."""
        port = self.settings["GATEWAY_TRAEFIK_PORT"]
        with urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=2) as answer:
            return {url for url, up in UP.findall(answer.read().decode()) if up == "0"}


def expect_no_failure(load: Load) -> None:
    print(load.figures)  # noqa: T201 - the figure
    assert set(load.figures) == {OK}, load.figures


def until(holds: Callable[[], bool], seconds: float = SECONDS) -> None:
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline
        sleep(0.02)


def await_checks(servers: Sequence[RecordingUpstream], times: int) -> None:
    """Wait until each has answered so many more."""
    enough = {each.url: each.checks + times for each in servers}
    until(lambda: all(each.checks >= enough[each.url] for each in servers))


@pytest.fixture
def replicas(issuer: Issuer) -> Iterator[Replicas]:
    made = {part: [RecordingUpstream(issuer) for _ in range(2)] for part in ("core", "policy")}
    every = [each for pair in made.values() for each in pair]
    for each in every:
        each.start()
    yield made
    for each in every:
        each.close()


@pytest.fixture
def edge_of_replicas(replicas: Replicas, tmp_path: Path) -> Iterator[EdgeOfReplicas]:
    urls = {part: [each.url for each in pair] for part, pair in replicas.items()}
    servers: Servers = {**urls, "auth": urls["core"]}
    (balancer,) = free_ports(1)
    # No longer than for an answer does Traefik wait for that to a check.
    changes = {"POLICY_BALANCER_PORT": str(balancer), "RESPONSE_SECONDS": "30"}
    settings = variables(urls["core"][0], "redis://127.0.0.1:1/0", **changes)
    edge = EdgeOfReplicas(tmp_path, settings, tls=False, servers=servers)
    edge.start()
    yield edge
    edge.stop()


def test_late_answers_to_health_checks_fail_no_request(
    edge_of_replicas: EdgeOfReplicas, replicas: Replicas
) -> None:
    every = [each for pair in replicas.values() for each in pair]
    with Load(edge_of_replicas, {}) as load:
        load.await_served(100)
        for each in every:
            each.ready_after = LATE
        until(lambda: {each.url for each in every} <= edge_of_replicas.out())
        await_checks(every, CHECKS)
        load.stop()
    expect_no_failure(load)


def test_one_drains_and_ends_while_the_other_answers_late(
    edge_of_replicas: EdgeOfReplicas, replicas: Replicas
) -> None:
    """As in an upgrade or a rotation: the first of each pair is being replaced."""
    ending, others = zip(*replicas.values(), strict=True)
    with Load(edge_of_replicas, {}) as load:
        load.await_served(100)
        for each in others:
            each.ready_after = LATE
        until(lambda: {each.url for each in others} <= edge_of_replicas.out())
        for each in ending:
            each.draining = True
        until(lambda: {each.url for each in ending} <= edge_of_replicas.out())
        until(lambda: not new_requests(ending, load, 50), NOTICED_SECONDS)
        assert not new_requests(ending, load, 200)
        for each in ending:
            each.stop()
        load.await_next(500)
        load.stop()
    expect_no_failure(load)


def test_when_the_late_ones_end_too_requests_are_problems_at_once(
    replicas: Replicas, redis_url: str, tmp_path: Path, bearer: Callable[..., dict[str, str]]
) -> None:
    """With a real policy service, which says so."""
    pair = replicas["core"]
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        declare_complete(client)
    changes = {"CORE_SERVERS": ",".join(each.url for each in pair), "RESPONSE_SECONDS": "30"}
    edge = ProcessEdge(tmp_path, variables(pair[0].url, redis_url, **PATIENT, **changes), tls=False)
    edge.start()
    try:
        with Load(edge, bearer()) as load:
            load.await_served(100)
            for each in pair:
                each.ready_after = LATE
            await_checks(pair, 2)
            ended = monotonic()
            for each in pair:
                each.stop()
            until(lambda: monotonic() > ended + NOTICED_SECONDS + 0.5)
            load.stop()
    finally:
        edge.stop()
    before = {outcome for at, outcome in load.outcomes if at < ended}
    assert before == {OK}
    assert load.seen(ended) <= {OK, "502", "503", BETWEEN}
    # Requests that are on the way at that moment: no more than one of each worker.
    assert load.figures.get(BETWEEN, 0) <= load.workers
    assert load.seen(ended + NOTICED_SECONDS) == {"503"}


def new_requests(servers: Sequence[RecordingUpstream], load: Load, among: int) -> int:
    """How many of the next requests these servers get."""
    for each in servers:
        each.clear()
    load.await_next(among)
    return sum(len(each.requests) for each in servers)
