"""What all thirteen answer to a question about nothing, to a bad one, and to one about too much."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from core_service.metrics import progress
from core_service.metrics.catalogue import BY_NAME
from testkit.core.api import Api
from testkit.core.caseload import record_forty
from testkit.core.figures import listed, metric

EVERY: Final = list(BY_NAME)
# The forty have no line of these.
WITHOUT_LINES: Final = {"judgment-delivery", "quality"}
NOTHING: Final = {"from": "1950-01-01", "to": "1950-01-31"}


def leaves(values: Any) -> Iterator[tuple[str, Any]]:
    """The names and values of an answer's numbers, whichever way they are nested."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value)
        elif name not in ("cases_url", "group"):
            yield name, value


@pytest.mark.parametrize("name", EVERY)
async def test_of_a_period_without_cases_there_is_no_line_and_no_rate(
    core: Any, admin: Api, name: str
) -> None:
    await record_forty(core)
    figure = await metric(admin, name, **NOTHING)
    assert figure["items"] == []
    found = dict(leaves(figure["totals"]))
    counts = {each: value for each, value in found.items() if value is not None}
    assert set(counts.values()) <= {0, 31}, "the days of the period are all that there is"
    assert counts
    # What would be divided by nothing, or is a median of nothing, is null and not 0.
    rates = {"value", "median", "median_days", "longest_days", "p75", "p90", "p98"}
    assert {each for each, value in found.items() if value is None} <= rates | {"denominator"}
    assert all(value is None for each, value in found.items() if each in rates)
    assert await listed(admin, figure["totals"]["cases_url"], BY_NAME[name].shown.value) == []


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"from": "2025-02-30"}, "from"),
        ({"from": "2025-03-01", "to": "2025-02-01"}, "to"),
        ({"to": "yesterday"}, "to"),
        ({"known_on": "2025-13-01"}, "known_on"),
        ({"group_by": "weather"}, "group_by"),
        ({"group_by": "court,category,month,judge"}, "group_by"),
        ({"group_by": "court,month", "from": "1990-01-01", "to": "2025-01-01"}, "group_by"),
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused_with_the_reason(
    admin: Api, name: str, params: dict[str, str], field: str
) -> None:
    answer = await admin.get(f"/metrics/{name}", **params)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert field in error["field"]
    assert error["message"]


@pytest.mark.parametrize("name", [each for each in EVERY if each not in WITHOUT_LINES])
async def test_too_many_groups_are_refused_before_they_are_written(
    core: Any, admin: Api, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    await record_forty(core)
    monkeypatch.setattr(progress, "MOST_LINES", 0)
    answer = await admin.get(f"/metrics/{name}", **{"from": "2024-07-01", "to": "2026-05-31"})
    assert (answer.status_code, answer.json()["code"]) == (422, "figure-too-large")
