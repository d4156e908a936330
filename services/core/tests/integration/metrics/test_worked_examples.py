"""The worked examples of docs/figures.md, each as a court would have recorded it."""

from typing import Final
from uuid import UUID

import pytest

from common.composition import Units
from testkit.core.api import Api
from testkit.core.figures import metric
from testkit.core.recorded_cases import record, totals
from testkit.core.registry import AMINA, JOHN, reason
from testkit.core.returns import ReturnsClient

YEAR: Final = {"from": "2024-01-01", "to": "2024-12-31"}
FISCAL: Final = {"from": "2024-07-01", "to": "2025-06-30"}


@pytest.fixture
async def five(core: Units) -> None:
    await record(core, "1", "CIV", "2024-03-01", ("2024-09-01", "disposed"))
    await record(core, "2", "CIV", "2024-05-01", ("2024-10-01", "inactive"))
    for number in ("3", "4", "5"):
        await record(core, number, "CIV", "2024-08-01")


@pytest.mark.usefixtures("five")
async def test_two_pending_three_filed_one_disposed_of_one_inactive(admin: Api) -> None:
    matrix = await totals(admin, "matrix", FISCAL)
    assert {name: count for name, count in matrix.items() if count} == {
        "begin_active": 2,
        "new": 3,
        "disposed": 1,
        "inactivated": 1,
        "end_active": 3,
        "end_inactive": 1,
    }
    assert await totals(admin, "clearance", FISCAL) == {
        "clearance": {"numerator": 2, "denominator": 3, "value": 66.67},
        "ccr": {"numerator": 1, "denominator": 3, "value": 33.33},
    }
    assert await totals(admin, "disposition-time", FISCAL) == {
        "numerator": 3,
        "denominator": 1,
        "days_in_period": 365,
        "value": 1095.0,
    }


@pytest.fixture
async def four(core: Units) -> None:
    await record(
        *(core, "1", "CIV", "2024-01-01"),
        *(("2024-02-01", "inactive"), ("2024-03-01", "active"), ("2024-03-31", "disposed")),
    )
    await record(core, "2", "CIV", "2023-01-01", ("2024-01-31", "disposed"))
    await record(core, "3", "CIV", "2024-12-01")
    await record(core, "4", "CIV", "2023-03-01")


@pytest.mark.usefixtures("four")
async def test_61_days_and_395_days_by_a_standard_of_360(admin: Api) -> None:
    assert await totals(admin, "time-to-disposition", YEAR) == {
        "disposed": 2,
        "within_standard": {"numerator": 1, "denominator": 2, "value": 50.0},
        "median": 61,
        "p75": 395,
        "p90": 395,
        "p98": 395,
    }


@pytest.mark.usefixtures("four")
async def test_pending_for_30_days_and_for_671(admin: Api) -> None:
    found = await metric(admin, "pending-age", **YEAR)
    ages = {name: count for name, count in found["totals"].items() if count}
    assert ages.pop("cases_url")
    assert ages == {
        "pending": 2,
        "up_to_90_days": 1,
        "up_to_730_days": 1,
        "over_standard": {"numerator": 1, "denominator": 2, "value": 50.0},
    }
    assert [case["days"] for case in found["oldest"]] == [671, 30]


@pytest.mark.usefixtures("four")
async def test_one_of_two_pending_cases_crossed_a_year(admin: Api) -> None:
    backlog = await totals(admin, "backlog", YEAR)
    assert backlog["over_1_year"] == {"numerator": 1, "denominator": 2, "value": 50.0}
    assert backlog["over_3_years"]["numerator"] == 0
    assert (backlog["pending"], backlog["crossed_1_year"], backlog["crossed_3_years"]) == (2, 1, 0)
    last_day_of_a_year = {"from": "2024-01-01", "to": "2024-03-01"}
    assert (await totals(admin, "backlog", last_day_of_a_year))["over_1_year"]["numerator"] == 0


@pytest.fixture
async def three(core: Units) -> None:
    bench, alone = {"judge_ids": (AMINA, JOHN)}, {"judge_ids": (AMINA,)}
    await record(
        *(core, "1", "CIV", "2024-01-10"),
        ("2024-02-01", "mentioned", {"next_on": "2024-03-03"}),
        *(
            (day, "adjourned", {"next_on": next_on, "reason_id": reason(why)})
            for day, next_on, why in (
                ("2024-03-03", "2024-03-10", "Party absent"),
                ("2024-03-10", "2024-03-17", "Court not sitting"),
            )
        ),
        ("2024-03-17", "reserved", {"next_on": "2024-04-16"}),
        ("2024-04-16", "disposed", bench),
    )
    await record(
        *(core, "2", "CIV", "2024-01-10"),
        ("2024-02-05", "mentioned", {"next_on": "2024-03-05"}),
        ("2024-02-20", "ruled", {"judge_ids": (JOHN,), "next_on": "2024-03-05"}),
        ("2024-03-05", "reserved", {"next_on": "2024-06-03"}),
        ("2024-06-03", "disposed", alone),
    )
    await record(
        *(core, "3", "CIV", "2024-01-10"),
        ("2024-10-01", "reserved", {"next_on": "2024-11-15"}),
    )


