"""Which sitting days were sent, late or not at all, by a court calendar that is data."""

from typing import Any

from common.clock import FrozenClock
from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import AMINA, APPEAL, TESTVILLE
from testkit.core.returns import MENTION, ReturnsClient

PERIOD = {"from": "2025-02-24", "to": "2025-02-28", "court": str(TESTVILLE)}
EASTER = {"name": "Easter Monday", "first_on": "2026-04-06", "last_on": "2026-04-06"}


async def compliance(api: Api, **changes: str) -> dict[str, Any]:
    answer = await api.get("/returns/compliance", **PERIOD | changes)
    assert answer.status_code == 200, answer.text
    (court,) = answer.json()["items"]
    found: dict[str, Any] = court
    return found


async def test_each_sitting_day_is_late_or_missing_when_nothing_came_in_time(
    returns: ReturnsClient,
) -> None:
    await returns.bring({}, {"caseid_no": "E20"}, {"date_dd": "26"}, {"date_dd": "31"})
    found = await compliance(returns.api)
    assert [(day["on"][-2:], day["status"], day["rows"]) for day in found["days"]] == [
        ("24", "late", 2),
        ("25", "missing", 0),
        ("26", "late", 1),
        ("27", "missing", 0),
        ("28", "missing", 0),
    ]
    assert (found["late"], found["missing"], found["usual_rows"]) == (2, 3, 1.5)


async def test_a_return_is_on_time_until_the_next_sitting_day_ends(
    returns: ReturnsClient, clock: FrozenClock
) -> None:
    today = clock.now().date()
    day = {"date_dd": str(today.day), "date_mon": str(today.month), "date_yyyy": str(today.year)}
    await returns.bring(day)
    found = await compliance(returns.api, **{"from": today.isoformat(), "to": today.isoformat()})
    expected = [] if today.weekday() >= 5 else ["on_time"]
    assert [each["status"] for each in found["days"]] == expected


async def test_recesses_and_extra_sittings_are_data(returns: ReturnsClient, admin: Api) -> None:
    recess = {"name": "Recess", "first_on": "2025-02-24", "last_on": "2025-02-28"}
    assert (await admin.post("/calendar-periods", recess)).status_code == 201
    assert (await compliance(returns.api))["days"] == []
    sitting = recess | {"name": "Vacation court", "first_on": "2025-02-26", "sits": True}
    await admin.post("/calendar-periods", sitting | {"court_id": str(TESTVILLE)})
    saturday = {"name": "Service week", "first_on": "2025-03-01", "last_on": "2025-03-01"}
    await admin.post("/calendar-periods", saturday | {"sits": True})
    days = (await compliance(returns.api, to="2025-03-02"))["days"]
    assert [day["on"][-5:] for day in days] == ["02-26", "02-27", "02-28", "03-01"]


async def test_quality_is_counted_by_rule(returns: ReturnsClient, clock: FrozenClock) -> None:
    await returns.bring({}, {"date_dd": "25", "outcome": ""}, {"date_dd": "26", "outcome": ""})
    today = clock.now().date().isoformat()
    quality = (await compliance(returns.api, **{"from": today, "to": today}))["quality"]
    assert (quality["rows"], quality["score"]) == (3, 0.3333)
    assert quality["rules"] == [{"code": "OUTCOME_BLANK", "rows": 2}]


async def test_a_row_with_several_faults_is_one_and_a_blank_one_is_none(
    returns: ReturnsClient, clock: FrozenClock
) -> None:
    two = {"outcome": "", "reason_adj": "Party absent"}
    await returns.bring(
        {}, two, dict.fromkeys(MENTION, ""), {"date_dd": "26", "legalrep": "perhaps"}
    )
    await returns.bring({"caseid_no": "E2"}, {"caseid_no": "E3", "outcome": ""})
    today = clock.now().date().isoformat()
    quality = (await compliance(returns.api, **{"from": today, "to": today}))["quality"]
    assert (quality["rows"], quality["score"]) == (5, 0.4)
    assert quality["rules"] == [
        {"code": "OUTCOME_BLANK", "rows": 2},
        {"code": "LEGALREP_VALUE", "rows": 1},
        {"code": "REASON_NOT_ADJOURNED", "rows": 1},
    ]


async def test_a_caller_sees_the_courts_that_it_reads(returns: ReturnsClient, api: Api) -> None:
    period = {"from": "2025-02-24", "to": "2025-02-28"}
    both = (await returns.api.get("/returns/compliance", **period)).json()["items"]
    assert {each["court_id"] for each in both} == {str(TESTVILLE), str(APPEAL)}
    clerk = api.user(Role.DATA_ENTRY, APPEAL)
    (own,) = (await clerk.get("/returns/compliance", **period)).json()["items"]
    assert own["court_id"] == str(APPEAL)
    first = (await returns.api.get("/returns/compliance", **period, limit="1")).json()
    assert first["next_cursor"]


async def test_too_long_a_period_is_refused(returns: ReturnsClient) -> None:
    for last in ("2025-01-01", "2026-01-01"):
        answer = await returns.api.get("/returns/compliance", **PERIOD | {"to": last})
        assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")


async def test_a_next_date_on_which_the_court_does_not_sit_is_remarked_upon(
    returns: ReturnsClient, admin: Api
) -> None:
    await admin.post("/calendar-periods", EASTER)
    monday = {"next_dd": "6", "next_mon": "Apr", "next_yyyy": "2026"}
    batch = await returns.bring(monday, monday | {"next_dd": "7", "date_dd": "25"})
    assert await returns.codes(batch) == [["NEXT_NON_SITTING"], []]


async def test_a_judge_who_is_posted_elsewhere_is_remarked_upon(
    returns: ReturnsClient, admin: Api
) -> None:
    posting = {"court_id": str(APPEAL), "from": "2025-02-20", "to": "2025-02-25"}
    await admin.post(f"/judges/{AMINA}/postings", posting)
    batch = await returns.bring({})
    assert await returns.codes(batch) == [["JUDGE_NO_POSTING"]]
    here = {"court_id": str(TESTVILLE), "from": "2025-02-20", "principal": False}
    await admin.post(f"/judges/{AMINA}/postings", here)
    assert await returns.codes(await returns.bring({"caseid_no": "E5"})) == [[]]


async def test_a_file_that_failed_says_so_when_it_comes_again(returns: ReturnsClient) -> None:
    missing = b"court,date_dd,date_mon,date_yyyy,caseid_type,caseid_no\n"
    assert (await returns.bring_file(missing))["state"] == "failed"
    again = await returns.bring_file(missing)
    issues = (await returns.api.get(f"/imports/{again['id']}/issues", code="DUP_FILE")).json()
    (issue,) = issues["items"]
    assert (issue["row_no"], "failed" in issue["message"]) == (None, True)
