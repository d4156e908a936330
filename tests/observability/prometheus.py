"""A real Prometheus with the rules of deploy/observability, in a hurry."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import yaml

from devstack.servers.ports import LOOPBACK, free_ports

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "observability"
SECONDS: Final = 90
# What an alert looks back on, but for a day with which it compares.
RANGE: Final = re.compile(r"\[\d+m\]|\[1h\]")
SHORT: Final = "[10s]"


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
    """The rules, whose alerts fire at once and soon forget."""
    document = yaml.safe_load((FOLDER / "rules.yml").read_text())
    for group in document["groups"]:
        for rule in group["rules"]:
            rule.pop("for", None)
            if "alert" in rule:
                rule["expr"] = RANGE.sub(SHORT, rule["expr"])
    return yaml.safe_dump(document)


def looking_back() -> set[str]:
    """The alerts that go on for a while when their cause has ended."""
    groups = yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"]
    alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    return {rule["alert"] for rule in alerts if RANGE.search(rule["expr"])}


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
