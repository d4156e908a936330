"""`docs/security.md` claims nothing without a test or a source file that is really there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
TEST = re.compile(r"`([^`]+\.py)::([^`]+)`")
SOURCE = re.compile(r"Inspection: `([^`]+)`")
ELSEWHERE = re.compile(r"\*([^*]+)\*")
STATES = {"met", "not applicable", "**open**"}
# How many requirements of levels 1 and 2 each section of the standard has.
SECTIONS = {
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
}  # fmt: skip

rows = pytest.mark.parametrize(
    ("state", "shown_by"),
    [pytest.param(match[3], match[4], id=match[1]) for match in ROW.finditer(PAGE)],
)


@cache
def named_tests(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    )


@rows
def test_every_test_that_is_named_exists(state: str, shown_by: str) -> None:
    assert state in STATES
    for path, name in TEST.findall(shown_by):
        assert (ROOT / path).is_file(), path
        assert name in named_tests(path), f"{path} has no {name}"


def test_every_test_that_the_page_names_exists() -> None:
    named = TEST.findall(PAGE)
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in named_tests(path)] == []


@rows
def test_what_is_met_is_shown_and_what_is_not_says_why(state: str, shown_by: str) -> None:
    inspected = SOURCE.search(shown_by)
    if state == "met":
        assert TEST.search(shown_by) or inspected
        assert inspected is None or (ROOT / inspected[1]).is_file()
    else:
        assert TEST.sub("", shown_by).strip(" ,"), "say what is missing, or why it does not apply"


def test_a_section_of_the_page_that_is_referred_to_is_there() -> None:
    headings = set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))
    referred = {
        name for match in ROW.finditer(PAGE) for name in ELSEWHERE.findall(match[4].strip())
    }
    assert referred
    assert referred <= headings


def test_every_requirement_has_one_line() -> None:
    numbers = [match[1] for match in ROW.finditer(PAGE)]
    assert len(numbers) == len(set(numbers))
    counted = dict.fromkeys(SECTIONS, 0)
    for number in numbers:
        counted[number.rpartition(".")[0]] += 1
    assert counted == SECTIONS


def test_the_introduction_counts_the_lines() -> None:
    states = [match[3] for match in ROW.finditer(PAGE)]
    still_open = ", ".join(match[1] for match in ROW.finditer(PAGE) if match[3] == "**open**")
    summary = (
        f"{states.count('met')} are met, {states.count('not applicable')} do not apply, "
        f"{states.count('**open**')} are open{f': {still_open}' if still_open else ''}."
    )
    assert summary in PAGE
