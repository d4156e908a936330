"""A real Prometheus scrapes a running stack, and finds every metric that rules and boards name."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from bare_stack import UNHURRIED, bare_stack, demo_credentials
from observability.cases import CASES
from observability.failures import ALERTS, PROVOKED

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

    def firing(self) -> set[str]:
        alerts = self.get("/alerts")["alerts"]
        return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}

    def health(self) -> dict[str, str]:
        targets = self.get("/targets")["activeTargets"]
        return {target["labels"]["job"]: target["health"] for target in targets}


def wait_for(actual: Callable[[], object], expected: object) -> None:
    deadline = time.monotonic() + SECONDS
    while actual() != expected:
        if time.monotonic() > deadline:
            assert actual() == expected
        time.sleep(0.3)


def impatient_rules() -> str:
    """The rules, whose alerts fire at once."""
    document = yaml.safe_load((FOLDER / "rules.yml").read_text())
    for group in document["groups"]:
        for rule in group["rules"]:
            rule.pop("for", None)
    return yaml.safe_dump(document)


def configuration(targets: dict[str, int], rules: str) -> str:
    """The example's, with these targets and shorter intervals."""
    document = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    document["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    document["rule_files"] = [rules]
    del document["alerting"]
    for job in document["scrape_configs"]:
        del job["dns_sd_configs"]
        job["static_configs"] = [{"targets": [f"{LOOPBACK}:{targets.pop(job['job_name'])}"]}]
    assert targets == {}
    return yaml.safe_dump(document)


@contextmanager
def serving(folder: Path, targets: dict[str, int]) -> Iterator[Prometheus]:
    (port,) = free_ports(1)
    rules = folder / "rules.yml"
    rules.write_text(impatient_rules())
    (folder / "prometheus.yml").write_text(configuration(targets, str(rules)))
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
    wait_for(lambda: "TargetDown" in prometheus.alerts(), expected=False)
    runner.run(stack.kill("worker"))
    wait_for(lambda: "TargetDown" in prometheus.alerts(), expected=True)
    assert prometheus.value('up{job="core"}') == 1
    runner.run(stack.restart("worker"))
    wait_for(lambda: "TargetDown" in prometheus.alerts(), expected=False)


def test_each_failure_has_an_alert_that_is_tested() -> None:
    named = frozenset[str]().union(*ALERTS.values())
    assert named - {case.alert for case in CASES} == set()
    assert named >= PROVOKED


def replay_a_refresh_token(stack: Stack) -> None:
    with httpx.Client(base_url=f"{stack.base_url}/api/v1/auth", timeout=30) as http:
        body = demo_credentials("viewer", stack.password)
        first = http.post("/login", json=body).json()["refresh_token"]
        second = http.post("/refresh", json={"refresh_token": first}).json()["refresh_token"]
        assert http.post("/refresh", json={"refresh_token": second}).status_code == 200
        assert http.post("/refresh", json={"refresh_token": first}).status_code == 401


@pytest.mark.timeout(600)
def test_an_operator_hears_of_each_failure(
    stack: Stack, prometheus: Prometheus, runner: asyncio.Runner
) -> None:
    """All at once, which takes as long as the slowest; afterwards the stack serves again."""
    postgres, valkey = stack.servers.postgres, stack.servers.valkey
    assert postgres is not None
    assert valkey is not None
    # On the thread that lives as long as the stack: it would end with another.
    thread = stack.servers._threads
    wait_for(prometheus.health, dict.fromkeys(JOBS, "up"))
    with ExitStack() as mended:  # the last first: auth starts when its servers answer
        replay_a_refresh_token(stack)
        wait_for(lambda: "RefreshTokenReused" in firing(stack, prometheus), expected=True)
        runner.run(stack.kill("auth"))
        mended.callback(lambda: runner.run(stack.restart("auth")))
        valkey.pause()
        mended.callback(valkey.resume)
        wait_for(lambda: "RedisUnavailable" in firing(stack, prometheus), expected=True)
        postgres.stop()
        mended.callback(lambda: thread.submit(postgres.start).result())
        wait_for(lambda: firing(stack, prometheus) >= PROVOKED, expected=True)
    # What has left a trace for minutes goes on firing; what was mended does not.
    passed = {"TargetDown", "ServiceUnavailable", "DatabaseUnavailable"}
    wait_for(lambda: passed & firing(stack, prometheus), set())


def firing(stack: Stack, prometheus: Prometheus) -> set[str]:
    """The alerts while users come and a balancer probes: else the gateway misses no server."""
    httpx.get(f"{stack.base_url}/readyz", timeout=30)
    sign_in(stack, "not-the-password")
    return prometheus.firing()
