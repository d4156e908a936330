"""`docs/problems.md` has every problem code of every service, and each means one thing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from common.errors import DomainError
from devstack.problem_codes import error_classes, first_line, modules, render

ROOT = Path(__file__).parents[3]
MAKERS = frozenset({"Refusal", "malformed", "_refusal", "_credentials", "_token"})
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.fixture(scope="module")
def classes() -> list[type[DomainError]]:
    return error_classes(list(modules()))


def test_the_page_is_what_the_sources_say() -> None:
    assert (ROOT / "docs/problems.md").read_text() == render(), (
        "run: python -m devstack.problem_codes > docs/problems.md"
    )


def test_one_code_has_one_status(classes: list[type[DomainError]]) -> None:
    statuses: dict[str, set[HTTPStatus]] = defaultdict(set)
    for kind in classes:
        statuses[kind.code].add(kind.status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}


def test_every_error_says_what_it_means(classes: list[type[DomainError]]) -> None:
    assert [kind.__name__ for kind in classes if not first_line(kind)] == []


def test_every_error_has_a_stable_code_and_a_title(classes: list[type[DomainError]]) -> None:
    assert [kind.__name__ for kind in classes if not KEBAB.fullmatch(kind.code)] == []
    assert [kind.__name__ for kind in classes if not kind.title] == []


def test_no_refusal_of_the_gateway_is_missing() -> None:
    written = set(_codes_in_gateway())
    assert "quota-exceeded" in written
    assert "body-too-large" in written
    page = render()
    assert [code for code in sorted(written) if f"\n| `{code}` |" not in page] == []


def _codes_in_gateway() -> Iterator[str]:
    """Whatever literal looks like a code where a refusal is made, read without running anything."""
    for path in (ROOT / "gateway/src/gateway").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", None) in MAKERS:
                for argument in call.args[:3]:
                    for node in ast.walk(argument):
                        if isinstance(node, ast.Constant) and KEBAB.fullmatch(str(node.value)):
                            yield str(node.value)