@pytest.mark.usefixtures("three")
async def test_one_case_in_three_settings_and_one_in_one(admin: Api) -> None:
    assert await totals(admin, "date-certainty", YEAR) == {
        "certain": {"numerator": 1, "denominator": 2, "value": 50.0},
        "held": {"numerator": 4, "denominator": 7, "value": 57.14},
    }


@pytest.mark.usefixtures("three")
async def test_two_adjournments_of_ten(admin: Api) -> None:
    found = await metric(admin, "adjournments", **YEAR)
    assert found["totals"]["adjourned"] == {"numerator": 2, "denominator": 10, "value": 20.0}
    causes = {name: count for name, count in found["totals"]["by_cause"].items() if count}
    assert causes == {"party": 1, "court": 1}
    assert [(each["reason"], each["count"]) for each in found["by_reason"]] == [
        ("Court not sitting", 1),
        ("Party absent", 1),
    ]


@pytest.mark.usefixtures("three")
async def test_delivered_after_30_and_90_days_and_one_overdue(admin: Api) -> None:
    assert await totals(admin, "judgment-delivery", YEAR) == {
        "delivered": 2,
        "in_time": {"numerator": 1, "denominator": 2, "value": 50.0},
        "median": 30,
        "waiting": 1,
        "overdue": 1,
    }


@pytest.mark.usefixtures("three")
async def test_a_bench_counts_for_each_member_and_once_for_the_court(admin: Api) -> None:
    found = await metric(admin, "productivity", group_by="judge", **YEAR)
    of_court = {"decisions": 3, "merits": 2, "non_merits": 0, "rulings": 1}
    assert await totals(admin, "productivity", YEAR) == of_court
    by_judge = {UUID(item["group"]["judge"]["id"]): item for item in found["items"]}
    assert {judge: item["merits"] for judge, item in by_judge.items()} == {AMINA: 2, JOHN: 1}
    assert {judge: item["rulings"] for judge, item in by_judge.items()} == {AMINA: 0, JOHN: 1}


@pytest.fixture
async def accused(core: Units) -> None:
    await record(core, "1", "MUR", "2024-01-01", ("2024-02-01", "mentioned", {"custody_count": 2}))
    await record(core, "2", "MUR", "2024-11-21", ("2024-11-21", "mentioned", {"custody_count": 1}))
    await record(core, "3", "MUR", "2024-06-01")
    await record(core, "4", "CIV", "2024-06-01", ("2024-06-02", "mentioned", {"custody_count": 1}))


@pytest.mark.usefixtures("accused")
async def test_two_accused_held_365_days_and_one_40(admin: Api) -> None:
    assert await totals(admin, "custody", YEAR) == {
        "accused": 3,
        "cases": 2,
        "criminal_pending": 3,
        "median_days": 40,
        "longest_days": 365,
    }


@pytest.mark.usefixtures("accused")
async def test_three_murders_and_a_suit_are_5880_minutes(admin: Api) -> None:
    assert await totals(admin, "workload", YEAR) == {
        "filings": 4,
        "weighted": 4,
        "numerator": 5880,
        "denominator": 77_400,
        "value": 0.08,
    }


async def test_of_three_rows_one_waits_and_one_has_a_warning(
    core: Units, admin: Api, viewer: Api
) -> None:
    client = ReturnsClient(core, admin)
    await client.bring(
        {},
        {"caseid_no": "E2", "outcome": "Unheard Of"},  # waits
        {"caseid_no": "E3", "date_yyyy": "2024"},  # filed after the activity: a warning
        {"caseid_no": "E4", "date_mon": ""},  # rejected before its court was known
    )
    today = {"from": "2026-06-01", "to": "2026-06-01"}
    found = await metric(viewer, "quality", **today)
    assert found["totals"]["faultless"] == {"numerator": 1, "denominator": 3, "value": 33.33}
    assert (found["totals"]["recorded"], found["totals"]["recorded_with_faults"]) == (2, 1)
    (court,) = found["items"]
    assert court["faultless"] == found["totals"]["faultless"]
    compliance = (await admin.get("/returns/compliance", **today)).json()["items"]
    (score,) = [each["quality"]["score"] for each in compliance if each["quality"]["rows"]]
    assert round(100 * score, 2) == found["totals"]["faultless"]["value"]


@pytest.mark.parametrize("params", [{"group_by": "category"}, {"judge": "none"}])
async def test_rows_of_returns_have_no_categories_or_judges(
    admin: Api, params: dict[str, str]
) -> None:
    answer = await admin.get("/metrics/quality", **params)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "not-counted"
