"""A caseload that was counted by hand, its drill-downs and edges."""

from datetime import date, timedelta
from typing import Any

import pytest

from common.composition import Units
from core_service.metrics.catalogue import FIGURES
from core_service.metrics.folding import CaseloadFolding
from core_service.metrics.schemas import body_of
from testkit.core.api import Api
from testkit.core.caseload import (
    CIVIL,
    FIRST_YEAR,
    FORTY,
    MATRIX,
    MURDER,
    SECOND_YEAR,
    record_forty,
    totals_that_differ,
)
from testkit.core.figures import COLUMNS, balances, listed, metric
from testkit.core.registry import APPEAL, TESTVILLE, case_type


@pytest.fixture
async def forty(core: Units) -> None:
    await record_forty(core)


def named(item: dict[str, Any]) -> tuple[str, str]:
    return item["group"]["court"]["id"], item["group"]["case_type"]["id"]


@pytest.mark.parametrize("year", [FIRST_YEAR, SECOND_YEAR], ids=["2024/2025", "2025/2026"])
@pytest.mark.parametrize("folded", [False, True], ids=["not folded", "folded"])
@pytest.mark.usefixtures("forty")
async def test_the_matrix_is_as_counted_by_hand(
    core: Units, admin: Api, year: dict[str, str], folded: bool
) -> None:
    assert sum(alike.count for alike in FORTY) == 40
    if folded:
        assert await core.get(CaseloadFolding).fold() > 0
        assert await core.get(CaseloadFolding).fold() == 0
        assert await totals_that_differ(core) == []
    figure = await metric(admin, "matrix", group_by="court,case_type", **year)
    expected = {
        (str(court_id), str(case_type(code))): dict.fromkeys(COLUMNS, 0) | dict(counts)
        for (court_id, code), counts in MATRIX[year["from"]].items()
    }
    found = {named(item): {name: item[name] for name in COLUMNS} for item in figure["items"]}
    assert found == expected
    assert {name: figure["totals"][name] for name in COLUMNS} == {
        name: sum(counts[name] for counts in expected.values()) for name in COLUMNS
    }


@pytest.mark.usefixtures("forty")
async def test_clearance_is_as_counted_by_hand(admin: Api) -> None:
    figure = await metric(admin, "clearance", group_by="court,case_type", **FIRST_YEAR)
    assert figure["totals"]["clearance"] == {"numerator": 22, "denominator": 36, "value": 61.11}
    assert figure["totals"]["ccr"] == {"numerator": 17, "denominator": 31, "value": 54.84}
    (civil,) = [
        item for item in figure["items"] if named(item) == (str(TESTVILLE), str(case_type(CIVIL)))
    ]
    assert civil["clearance"] == {"numerator": 8, "denominator": 14, "value": 57.14}
    assert civil["ccr"] == {"numerator": 5, "denominator": 10, "value": 50.0}


@pytest.mark.usefixtures("forty")
async def test_every_court_category_and_month_balances_and_follows_the_month_before(
    admin: Api,
) -> None:
    period = {"from": "2024-07-01", "to": "2026-05-31"}
    figure = await metric(admin, "matrix", group_by="court,category,month", **period)
    ended: dict[tuple[str, str], int] = {}
    assert len(figure["items"]) > 60
    for item in figure["items"]:
        assert balances(item)
        key = item["group"]["court"]["id"], item["group"]["category"]["id"]
        assert item["begin_active"] == ended.get(key, 0)
        ended[key] = item["end_active"]
    assert sum(ended.values()) == figure["totals"]["end_active"]


@pytest.mark.parametrize("year", [FIRST_YEAR, SECOND_YEAR], ids=["2024/2025", "2025/2026"])
@pytest.mark.usefixtures("forty")
async def test_every_drill_down_is_as_long_as_its_figure(admin: Api, year: dict[str, str]) -> None:
    figure = await metric(admin, "matrix", **year)
    for item in [*figure["items"], figure["totals"]]:
        for name in COLUMNS:
            assert len(await listed(admin, item["cases_url"], name)) == item[name], name


@pytest.mark.parametrize(
    ("first", "last", "new", "disposed"),
    [
        ("2025-06-30", "2025-06-30", 2, 4),  # the last day of a fiscal year
        ("2025-07-01", "2025-07-01", 1, 3),  # the first of the next
        ("2024-12-31", "2024-12-31", 0, 5),  # the last of a calendar year
        ("2025-12-31", "2026-01-01", 4, 0),
        ("2024-01-01", "2024-06-30", 0, 0),  # before everything
        ("2026-05-30", "2026-05-31", 0, 0),
    ],
)
@pytest.mark.usefixtures("forty")
async def test_days_at_the_edges_of_years_count_in_theirs(
    admin: Api, first: str, last: str, new: int, disposed: int
) -> None:
    totals = (await metric(admin, "matrix", **{"from": first, "to": last}))["totals"]
    assert (totals["new"], totals["disposed"]) == (new, disposed)
    assert balances(totals)


@pytest.mark.usefixtures("forty")
async def test_an_empty_period_and_a_selection_of_nothing_have_no_items(admin: Api) -> None:
    early = await metric(admin, "matrix", **{"from": "2001-01-01", "to": "2001-12-31"})
    none = await metric(
        admin, "matrix", court=str(APPEAL), case_type=str(case_type(MURDER)), **FIRST_YEAR
    )
    for figure in (early, none):
        assert figure["items"] == []
        assert {figure["totals"][name] for name in COLUMNS} == {0}


@pytest.mark.parametrize("days", [1, 7, 40])
@pytest.mark.usefixtures("forty")
async def test_totals_and_events_give_the_same_at_any_day(admin: Api, days: int) -> None:
    day = date(2024, 6, 15)
    while day < date(2026, 5, 1):
        period = {"from": day, "to": day + timedelta(days=days)}
        now = await metric(admin, "matrix", **period)
        # By judge, the events themselves are counted.
        judges = await metric(admin, "matrix", group_by="court,category,judge", **period)
        for name in COLUMNS:
            assert now["totals"][name] == judges["totals"][name]
        day += timedelta(days=67)


@pytest.mark.usefixtures("forty")
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
async def test_what_a_figure_answers_is_what_it_declares(admin: Api, figure: Any) -> None:
    groups = ("court,category", "judge,month", "court_type,fiscal_year")
    for group_by in groups if figure.name != "quality" else ("court", "court,month"):
        answer = await metric(admin, figure.name, group_by=group_by, **SECOND_YEAR)
        model: Any = body_of(figure.__class__)
        by_field = {
            "first" if name == "from" else "last" if name == "to" else name: value
            for name, value in answer.items()
        }
        again = model.model_validate(_renamed(by_field)).model_dump(mode="json", by_alias=True)
        assert again == answer


def _renamed(value: Any) -> Any:
    """Periods as models take them."""
    if isinstance(value, dict):
        names = {"from": "first", "to": "last"}
        return {names.get(name, name): _renamed(each) for name, each in value.items()}
    return [_renamed(each) for each in value] if isinstance(value, list) else value
