"""A real Prometheus scrapes a running stack, and finds every metric that rules and boards name."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import httpx
import pytest
import yaml
from bare_stack import UNHURRIED, bare_stack, demo_credentials
from observability.cases import CASES
from observability.failures import ALERTS, NOT_PROVOKED
from observability.prometheus import FOLDER, Prometheus, looking_back, serving, wait_for
from observability.provoking import GROUPS, JUMP, SETTINGS, Failure, Scene, disk_full
from small_disk import small_disk

from devstack.servers.ports import free_ports
from devstack.stack import Stack
from devstack.traefik import traefik_binary

JOBS: Final = ("auth", "core", "worker", "policy", "traefik")
# Shown where TLS is spoken, which this stack does not.
WITH_TLS: Final = "traefik_tls_certs_not_after"
# What is no name of a metric in an expression.
NOISE: Final = re.compile(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|ignoring|without)\s*\([^)]*\)')
FUNCTION: Final = re.compile(r"\b[a-z_0-9]+\s*(?=\()")
NAME: Final = re.compile(r"\b[a-z_:][a-z_:0-9]+\b")
OPERATORS: Final = frozenset({"and", "or", "unless"})
MEGABYTES: Final = 300


def metrics_in(expression: str) -> set[str]:
    return set(NAME.findall(FUNCTION.sub(" ", NOISE.sub(" ", expression)))) - OPERATORS


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for file in (FOLDER / "dashboards").glob("*.json"):
        for panel in json.loads(file.read_text())["panels"]:
            yield from (target["expr"] for target in panel["targets"])


def named() -> set[str]:
    """Every metric that a rule or a dashboard names."""
    return set().union(*(metrics_in(each) for each in expressions()))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def ports() -> tuple[int, int, int]:
    worker, policy, traefik = free_ports(3)
    return worker, policy, traefik


@pytest.fixture(scope="module")
def clocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Python reads at the start of each process, and from where a test moves a clock."""
    folder = tmp_path_factory.mktemp("clocks")
    (folder / "sitecustomize.py").write_text(JUMP)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def disk(home: Path) -> Iterator[Path | None]:
    """Where Postgres has its data, when that can be a separate disk."""
    with small_disk(home / "postgres", MEGABYTES) as mounted:
        yield home / "postgres" if mounted else None


@pytest.fixture(scope="module")
def stack(
    runner: asyncio.Runner,
    home: Path,
    disk: Path | None,  # noqa: ARG001 - is there first
    clocks: Path,
    ports: tuple[int, int, int],
) -> Iterator[Stack]:
    worker, policy, traefik = map(str, ports)
    environment = {
        "CORE_WORKER_PORT": worker,
        "GATEWAY_METRICS_PORT": policy,
        "GATEWAY_TRAEFIK_PORT": traefik,
        "PYTHONPATH": str(clocks),
    }
    with bare_stack(runner, home, UNHURRIED | SETTINGS | environment) as stack:
        yield stack


@pytest.fixture(scope="module")
def prometheus(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory, ports: tuple[int, int, int]
) -> Iterator[Prometheus]:
    own = stack.wiring.ports
    targets = dict(zip(JOBS, (own.auth, own.core, *ports), strict=True))
    with serving(tmp_path_factory.mktemp("prometheus"), targets) as prometheus:
        yield prometheus


def sign_in(stack: Stack, password: str) -> int:
    body = demo_credentials("clerk", password)
    return httpx.post(f"{stack.base_url}/api/v1/auth/login", json=body, timeout=30).status_code


@pytest.mark.timeout(300)
def test_every_process_is_scraped(prometheus: Prometheus) -> None:
    wait_for(prometheus.health, dict.fromkeys(JOBS, "up"))


@pytest.mark.timeout(300)
def test_every_metric_of_a_rule_or_dashboard_exists(stack: Stack, prometheus: Prometheus) -> None:
    assert sign_in(stack, stack.password) == 200
    assert sign_in(stack, "not-the-password") == 401
    assert WITH_TLS.removeprefix("traefik_").encode() in traefik_binary().read_bytes()
    wanted = named() - {WITH_TLS}
    # Without an error there is no ratio of errors.
    wanted = {name for name in wanted if not name.startswith("edge:errors:")}
    assert len(wanted) > 40
    wait_for(lambda: wanted - prometheus.names(), set())


@pytest.mark.timeout(300)
def test_a_process_that_ends_is_an_alert_and_no_other_metric_is_lost(
    stack: Stack, prometheus: Prometheus, runner: asyncio.Runner
) -> None:
    wait_for(lambda: "TargetDown" in prometheus.firing(), expected=False)
    runner.run(stack.kill("worker"))
    wait_for(lambda: "TargetDown" in prometheus.firing(), expected=True)
    assert prometheus.value('up{job="core"}') == 1
    runner.run(stack.restart("worker"))
    wait_for(lambda: "TargetDown" in prometheus.firing(), expected=False)


def test_each_failure_has_an_alert_that_is_tested() -> None:
    provoked = {name for group in GROUPS for name in group}
    assert frozenset[str]().union(*ALERTS.values()) <= {case.alert for case in CASES}
    assert provoked.isdisjoint(NOT_PROVOKED)
    assert provoked | set(NOT_PROVOKED) == {name for name, alerts in ALERTS.items() if alerts}


@pytest.fixture
def scene(stack: Stack, runner: asyncio.Runner, clocks: Path, disk: Path | None) -> Iterator[Scene]:
    with httpx.Client(base_url=f"{stack.base_url}/api/v1", timeout=60) as http:
        answer = http.post("/auth/login", json=demo_credentials("clerk", stack.password))
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Scene(stack, runner, clocks, disk, http)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: next(iter(group)))
def test_an_operator_hears_of_each_failure(
    scene: Scene, prometheus: Prometheus, group: Mapping[str, Failure]
) -> None:
    """Those of a group at once, which takes as long as the slowest; then the stack serves again."""
    if disk_full in group.values() and scene.disk is None:
        pytest.skip("needs the right to mount a small disk: run as root")
    wait_for(prometheus.health, dict.fromkeys(JOBS, "up"))
    expected = frozenset[str]().union(*(ALERTS[name] for name in group))
    wait_for(lambda: expected & firing(scene, prometheus), set())
    with ExitStack() as mended:
        for bring_about in dict.fromkeys(group.values()):
            mended.enter_context(bring_about(scene))
        wait_for(lambda: expected - firing(scene, prometheus), set())
    wait_for(lambda: serves(scene), (200, 200))
    ended = expected - looking_back()
    wait_for(lambda: ended & firing(scene, prometheus), set())


def serves(scene: Scene) -> tuple[int, int]:
    """What auth and core answer."""
    return sign_in(scene.stack, scene.stack.password), scene.call("GET", "/courts?limit=1")


def firing(scene: Scene, prometheus: Prometheus) -> set[str]:
    """The alerts while users come and a balancer probes: else the gateway misses no server."""
    httpx.get(f"{scene.stack.base_url}/readyz", timeout=30)
    scene.call("GET", "/courts?limit=1")
    return prometheus.firing()
