"""Every figure by every group and kind of period, through the gateway, with the lists behind it."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from core_service.metrics.catalogue import FIGURES
from core_service.metrics.figures import TIMES, Dimension
from core_service.metrics.frame import Figure

pytestmark = pytest.mark.e2e

PERIODS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"from": "2026-03-02", "to": "2026-03-02"},
    {"from": "2026-01-01", "to": "2026-03-31", "as_of": "2026-03-15"},
    {"from": "2024-07-01", "to": "2026-06-30"},
    {"from": "2025-01-15", "to": "2026-04-20", "known_on": "2026-01-01"},
)
GROUPS: Final = (*((each,) for each in Dimension), (Dimension.COURT, Dimension.CATEGORY))
# Of these a total is no sum.
NOT_ADDED: Final = {
    *("value", "median", "median_days", "longest_days", "p75", "p90", "p98", "days_in_period"),
}
ELSEWHERE: Final = {
    "ccr_numerator": ("ccr", "numerator"),
    "ccr_denominator": ("ccr", "denominator"),
    "proceeded": ("held", "numerator"),
    "scheduled": ("held", "denominator"),
}


@pytest.fixture
def reader(as_admin: httpx.Client, sample_batch: dict[str, Any]) -> httpx.Client:
    """Who reads all courts, once there are cases."""
    assert sample_batch["counts"]["new"]
    return as_admin


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_groups_add_up_to_the_total_and_lists_are_as_long_as_their_figures(
    reader: httpx.Client, figure: Figure
) -> None:
    path, periods = f"/api/v1/metrics/{figure.name}", cycle(PERIODS)
    for groups in GROUPS:
        period = next(periods)
        answer = reader.get(path, params={**period, "group_by": ",".join(groups)})
        if figure.name == "quality" and not {Dimension.COURT, *TIMES}.issuperset(groups):
            assert answer.status_code == 422
            continue
        assert answer.status_code == 200, (groups, period, answer.text)
        _require_sums(figure, groups, answer.json())
    whole = reader.get(path, params={**PERIODS[3], "group_by": figure.group_by[0]}).json()
    totals = whole["totals"]
    for column in figure.columns:
        assert _length(reader, totals["cases_url"], column) == _value(totals, column), column


def _require_sums(figure: Figure, groups: tuple[Dimension, ...], answer: dict[str, Any]) -> None:
    if set(TIMES) & set(groups) or (figure.name == "productivity" and Dimension.JUDGE in groups):
        return  # what is pending counts in each month, and a bench for each of its members
    totals = dict(_numbers(answer["totals"]))
    sums = dict.fromkeys(totals, 0)
    for line in answer["items"]:
        for name, number in _numbers(line):
            sums[name] += number
    assert sums == totals, groups


def _numbers(values: dict[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """The counts of a line, by their place; judge-years are no counts."""
    for name, value in values.items():
        if name in NOT_ADDED or name == "group":
            continue
        if isinstance(value, dict):
            yield from _numbers(value, *path, name)
        elif isinstance(value, int) and not ("weighted" in values and name == "denominator"):
            yield (*path, name), value


def _value(line: dict[str, Any], column: str) -> int:
    """The number of a line that a column of lists is about."""
    place = ELSEWHERE.get(column)
    if place is not None:
        return int(line[place[0]][place[1]])
    if column in line:
        return int(line[column]["numerator"] if isinstance(line[column], dict) else line[column])
    names = (column, column.removeprefix("by_"))
    nested = [each for each in line.values() if isinstance(each, dict)]
    return int(next(each[name] for each in nested for name in names if name in each))


def _length(reader: httpx.Client, url: str, column: str) -> int:
    parts = urlsplit(url)
    params = {**dict(parse_qsl(parts.query)), "column": column, "limit": "1", "count": "exact"}
    answer = reader.get(parts.path, params=params)
    assert answer.status_code == 200, (column, answer.text)
    return int(answer.json()["total"])
