"""Figures over sealed cases, for callers who may not see them."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Grant, Role
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.cases.service import CaseService
from core_service.sources import SYSTEM_ITSELF
from testkit.core.api import Api
from testkit.core.figures import (
    BEGIN,
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


async def test_sealed_cases_count_and_are_not_listed_to_viewers(
    core: Units, api: Api, admin: Api
) -> None:
    async with core.database.transaction() as session:
        step = content(date(2025, 2, 3), "Registration/Filing", "Case Registered/Filed")
        recorded = (
            await core.container(session)
            .get(ActivityService)
            .record(ActivityRecord(filing(), step, SYSTEM_ITSELF), SYSTEM)
        )
        case = await core.container(session).get(CaseService).find(recorded.case_id)
        assert case is not None
        case.sealed = True
    viewer, clerk = api.user(Role.VIEWER), api.user(Role.DATA_ENTRY, TESTVILLE)
    for caller, count in ((viewer, 0), (clerk, 1), (admin, 1)):
        figure = await metric(caller, "matrix", **{"from": "2025-01-01", "to": "2025-12-31"})
        assert figure["totals"]["new"] == figure["totals"]["end_active"] == 1
        for column in ("new", "end_active"):
            assert len(await listed(caller, figure["totals"]["cases_url"], column)) == count


async def _sealed_case(core: Units, on: date) -> None:
    async with core.database.transaction() as session:
        step = content(on, "Registration/Filing", "Case Registered/Filed")
        record = ActivityRecord(filing(filed_on=on), step, SYSTEM_ITSELF)
        recorded = await core.container(session).get(ActivityService).record(record, SYSTEM)
        case = await core.container(session).get(CaseService).find(recorded.case_id)
        assert case is not None
        case.sealed = True


async def test_daily_figures_do_not_reveal_when_a_sealed_case_was_filed(
    core: Units, api: Api, admin: Api
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
            figure = await metric(viewer, "matrix", **{"from": first, "to": last})
            assert figure["totals"]["new"] == new, (first, last)
            assert balances(figure["totals"])
            clearance = await metric(viewer, "clearance", **{"from": first, "to": last})
            assert clearance["totals"]["clearance"]["denominator"] == new
        period = {"from": date(2025, 1, 1), "to": date(2025, 12, 31)}
        early = await metric(viewer, "matrix", as_of=date(2025, 2, 27), **period)
        assert early["totals"]["end_active"] == 0
    seen = await metric(admin, "matrix", **{"from": date(2025, 2, 3), "to": date(2025, 2, 3)})
    assert (seen["totals"]["new"], seen["excluded"]) == (1, [])


async def test_daily_figures_do_not_reveal_when_a_sealed_case_was_recorded(
    core: Units, api: Api, admin: Api, clock: FrozenClock
) -> None:
    clock.advance(hours=24 * 14)
    await _sealed_case(core, date(2025, 2, 3))
    clock.advance(hours=24 * 60)
    period = {"from": "2025-01-01", "to": "2025-12-31"}
    viewer = api.user(Role.VIEWER)
    known = ("2026-05-31", "2026-06-01", "2026-06-14", "2026-06-15", "2026-06-30")
    counted = {
        caller: [
            (await metric(each, "matrix", known_on=day, **period))["totals"]["new"] for day in known
        ]
        for caller, each in (("viewer", viewer), ("admin", admin))
    }
    assert counted == {"viewer": [0, 1, 1, 1, 1], "admin": [0, 0, 0, 1, 1]}


async def test_a_daily_figure_notes_that_sealed_cases_count_by_month(api: Api, clerk: Api) -> None:
    note = [{"reason": "sealed-in-part-months", "count": None}]
    days = {"from": "2025-02-03", "to": "2025-03-31"}
    months = {"from": "2025-02-01", "to": "2025-03-31"}
    viewer = api.user(Role.VIEWER)
    assert (await metric(viewer, "matrix", **days))["excluded"] == note
    assert (await metric(viewer, "clearance", **months))["excluded"] == []
    known = {"known_on": "2026-05-30"}
    assert (await metric(viewer, "matrix", **months, **known))["excluded"] == note
    assert (await metric(clerk, "matrix", **days))["excluded"] == []


@pytest.mark.parametrize("seed", [7, 8])
async def test_figures_balance_for_callers_who_may_not_see_sealed_cases(
    core: Units, api: Api, admin: Api, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - a repeatable history
    await history(core, chance, cases=25)
    async with core.database.transaction() as session:
        some = text("UPDATE cases SET sealed = true WHERE number_serial % 2 = 0")
        await (await session.connection()).execute(some)
    viewer = api.user(Role.VIEWER)
    for _ in range(6):
        first = BEGIN + timedelta(days=chance.randrange(400))
        period = {"from": first, "to": first + timedelta(days=chance.randrange(200))}
        figure = await metric(viewer, "matrix", **period)
        assert all(balances(item) for item in [*figure["items"], figure["totals"]])
    months = {"from": "2025-03-01", "to": "2025-08-31"}
    figures = [await metric(caller, "matrix", **months) for caller in (viewer, admin)]
    assert figures[0] == figures[1] | {"known_on": figures[0]["known_on"]}
