"""Figures over random histories: the identity, the lists behind the numbers, and time travel."""

from datetime import date, timedelta
from random import Random
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.identity import Grant, Role
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.sources import SYSTEM_ITSELF
from core_service.testing.api import Api
from core_service.testing.registry import (
    DEMOVILLE,
    TESTVILLE,
    case_type,
    content,
    filing,
)
from core_service.wiring import Core

SIGNS: Final = {
    "begin_active": 1,
    "new": 1,
    "reopened": 1,
    "reactivated": 1,
    "transfer_in": 1,
    "disposed": -1,
    "reopened_disposed": -1,
    "inactivated": -1,
    "transfer_out": -1,
}
COLUMNS: Final = [*SIGNS, "end_active", "end_inactive"]
STEPS: Final = [
    ("Mention", "Mention Date Given"),
    ("Hearing", "Adjourned"),
    ("Judgment", "Judgment Delivered"),
    ("Mention", "Stood Over Generally"),
    ("Re-activation", "Re-activation"),
    ("Mention", "File Transferred"),
    ("Ruling", "Struck Out"),
]
BEGIN: Final = date(2025, 1, 6)


async def _history(core: Core, chance: Random, cases: int, prefix: str = "") -> None:
    """Cases at two courts with a handful of activities each, whatever they add up to."""
    async with core.database.transaction() as session:
        activities = core.activities(session)
        for number in range(cases):
            filed_on = BEGIN + timedelta(days=chance.randrange(400))
            case = filing(
                court_id=chance.choice([TESTVILLE, DEMOVILLE]),
                number=f"{prefix}{number + 1}",
                filed_on=filed_on,
                case_type_id=case_type(chance.choice(["CIVSUIT", "MUR"])),
            )
            on = filed_on
            steps = [("Registration/Filing", "Case Registered/Filed")]
            for step in [*steps, *chance.choices(STEPS, k=chance.randrange(5))]:
                record = ActivityRecord(case, content(on, *step), SYSTEM_ITSELF)
                await activities.record(record, SYSTEM)
                on += timedelta(days=chance.randrange(1, 60))


def _balances(columns: dict[str, Any]) -> bool:
    return bool(columns["end_active"] == sum(sign * columns[name] for name, sign in SIGNS.items()))


async def _figure(api: Api, name: str, **params: Any) -> dict[str, Any]:
    answer = await api.get(f"/metrics/{name}", **params)
    assert answer.status_code == 200, answer.text
    figure: dict[str, Any] = answer.json()
    return figure


