"""`docs/problems.md` has every problem code of every service, and each means one thing."""

import re
from collections import defaultdict
from http import HTTPStatus
from pathlib import Path

import pytest

from common.errors import DomainError
from devstack.problem_codes import error_classes, first_line, modules, render

ROOT = Path(__file__).parents[3]
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
