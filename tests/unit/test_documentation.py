"""What the pages for readers and operators name is there: files, variables, metrics, commands."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer
from prometheus_client.metrics import MetricWrapperBase

import auth_service.cli
import common.metrics
import core_service.cli
import devstack.cli
import gateway.cli
import gateway.metrics

ROOT = Path(__file__).parents[2]
PAGES = (
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/gateway.md"),
    *("docs/operations.md", "docs/performance.md", "docs/security.md", "docs/vocabulary.md"),
    *("docs/adding-an-endpoint.md", "docs/capacity.md", "docs/troubleshooting.md"),
    *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs/runbooks").glob("*.md"))),
)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
VARIABLE = re.compile(r"`((?:AUTH|CORE|GATEWAY|MASIJALA)_[A-Z_]+[A-Z])(?==|`)")
METRIC = re.compile(r"\b((?:gateway|http)_[a-z_]+_(?:total|seconds|open))\b")
COMMAND = re.compile(r"`(auth|core|gateway|masijala) ([a-z][a-z-]+)\b")
TARGET = re.compile(r"(?:`|\$ |^)make ([a-z][a-z-]+)", re.MULTILINE)
MODULE = re.compile(r"`python -m ([a-z_.]+)")
# Read by one command alone, which documents it in its help.
OF_COMMANDS = {"AUTH_ADMIN_PASSWORD", "AUTH_CLIENT_SECRET"}
APPS: dict[str, typer.Typer] = {
    "auth": auth_service.cli.app,
    "core": core_service.cli.app,
    "gateway": gateway.cli.app,
    "masijala": devstack.cli.app,
}

pages = pytest.mark.parametrize("page", PAGES)


@pages
def test_every_link_leads_to_a_file(page: str) -> None:
    path = ROOT / page
    links = LINK.findall(path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


@pages
def test_every_variable_is_one_that_is_read(page: str) -> None:
    known = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    named = set(VARIABLE.findall((ROOT / page).read_text()))
    assert named - known - OF_COMMANDS == set()


def test_every_metric_of_an_alert_exists() -> None:
    collectors = [*vars(gateway.metrics).values(), *vars(common.metrics).values()]
    known = {
        family.name
        for collector in collectors
        if isinstance(collector, MetricWrapperBase)
        for family in collector.collect()
    }
    named = set(METRIC.findall((ROOT / "docs/operations.md").read_text()))
    assert named
    assert {name for name in named if name.removesuffix("_total") not in known} == set()


@pages
def test_every_command_exists(page: str) -> None:
    known = {name: set(_commands(app)) for name, app in APPS.items()}
    named = COMMAND.findall((ROOT / page).read_text())
    assert [f"{tool} {name}" for tool, name in named if name not in known[tool]] == []


@pages
def test_every_target_of_make_exists(page: str) -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert [name for name in TARGET.findall((ROOT / page).read_text()) if name not in known] == []


@pages
def test_every_module_that_is_run_exists(page: str) -> None:
    named = MODULE.findall((ROOT / page).read_text())
    assert [name for name in named if find_spec(name) is None] == []


def _commands(app: typer.Typer) -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    yield from group.commands
