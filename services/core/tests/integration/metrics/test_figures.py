"""Figures over random histories: balances, the lists of counted cases, and earlier states."""

from datetime import date, timedelta
from itertools import combinations
from random import Random

import pytest

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.cases.service import CaseService
from core_service.metrics.figures import Dimension
from core_service.sources import SYSTEM_ITSELF
from testkit.core.api import Api
from testkit.core.figures import (
    BEGIN,
    COLUMNS,
    balances,
    history,
    listed,
    metric,
)
from testkit.core.registry import (
    DEMOVILLE,
    TESTVILLE,
    content,
    filing,
)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_group_and_period_balances(core: Units, admin: Api, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a repeatable history
    await history(core, chance, cases=25)
    for _ in range(6):
        first = BEGIN + timedelta(days=chance.randrange(400))
        last = first + timedelta(days=chance.randrange(200))
        group_by = chance.choice(["court,category", "court", "category", "court_type"])
        figure = await metric(admin, "matrix", **{"from": first, "to": last, "group_by": group_by})
        assert all(balances(item) for item in figure["items"])
        totals = figure["totals"]
        assert balances(totals)
        for name in COLUMNS:
            assert totals[name] == sum(item[name] for item in figure["items"])


async def test_one_period_ends_where_the_next_begins(core: Units, admin: Api) -> None:
    await history(core, Random(4), cases=25)  # noqa: S311 - a repeatable history
    first = await metric(admin, "matrix", **{"from": "2025-01-01", "to": "2025-06-30"})
    second = await metric(admin, "matrix", **{"from": "2025-07-01", "to": "2025-12-31"})
    assert first["totals"]["end_active"] == second["totals"]["begin_active"]
    assert first["totals"]["end_active"] > 0


async def test_every_number_lists_as_many_cases(core: Units, admin: Api) -> None:
    await history(core, Random(5), cases=25)  # noqa: S311 - a repeatable history
    figure = await metric(admin, "matrix", **{"from": "2025-04-01", "to": "2025-12-31"})
    for item in [*figure["items"], figure["totals"]]:
        for name in COLUMNS:
            assert len(await listed(admin, item["cases_url"], name)) == item[name], name
    assert sum(figure["totals"][name] > 0 for name in COLUMNS) >= 8


async def test_every_clearance_rate_lists_as_many_cases(core: Units, admin: Api) -> None:
    await history(core, Random(6), cases=25)  # noqa: S311 - a repeatable history
    period = {"from": "2025-08-01", "to": "2025-12-31"}
    totals = (await metric(admin, "clearance", **period))["totals"]
    matrix = (await metric(admin, "matrix", **period))["totals"]
    clearance = totals["clearance"]
    outgoing = matrix["disposed"] + matrix["reopened_disposed"] + matrix["inactivated"]
    assert clearance["numerator"] == outgoing
    assert clearance["denominator"] == matrix["new"] + matrix["reopened"] + matrix["reactivated"]
    assert clearance["value"] == pytest.approx(100 * outgoing / clearance["denominator"], abs=0.01)
    for column, ratio, part in [
        ("numerator", "clearance", "numerator"),
        ("denominator", "clearance", "denominator"),
        ("ccr_numerator", "ccr", "numerator"),
        ("ccr_denominator", "ccr", "denominator"),
    ]:
        assert len(await listed(admin, totals["cases_url"], column)) == totals[ratio][part]
    assert totals["ccr"]["denominator"] > clearance["numerator"] > 0


async def test_a_rate_with_a_zero_denominator_is_null(admin: Api) -> None:
    figure = await metric(admin, "clearance", **{"from": "2001-01-01", "to": "2001-12-31"})
    assert figure["totals"]["clearance"] == {"numerator": 0, "denominator": 0, "value": None}
    assert figure["items"] == []


async def test_a_published_figure_can_be_reproduced(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    chance = Random(7)  # noqa: S311 - a repeatable history
    period = {"from": "2025-03-01", "to": "2025-12-31"}
    published = []
    for round_no in range(3):
        await history(core, chance, cases=10, prefix="" if round_no == 1 else f"R{round_no}-")
        clock.advance(hours=1)
        published.append(await metric(admin, "matrix", **period))
        clock.advance(hours=1)
    assert len({str(figure["totals"]) for figure in published}) == 3
    for figure in published:
        again = await metric(admin, "matrix", known_on=figure["known_on"], **period)
        assert again == figure


async def test_a_correction_changes_the_current_figure_and_no_published_one(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    period = {"from": "2025-01-01", "to": "2025-12-31"}
    async with core.database.transaction() as session:
        recorded = (
            await core.container(session)
            .get(ActivityService)
            .record(
                ActivityRecord(
                    filing(),
                    content(date(2025, 5, 5), "Judgment", "Judgment Delivered"),
                    SYSTEM_ITSELF,
                ),
                SYSTEM,
            )
        )
    before = clock.now().isoformat()
    clock.advance(days=1)
    async with core.database.transaction() as session:
        right = content(date(2025, 5, 5), "Judgment", "Judgment On Notice")
        await (
            core.container(session)
            .get(ActivityService)
            .record(ActivityRecord(filing(), right, SYSTEM_ITSELF, recorded.activity_id), SYSTEM)
        )
    assert (await metric(admin, "matrix", **period))["totals"]["disposed"] == 0
    then = await metric(admin, "matrix", known_on=before, **period)
    assert then["totals"]["disposed"] == 1
    assert len(await listed(admin, then["totals"]["cases_url"], "disposed")) == 1
    assert balances(then["totals"])


async def test_activities_after_as_of_are_left_out(core: Units, admin: Api) -> None:
    await history(core, Random(8), cases=25)  # noqa: S311 - a repeatable history
    period = {"from": "2025-03-01", "to": "2025-12-31"}
    early = await metric(admin, "matrix", as_of="2025-06-30", **period)
    half = await metric(admin, "matrix", **{"from": "2025-03-01", "to": "2025-06-30"})
    assert {name: early["totals"][name] for name in COLUMNS} == {
        name: half["totals"][name] for name in COLUMNS
    }


async def test_only_courts_in_the_callers_grants_count(core: Units, api: Api, admin: Api) -> None:
    await history(core, Random(9), cases=25)  # noqa: S311 - a repeatable history
    period = {"from": "2025-01-01", "to": "2026-05-31"}
    viewer = api.user(Role.VIEWER, TESTVILLE)
    seen = await metric(viewer, "matrix", **period)
    assert {item["group"]["court"]["id"] for item in seen["items"]} == {str(TESTVILLE)}
    one_court = await metric(admin, "matrix", court=str(TESTVILLE), **period)
    assert seen["totals"]["new"] == one_court["totals"]["new"] > 0
    elsewhere = await metric(viewer, "matrix", court=str(DEMOVILLE), **period)
    assert elsewhere["items"] == []
    forged = one_court["totals"]["cases_url"].replace(str(TESTVILLE), str(DEMOVILLE))
    assert await listed(viewer, forged, "new") == []


async def test_a_deleted_case_is_neither_counted_nor_listed_but_mentioned(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    async with core.database.transaction() as session:
        step = content(date(2025, 2, 3), "Registration/Filing", "Case Registered/Filed")
        recorded = (
            await core.container(session)
            .get(ActivityService)
            .record(ActivityRecord(filing(), step, SYSTEM_ITSELF), SYSTEM)
        )
    known, period = clock.now().isoformat(), {"from": "2025-01-01", "to": "2025-12-31"}
    clock.advance(hours=1)
    async with core.database.transaction() as session:
        case = await core.container(session).get(CaseService).find(recorded.case_id)
        assert case is not None
        case.deleted_at = clock.now()
    figure = await metric(admin, "matrix", **period)
    assert figure["totals"]["new"] == 0
    assert figure["excluded"] == [{"reason": "deleted", "count": 1}]
    assert await listed(admin, figure["totals"]["cases_url"], "new") == []
    # Figures published before the deletion can still be reproduced.
    assert (await metric(admin, "matrix", known_on=known, **period))["totals"]["new"] == 1


async def test_a_case_type_is_grouped_under_its_category(core: Units, admin: Api) -> None:
    await history(core, Random(10), cases=12)  # noqa: S311 - a repeatable history
    period = {"from": "2025-01-01", "to": "2026-05-31"}
    figure = await metric(admin, "matrix", group_by="category", **period)
    groups = {item["group"]["category"]["name"]: item for item in figure["items"]}
    assert set(groups) == {"Civil Suit/Matter", "Murder"}
    murder = groups["Murder"]
    assert murder["group"]["court"] is None
    only = await metric(admin, "matrix", category=murder["group"]["category"]["id"], **period)
    assert only["totals"]["new"] == murder["new"]


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2025-12-31", "to": "2025-01-01"},
        {"from": "31-01-2025"},
        {"court": "nowhere"},
        {"court_type": "XX"},
        {"group_by": "weather"},
        {"group_by": ""},
        {"known_on": "2025-01-01T10:00:00"},
        {"known_on": "yesterday"},
    ],
)
async def test_invalid_parameters_are_refused(admin: Api, params: dict[str, str]) -> None:
    answer = await admin.get("/metrics/matrix", **params)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "validation-failed"


async def test_a_cursor_of_another_list_is_refused(core: Units, admin: Api) -> None:
    await history(core, Random(11), cases=5)  # noqa: S311 - a repeatable history
    page = (
        await admin.get(
            "/metrics/matrix/cases",
            column="new",
            limit="1",
            to="2026-05-31",
            **{"from": "2025-01-01"},
        )
    ).json()
    other = await admin.get("/metrics/matrix/cases", column="disposed", cursor=page["next_cursor"])
    assert other.status_code == 400
    assert other.json()["code"] == "cursor-invalid"


@pytest.mark.parametrize("path", ["matrix", "clearance", "matrix/cases", "clearance/cases"])
async def test_figures_need_a_grant(api: Api, path: str) -> None:
    assert (await api.get(f"/metrics/{path}")).status_code == 401
    assert (await api.granted().get(f"/metrics/{path}")).status_code == 403


async def test_without_parameters_the_period_is_this_fiscal_year(admin: Api) -> None:
    figure = await metric(admin, "clearance")
    assert (figure["from"], figure["to"]) == ("2025-07-01", "2026-06-01")
    assert figure["fiscal_year"] == {"from": "2025-07-01", "to": "2026-06-30"}
    assert figure["definition_version"]


PAIRS = list(combinations(Dimension, 2))


@pytest.mark.parametrize("group_by", [[each] for each in Dimension] + [list(p) for p in PAIRS])
async def test_groups_of_every_dimension_and_pair_add_up_and_list_their_cases(
    core: Units, admin: Api, group_by: list[Dimension]
) -> None:
    await history(core, Random(12), cases=8)  # noqa: S311 - a repeatable history
    period = {"from": "2025-03-10", "to": "2025-08-20"}
    figure = await metric(admin, "matrix", group_by=",".join(group_by), **period)
    assert figure["items"]
    flows = COLUMNS[1:-2]
    for name in flows:
        assert figure["totals"][name] == sum(item[name] for item in figure["items"])
    for item in figure["items"]:
        assert {each for each, key in item["group"].items() if key is not None} == set(group_by)
        assert balances(item)
        for name in ("new", "end_active"):
            assert len(await listed(admin, item["cases_url"], name)) == item[name]


async def test_months_and_fiscal_years_begin_and_end_where_the_period_does(
    core: Units, admin: Api
) -> None:
    await history(core, Random(13), cases=30)  # noqa: S311 - a repeatable history
    period = {"from": "2025-04-15", "to": "2025-09-10"}
    months = await metric(admin, "matrix", group_by="month", **period)
    named = {item["group"]["month"]: item for item in months["items"]}
    assert list(named) == [f"2025-{month:02}" for month in range(4, 10)]
    april = await metric(admin, "matrix", **{"from": "2025-04-15", "to": "2025-04-30"})
    assert {name: named["2025-04"][name] for name in COLUMNS} == {
        name: april["totals"][name] for name in COLUMNS
    }
    years = await metric(admin, "matrix", group_by="fiscal_year", **period)
    assert [item["group"]["fiscal_year"] for item in years["items"]] == ["2024/2025", "2025/2026"]
    assert years["items"][0]["end_active"] == named["2025-06"]["end_active"]
    assert years["items"][1]["begin_active"] == named["2025-07"]["begin_active"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"group_by": "court,category,judge,month"}, "too-many"),
        ({"group_by": "month", "from": "2000-01-01", "to": "2026-01-01"}, "too-many-parts"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "before-from"),
    ],
)
async def test_a_grouping_over_too_much_and_a_bad_period_are_refused_with_the_reason(
    admin: Api, params: dict[str, str], code: str
) -> None:
    answer = await admin.get("/metrics/matrix", **params)
    assert answer.status_code == 422, answer.text
    assert [error["code"] for error in answer.json()["errors"]] == [code]