async def _listed(api: Api, url: str, column: str) -> list[dict[str, Any]]:
    """Every entry of the list behind a column, page by page."""
    params = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    params |= {"column": column, "limit": "3"}
    path = urlsplit(url).path.removeprefix("/api/v1")
    items: list[dict[str, Any]] = []
    while True:
        page = (await api.get(path, **params)).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        params["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_identity_holds_for_every_group_and_period(
    core: Core, admin: Api, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - a repeatable history
    await _history(core, chance, cases=25)
    for _ in range(6):
        first = BEGIN + timedelta(days=chance.randrange(400))
        last = first + timedelta(days=chance.randrange(200))
        group_by = chance.choice(["court,category", "court", "category", "court_type"])
        figure = await _figure(admin, "matrix", **{"from": first, "to": last, "group_by": group_by})
        assert all(_balances(item) for item in figure["items"])
        totals = figure["totals"]
        assert _balances(totals)
        for name in COLUMNS:
            assert totals[name] == sum(item[name] for item in figure["items"])


async def test_one_period_ends_where_the_next_begins(core: Core, admin: Api) -> None:
    await _history(core, Random(4), cases=25)  # noqa: S311 - a repeatable history
    first = await _figure(admin, "matrix", **{"from": "2025-01-01", "to": "2025-06-30"})
    second = await _figure(admin, "matrix", **{"from": "2025-07-01", "to": "2025-12-31"})
    assert first["totals"]["end_active"] == second["totals"]["begin_active"]
    assert first["totals"]["end_active"] > 0


async def test_behind_every_number_are_as_many_cases(core: Core, admin: Api) -> None:
    await _history(core, Random(5), cases=25)  # noqa: S311 - a repeatable history
    figure = await _figure(admin, "matrix", **{"from": "2025-04-01", "to": "2025-12-31"})
    for item in [*figure["items"], figure["totals"]]:
        for name in COLUMNS:
            assert len(await _listed(admin, item["cases_url"], name)) == item[name], name
    assert sum(figure["totals"][name] > 0 for name in COLUMNS) >= 8


async def test_behind_the_clearance_rates_are_as_many_cases(core: Core, admin: Api) -> None:
    await _history(core, Random(6), cases=25)  # noqa: S311 - a repeatable history
    period = {"from": "2025-08-01", "to": "2025-12-31"}
    totals = (await _figure(admin, "clearance", **period))["totals"]
    matrix = (await _figure(admin, "matrix", **period))["totals"]
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
        assert len(await _listed(admin, totals["cases_url"], column)) == totals[ratio][part]
    assert totals["ccr"]["denominator"] > clearance["numerator"] > 0


async def test_a_rate_of_nothing_has_no_value(admin: Api) -> None:
    figure = await _figure(admin, "clearance", **{"from": "2001-01-01", "to": "2001-12-31"})
    assert figure["totals"]["clearance"] == {"numerator": 0, "denominator": 0, "value": None}
    assert figure["items"] == []


async def test_a_published_figure_can_be_produced_again(
    core: Core, admin: Api, clock: FrozenClock
) -> None:
    chance = Random(7)  # noqa: S311 - a repeatable history
    period = {"from": "2025-03-01", "to": "2025-12-31"}
    published = []
    for round_no in range(3):
        await _history(core, chance, cases=10, prefix="" if round_no == 1 else f"R{round_no}-")
        clock.advance(hours=1)
        published.append(await _figure(admin, "matrix", **period))
        clock.advance(hours=1)
    assert len({str(figure["totals"]) for figure in published}) == 3
    for figure in published:
        again = await _figure(admin, "matrix", known_on=figure["known_on"], **period)
        assert again == figure


async def test_a_correction_restates_the_figure_and_not_the_past(
    core: Core, admin: Api, clock: FrozenClock
) -> None:
    period = {"from": "2025-01-01", "to": "2025-12-31"}
    async with core.database.transaction() as session:
        recorded = await core.activities(session).record(
            ActivityRecord(
                filing(), content(date(2025, 5, 5), "Judgment", "Judgment Delivered"), SYSTEM_ITSELF
            ),
            SYSTEM,
        )
    before = clock.now().isoformat()
    clock.advance(days=1)
    async with core.database.transaction() as session:
        right = content(date(2025, 5, 5), "Judgment", "Judgment On Notice")
        await core.activities(session).record(
            ActivityRecord(filing(), right, SYSTEM_ITSELF, recorded.activity_id), SYSTEM
        )
    assert (await _figure(admin, "matrix", **period))["totals"]["disposed"] == 0
    then = await _figure(admin, "matrix", known_on=before, **period)
    assert then["totals"]["disposed"] == 1
    assert len(await _listed(admin, then["totals"]["cases_url"], "disposed")) == 1
    assert _balances(then["totals"])


async def test_what_took_effect_after_as_of_is_left_out(core: Core, admin: Api) -> None:
    await _history(core, Random(8), cases=25)  # noqa: S311 - a repeatable history
    period = {"from": "2025-03-01", "to": "2025-12-31"}
    early = await _figure(admin, "matrix", as_of="2025-06-30", **period)
    half = await _figure(admin, "matrix", **{"from": "2025-03-01", "to": "2025-06-30"})
    assert {name: early["totals"][name] for name in COLUMNS} == {
        name: half["totals"][name] for name in COLUMNS
    }


async def test_only_the_courts_of_ones_grants_count(core: Core, api: Api, admin: Api) -> None:
    await _history(core, Random(9), cases=25)  # noqa: S311 - a repeatable history
    period = {"from": "2025-01-01", "to": "2026-05-31"}
    viewer = api.user(Role.VIEWER, TESTVILLE)
    seen = await _figure(viewer, "matrix", **period)
    assert {item["group"]["court"]["id"] for item in seen["items"]} == {str(TESTVILLE)}
    one_court = await _figure(admin, "matrix", court=str(TESTVILLE), **period)
    assert seen["totals"]["new"] == one_court["totals"]["new"] > 0
    elsewhere = await _figure(viewer, "matrix", court=str(DEMOVILLE), **period)
    assert elsewhere["items"] == []
    forged = one_court["totals"]["cases_url"].replace(str(TESTVILLE), str(DEMOVILLE))
    assert await _listed(viewer, forged, "new") == []


async def test_sealed_cases_count_and_are_not_listed_to_viewers(
    core: Core, api: Api, admin: Api
) -> None:
    async with core.database.transaction() as session:
        step = content(date(2025, 2, 3), "Registration/Filing", "Case Registered/Filed")
        recorded = await core.activities(session).record(
            ActivityRecord(filing(), step, SYSTEM_ITSELF), SYSTEM
        )
        case = await core.cases(session).find(recorded.case_id)
        assert case is not None
        case.sealed = True
    viewer, clerk = api.user(Role.VIEWER), api.user(Role.DATA_ENTRY, TESTVILLE)
    for caller, listed in ((viewer, 0), (clerk, 1), (admin, 1)):
        figure = await _figure(caller, "matrix", **{"from": "2025-01-01", "to": "2025-12-31"})
        assert figure["totals"]["new"] == figure["totals"]["end_active"] == 1
        for column in ("new", "end_active"):
            assert len(await _listed(caller, figure["totals"]["cases_url"], column)) == listed


async def _sealed_case(core: Core, on: date) -> None:
    async with core.database.transaction() as session:
        step = content(on, "Registration/Filing", "Case Registered/Filed")
        record = ActivityRecord(filing(filed_on=on), step, SYSTEM_ITSELF)
        recorded = await core.activities(session).record(record, SYSTEM)
        case = await core.cases(session).find(recorded.case_id)
        assert case is not None
        case.sealed = True


async def test_the_days_of_a_month_do_not_tell_when_a_sealed_case_came(
    core: Core, api: Api, admin: Api
) -> None:
    await _sealed_case(core, date(2025, 2, 3))
    service_like = api.granted(Grant(Role.VIEWER), Grant(Role.DATA_ENTRY, frozenset({DEMOVILLE})))
    for viewer in (api.user(Role.VIEWER), api.user(Role.VIEWER, TESTVILLE), service_like):
        for first, last, new in (
            (date(2025, 2, 3), date(2025, 2, 3), 0),
            (date(2025, 2, 1), date(2025, 2, 27), 0),
            (date(2025, 2, 4), date(2025, 2, 28), 1),
            (date(2025, 2, 1), date(2025, 2, 28), 1),
            (date(2025, 2, 28), date(2025, 3, 15), 1),
        ):
            figure = await _figure(viewer, "matrix", **{"from": first, "to": last})
            assert figure["totals"]["new"] == new, (first, last)
            assert _balances(figure["totals"])
            clearance = await _figure(viewer, "clearance", **{"from": first, "to": last})
            assert clearance["totals"]["clearance"]["denominator"] == new
        period = {"from": date(2025, 1, 1), "to": date(2025, 12, 31)}
        early = await _figure(viewer, "matrix", as_of=date(2025, 2, 27), **period)
        assert early["totals"]["end_active"] == 0
    seen = await _figure(admin, "matrix", **{"from": date(2025, 2, 3), "to": date(2025, 2, 3)})
    assert (seen["totals"]["new"], seen["excluded"]) == (1, [])


async def test_the_days_do_not_tell_when_a_sealed_case_was_recorded(
    core: Core, api: Api, admin: Api, clock: FrozenClock
) -> None:
    clock.advance(hours=24 * 14)
    await _sealed_case(core, date(2025, 2, 3))
    clock.advance(hours=24 * 60)
    period = {"from": "2025-01-01", "to": "2025-12-31"}
    viewer = api.user(Role.VIEWER)
    known = ("2026-05-31", "2026-06-01", "2026-06-14", "2026-06-15", "2026-06-30")
    counted = {
        caller: [
            (await _figure(each, "matrix", known_on=day, **period))["totals"]["new"]
            for day in known
        ]
        for caller, each in (("viewer", viewer), ("admin", admin))
    }
    assert counted == {"viewer": [0, 1, 1, 1, 1], "admin": [0, 0, 0, 1, 1]}


async def test_a_figure_over_days_says_that_sealed_cases_count_by_whole_months(
    api: Api, clerk: Api
) -> None:
    note = [{"reason": "sealed-in-part-months", "count": None}]
    days = {"from": "2025-02-03", "to": "2025-03-31"}
    months = {"from": "2025-02-01", "to": "2025-03-31"}
    viewer = api.user(Role.VIEWER)
    assert (await _figure(viewer, "matrix", **days))["excluded"] == note
    assert (await _figure(viewer, "clearance", **months))["excluded"] == []
    known = {"known_on": "2026-05-30"}
    assert (await _figure(viewer, "matrix", **months, **known))["excluded"] == note
    assert (await _figure(clerk, "matrix", **days))["excluded"] == []


@pytest.mark.parametrize("seed", [7, 8])
async def test_the_identity_holds_for_those_who_may_not_see_sealed_cases(
    core: Core, api: Api, admin: Api, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - a repeatable history
    await _history(core, chance, cases=25)
    async with core.database.transaction() as session:
        some = text("UPDATE cases SET sealed = true WHERE number_serial % 2 = 0")
        await (await session.connection()).execute(some)
    viewer = api.user(Role.VIEWER)
    for _ in range(6):
        first = BEGIN + timedelta(days=chance.randrange(400))
        period = {"from": first, "to": first + timedelta(days=chance.randrange(200))}
        figure = await _figure(viewer, "matrix", **period)
        assert all(_balances(item) for item in [*figure["items"], figure["totals"]])
    months = {"from": "2025-03-01", "to": "2025-08-31"}
    figures = [await _figure(caller, "matrix", **months) for caller in (viewer, admin)]
    assert figures[0] == figures[1] | {"known_on": figures[0]["known_on"]}


async def test_a_deleted_case_neither_counts_nor_is_listed_but_is_mentioned(
    core: Core, admin: Api, clock: FrozenClock
) -> None:
    async with core.database.transaction() as session:
        step = content(date(2025, 2, 3), "Registration/Filing", "Case Registered/Filed")
        recorded = await core.activities(session).record(
            ActivityRecord(filing(), step, SYSTEM_ITSELF), SYSTEM
        )
    known, period = clock.now().isoformat(), {"from": "2025-01-01", "to": "2025-12-31"}
    clock.advance(hours=1)
    async with core.database.transaction() as session:
        case = await core.cases(session).find(recorded.case_id)
        assert case is not None
        case.deleted_at = clock.now()
    figure = await _figure(admin, "matrix", **period)
    assert figure["totals"]["new"] == 0
    assert figure["excluded"] == [{"reason": "deleted", "count": 1}]
    assert await _listed(admin, figure["totals"]["cases_url"], "new") == []
    # What was published before the deletion can still be produced.
    assert (await _figure(admin, "matrix", known_on=known, **period))["totals"]["new"] == 1


async def test_a_case_type_is_grouped_under_its_category(core: Core, admin: Api) -> None:
    await _history(core, Random(10), cases=12)  # noqa: S311 - a repeatable history
    period = {"from": "2025-01-01", "to": "2026-05-31"}
    figure = await _figure(admin, "matrix", group_by="category", **period)
    groups = {item["group"]["category"]["name"]: item for item in figure["items"]}
    assert set(groups) == {"Civil Suit/Matter", "Murder"}
    murder = groups["Murder"]
    assert murder["group"]["court"] is None
    only = await _figure(admin, "matrix", category=murder["group"]["category"]["id"], **period)
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
async def test_a_bad_question_is_refused(admin: Api, params: dict[str, str]) -> None:
    answer = await admin.get("/metrics/matrix", **params)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "validation-failed"


async def test_a_cursor_of_another_list_is_refused(core: Core, admin: Api) -> None:
    await _history(core, Random(11), cases=5)  # noqa: S311 - a repeatable history
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
async def test_nobody_reads_figures_without_a_grant(api: Api, path: str) -> None:
    assert (await api.get(f"/metrics/{path}")).status_code == 401
    assert (await api.granted().get(f"/metrics/{path}")).status_code == 403


async def test_a_question_without_parameters_means_this_fiscal_year(admin: Api) -> None:
    figure = await _figure(admin, "clearance")
    assert (figure["from"], figure["to"]) == ("2025-07-01", "2026-06-01")
    assert figure["fiscal_year"] == {"from": "2025-07-01", "to": "2026-06-30"}
    assert figure["definition_version"]
