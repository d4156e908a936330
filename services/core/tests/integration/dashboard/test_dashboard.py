"""The first screen and what was recorded last."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from testkit.core.api import Api
from testkit.core.figures import history, metric
from testkit.core.registry import DEMOVILLE, TESTVILLE, activity_body, case_body


async def analytics(api: Api, **params: Any) -> dict[str, Any]:
    answer = await api.get("/dashboard/analytics", **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_first_screen_says_what_the_figures_say(core: Units, admin: Api) -> None:
    await history(core, Random(3), cases=25)  # noqa: S311 - a repeatable history
    found = await analytics(admin)
    period = {"from": "2025-07-01", "to": "2026-06-30"}
    assert (found["from"], found["to"]) == (period["from"], period["to"])
    totals = (await metric(admin, "matrix", **period))["totals"]
    kpis = found["kpis"]
    assert kpis["filed"] == totals["new"] > 0
    assert kpis["pending"] == found["by_status"]["pending"] == totals["end_active"] > 0
    assert kpis["resolved"] == totals["disposed"] + totals["reopened_disposed"]
    assert kpis["clearance"] == (await metric(admin, "clearance", **period))["totals"]["clearance"]
    for name in ("filed", "resolved"):
        assert sum(month[name] for month in found["trend"]) == kpis[name]
        assert sum(court[name] for court in found["courts"]) == kpis[name]
        assert sum(each[name] for each in found["by_type"]) == kpis[name]
    assert sum(court["pending"] for court in found["courts"]) == kpis["pending"]
    assert sum(found["ages"].values()) == kpis["pending"]


async def test_every_month_of_the_trend_is_there(core: Units, admin: Api) -> None:
    await history(core, Random(3), cases=25)  # noqa: S311 - a repeatable history
    months = [each["month"] for each in (await analytics(admin, months="14"))["trend"]]
    assert (months[0], months[-1], len(months)) == ("2025-05", "2026-06", 14)
    assert len((await analytics(admin, months="1"))["trend"]) == 1


async def test_only_courts_of_the_grants_are_on_the_first_screen(
    core: Units, api: Api, admin: Api
) -> None:
    await history(core, Random(3), cases=25)  # noqa: S311 - a repeatable history
    viewer = api.user(Role.VIEWER, TESTVILLE)
    own = await analytics(viewer)
    assert {each["court"]["id"] for each in own["courts"]} == {str(TESTVILLE)}
    assert own == await analytics(admin, court=str(TESTVILLE))
    elsewhere = await analytics(viewer, court=str(DEMOVILLE))
    assert elsewhere["courts"] == []
    assert set(elsewhere["by_status"].values()) == {0}


async def test_a_sealed_case_counts_at_its_months_end_for_who_may_not_see_it(
    api: Api, clerk: Api, core: Units
) -> None:
    await clerk.post("/cases", case_body(number="E5", filed_on="2026-05-04"))
    async with core.database.transaction() as session:
        await (await session.connection()).execute(text("UPDATE cases SET sealed = true"))
    viewer = api.user(Role.VIEWER, TESTVILLE)
    assert await analytics(viewer) == await analytics(clerk)
    assert (await analytics(viewer))["kpis"]["filed"] == 1


async def test_what_was_recorded_last_comes_first(
    api: Api, clerk: Api, admin: Api, clock: FrozenClock
) -> None:
    created = (await clerk.post("/cases", case_body(number="E5", filed_on="2026-05-04"))).json()
    ids: list[str] = []
    for day in ("2026-05-11", "2026-05-12", "2026-05-13"):
        clock.advance(hours=1)
        body = activity_body(created["id"], day, "Mention", "Mention Date Given")
        ids.insert(0, (await clerk.post("/activities", body)).json()["id"])
    viewer = api.user(Role.VIEWER, TESTVILLE)
    shown, cursor = [], None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await viewer.get("/dashboard/recent-activity", **params)).json()
        shown += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [each["activity_id"] for each in shown][:3] == ids
    first = shown[0]
    assert (first["number"], first["activity_type"]) == ("HCCC E5 of 2026", "Mention")
    assert (first["outcome"], first["recorded_by"]["id"]) == (
        "Mention Date Given",
        str(clerk.user_id),
    )
    foreign = api.user(Role.VIEWER, DEMOVILLE)
    assert (await foreign.get("/dashboard/recent-activity")).json()["items"] == []
    await admin.post(f"/cases/{created['id']}/seal", {"reason": "a child"})
    assert (await viewer.get("/dashboard/recent-activity")).json()["items"] == []
    assert len((await clerk.get("/dashboard/recent-activity")).json()["items"]) >= 3


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("analytics", {"months": "0"}),
        ("analytics", {"months": "25"}),
        ("analytics", {"court_type": "XX"}),
        ("recent-activity", {"court": "here"}),
        ("recent-activity", {"limit": "1000"}),
    ],
)
async def test_invalid_parameters_are_refused(
    admin: Api, path: str, params: dict[str, str]
) -> None:
    answer = await admin.get(f"/dashboard/{path}", **params)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")


@pytest.mark.parametrize("path", ["analytics", "recent-activity"])
async def test_the_dashboard_needs_a_grant(api: Api, path: str) -> None:
    assert (await api.get(f"/dashboard/{path}")).status_code == 401
    assert (await api.granted().get(f"/dashboard/{path}")).status_code == 403
