"""The rules of Prometheus: each alert fires when it should, and leads to its runbook."""

import os
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from observability.cases import CASES, WITHOUT_CASE, Case, Series

from gateway.traefik.certificates import RENEWAL

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "deploy" / "observability"
RULES: Final = FOLDER / "rules.yml"
OPERATOR: Final = ROOT / "deploy" / "kubernetes" / "components" / "observability" / "rules.yaml"
CERTIFICATES: Final = ROOT / "deploy/kubernetes/components/tls/certificates.yaml"
RUNBOOKS: Final = ROOT / "docs" / "runbooks"
HEAD: Final = (
    "# A copy of deploy/observability/rules.yml: `UPDATE_RULES=1 pytest tests/observability`.\n"
)


def run(*command: str) -> None:
    """Run a program of Debian's prometheus and prometheus-alertmanager."""
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=100)  # noqa: S603 - fixed commands
    assert ran.returncode == 0, ran.stdout + ran.stderr


def alerts() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        yield from (rule for rule in group["rules"] if "alert" in rule)


def unit_test(case: Case, series: Series, count: int) -> dict[str, Any]:
    labels = f'alertname="{case.alert}",alertstate="firing",severity=~"{case.severity}"'
    # Longer than any alert waits, but that of certificates, which has an hour of values.
    minutes = 80 if any("x90" in values for values in series.values()) else 20
    samples = [{"labels": "{}", "value": count}] if count else []
    return {
        "name": case.alert,
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f"count(ALERTS{{{labels}}})",
                "eval_time": f"{minutes}m",
                "exp_samples": samples,
            }
        ],
    }


def promtool(folder: Path, tests: list[dict[str, Any]]) -> None:
    file = folder / "tests.yml"
    document = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}
    file.write_text(yaml.safe_dump(document))
    run("promtool", "test", "rules", str(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alert)
def test_an_alert_fires_and_stays_silent(case: Case, tmp_path: Path) -> None:
    promtool(tmp_path, [unit_test(case, case.fires, 1), unit_test(case, case.silent, 0)])


def test_a_certificate_is_renewed_before_its_alert_fires() -> None:
    (rule,) = [each for each in alerts() if each["alert"] == "CertificateEnding"]
    days = {int(found) for found in re.findall(r"time\(\) < (\d+) \* 86400", rule["expr"])}
    issued = [
        each["spec"]
        for each in yaml.safe_load_all(CERTIFICATES.read_text())
        if each["kind"] == "Certificate"
    ]
    renewals = [timedelta(hours=int(each["renewBefore"].rstrip("h"))) for each in issued]
    assert len(renewals) == 3
    assert min(RENEWAL, *renewals) >= timedelta(days=30) > timedelta(days=max(days))


def test_every_alert_has_a_case() -> None:
    assert {case.alert for case in CASES} | WITHOUT_CASE == {each["alert"] for each in alerts()}


def test_errors_are_counted_of_all_requests_but_those_of_the_gateway_itself(tmp_path: Path) -> None:
    def requests(router: str, code: int) -> str:
        return f'traefik_router_requests_total{{router="{router}@file",code="{code}"}}'

    given = {
        requests("cases", 200): "0+95x30",
        requests("cases", 503): "0+5x30",
        requests("catch-all", 503): "0+900x30",
    }
    promtool(
        tmp_path,
        [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": each} for name, each in given.items()],
                "promql_expr_test": [
                    {
                        "expr": "edge:errors:ratio_rate5m",
                        "eval_time": "20m",
                        "exp_samples": [{"labels": "edge:errors:ratio_rate5m", "value": 0.05}],
                    }
                ],
            }
        ],
    )


def test_every_alert_leads_to_its_runbook_and_every_runbook_is_led_to() -> None:
    named = {each["annotations"]["runbook"] for each in alerts()}
    pages = {path.relative_to(ROOT).as_posix() for path in RUNBOOKS.glob("*.md")}
    assert named == pages


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda page: page.stem)
def test_a_runbook_says_what_it_means_how_to_look_and_what_to_do(page: Path) -> None:
    headings = [line for line in page.read_text().splitlines() if line.startswith("## ")]
    assert headings == ["## What it means", "## How to look", "## What to do"]


def test_the_examples_are_valid() -> None:
    run("promtool", "check", "config", "--syntax-only", str(FOLDER / "prometheus.yml"))
    run("amtool", "check-config", str(FOLDER / "alertmanager.yml"))


def test_the_operator_of_kubernetes_gets_the_same_rules() -> None:
    resource = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "masijala"},
        "spec": yaml.safe_load(RULES.read_text()),
    }
    if os.environ.get("UPDATE_RULES"):
        OPERATOR.write_text(HEAD + yaml.safe_dump(resource, sort_keys=False, width=10_000))
    assert yaml.safe_load(OPERATOR.read_text()) == resource
