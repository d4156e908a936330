"""A real Prometheus scrapes a running stack, and finds every metric that rules and boards name."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from bare_stack import UNHURRIED, bare_stack, demo_credentials

from devstack.servers.ports import LOOPBACK, free_ports
from devstack.stack import Stack
from devstack.traefik import traefik_binary

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "observability"
JOBS: Final = ("auth", "core", "worker", "policy", "traefik")
# Shown where TLS is spoken, which this stack does not.
WITH_TLS: Final = "traefik_tls_certs_not_after"
# What is no name of a metric in an expression.
NOISE: Final = re.compile(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|ignoring|without)\s*\([^)]*\)')
FUNCTION: Final = re.compile(r"\b[a-z_0-9]+\s*(?=\()")
NAME: Final = re.compile(r"\b[a-z_:][a-z_:0-9]+\b")
OPERATORS: Final = frozenset({"and", "or", "unless"})
SECONDS: Final = 90


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


class Prometheus:
    """A running server, by its API."""

    def __init__(self, port: int) -> None:
        self.http = httpx.Client(base_url=f"http://{LOOPBACK}:{port}/api/v1", timeout=10)

    def get(self, path: str, **parameters: str) -> Any:
        return self.http.get(path, params=parameters).json()["data"]

    def names(self) -> set[str]:
        return set(self.get("/label/__name__/values"))

    def value(self, expression: str) -> float | None:
        result = self.get("/query", query=expression)["result"]
        return float(result[0]["value"][1]) if result else None

    def alerts(self) -> set[str]:
        return {alert["labels"]["alertname"] for alert in self.get("/alerts")["alerts"]}

    def health(self) -> dict[str, str]:
        targets = self.get("/targets")["activeTargets"]
        return {target["labels"]["job"]: target["health"] for target in targets}


def wait_for(actual: Callable[[], object], expected: object) -> None:
    deadline = time.monotonic() + SECONDS
    while actual() != expected:
        if time.monotonic() > deadline:
            assert actual() == expected
        time.sleep(0.3)


def configuration(targets: dict[str, int]) -> str:
    """The example's, with these targets and shorter intervals."""
    document = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    document["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    document["rule_files"] = [str(FOLDER / "rules.yml")]
    del document["alerting"]
    for job in document["scrape_configs"]:
        job["static_configs"] = [{"targets": [f"{LOOPBACK}:{targets.pop(job['job_name'])}"]}]
    assert targets == {}
    return yaml.safe_dump(document)


@contextmanager
def serving(folder: Path, targets: dict[str, int]) -> Iterator[Prometheus]:
    (port,) = free_ports(1)
    (folder / "prometheus.yml").write_text(configuration(targets))
    command = (
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={LOOPBACK}:{port}",
    )
    with (folder / "prometheus.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - a fixed command
    try:
        prometheus = Prometheus(port)
        with prometheus.http:
            wait_for(lambda: process.poll() is None and _answers(prometheus), expected=True)
            yield prometheus
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(prometheus: Prometheus) -> bool:
    try:
        return prometheus.http.get("/status/buildinfo").is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def ports() -> tuple[int, int, int]:
    worker, policy, traefik = free_ports(3)
    return worker, policy, traefik


@pytest.fixture(scope="module")
def stack(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory, ports: tuple[int, int, int]
) -> Iterator[Stack]:
    worker, policy, traefik = map(str, ports)
    environment = {
        "CORE_WORKER_PORT": worker,
        "GATEWAY_METRICS_PORT": policy,
        "GATEWAY_TRAEFIK_PORT": traefik,
    }
    with bare_stack(runner, tmp_path_factory.mktemp("home"), UNHURRIED | environment) as stack:
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
    return httpx.post(f"{stack.base_url}/api/v1/auth/login", json=body).status_code


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
    wait_for(prometheus.alerts, {"Watchdog"})
    runner.run(stack.kill("worker"))
    wait_for(lambda: "TargetDown" in prometheus.alerts(), expected=True)
    assert prometheus.value('up{job="core"}') == 1
    runner.run(stack.restart("worker"))
    wait_for(lambda: "TargetDown" in prometheus.alerts(), expected=False)
