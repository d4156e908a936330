"""The sample return, from upload to figures."""

from testkit.core.registry import TESTVILLE
from testkit.core.returns import ReturnsClient


async def test_every_row_of_the_sample_is_accounted_for(
    returns: ReturnsClient, sample: bytes
) -> None:
    batch = await returns.bring_file(sample)
    assert batch["state"] == "partial"
    assert batch["counts"] == {
        "read": 10,
        "new": 7,
        "unchanged": 0,
        "duplicate": 0,
        "correction": 0,
        "held": 1,
        "rejected": 1,
        "empty": 1,
    }
    assert batch["progress"] == {"done": 10, "total": 10}
    new = ["NEW"] * 5
    assert await returns.results(batch) == [*new, "REJECTED", "NEW", "EMPTY", "HELD", "NEW"]
    assert await returns.codes(batch) == [
        ["JUDGE_PLACEHOLDER"],
        [],
        ["JUDGE_SPELLING"],
        [],
        [],
        ["DATE_NONEXISTENT"],
        [],
        ["EMPTY_ROW"],
        ["JUDGE_UNKNOWN"],
        [],
    ]


async def test_an_issue_says_where_and_what_and_what_was_perhaps_meant(
    returns: ReturnsClient, sample: bytes
) -> None:
    batch = await returns.bring_file(sample)
    row = (await returns.rows(batch, result="REJECTED"))[0]
    assert row["row_no"] == 6
    assert row["raw"]["next_mon"] == "Feb"
    assert list(row["raw"])[:5] == ["court", "date_dd", "date_mon", "date_yyyy", "caseid_type"]
    (issue,) = row["issues"]
    assert issue["severity"] == "rejected"
    assert (issue["column"], issue["value"]) == ("next_dd", "31-Feb-2025")
    assert issue["suggestion"] == "2025-02-28"
    assert issue["message"]


async def test_the_case_of_the_sample_is_disposed_and_its_timeline_names_the_rows(
    returns: ReturnsClient, sample: bytes
) -> None:
    batch = await returns.bring_file(sample)
    case = await returns.case()
    assert (case["status"], case["disposed_on"]) == ("disposed", "2026-03-02")
    assert case["lead_judge"]["display_name"] == "Example, Amina Wanja"
    assert case["adjournment_count"] == 1
    timeline = (await returns.api.get(f"/cases/{case['id']}/timeline")).json()["items"]
    assert [entry["on"] for entry in timeline] == [
        "2025-02-03",
        "2025-02-24",
        "2026-01-09",
        "2026-03-02",
    ]
    assert [entry["source"]["row_no"] for entry in timeline] == [1, 2, 3, 4]
    assert {entry["source"]["batch_id"] for entry in timeline} == {batch["id"]}
    rows = await returns.rows(batch)
    assert {row["case_id"] for row in rows[:4]} == {case["id"]}
    assert [row["activity_id"] for row in rows[:4]] == [entry["activity_id"] for entry in timeline]


async def test_the_appeal_keeps_its_bench_and_its_original_case(
    returns: ReturnsClient, sample: bytes
) -> None:
    await returns.bring_file(sample)
    case = await returns.case("COACRA 12 of 2022")
    assert case["original"] == {"court": "Testville", "code": "HCCR", "number": "7", "year": 2019}
    assert case["case_type"]["category"]["name"] == "Criminal Appeal"
    assert case["status"] == "disposed"


async def test_the_same_rows_in_another_file_change_nothing(
    returns: ReturnsClient, sample: bytes
) -> None:
    await returns.bring_file(sample)
    before, figures = await returns.case(), await returns.matrix()
    again = await returns.bring_file(sample.replace(b"\n", b"\r\n"))
    assert again["counts"] | {"read": 10, "unchanged": 7, "held": 1, "new": 0} == again["counts"]
    assert await returns.case() == before
    assert await returns.matrix() == figures
    rows = await returns.rows(again, result="UNCHANGED")
    assert rows[0]["case_id"] == before["id"]
    assert [issue["code"] for issue in rows[1]["issues"]] == ["DUP_ROW"]


async def test_the_figures_of_the_sample_reconcile(returns: ReturnsClient, sample: bytes) -> None:
    await returns.bring_file(sample)
    period = {"from": "2025-01-01", "to": "2025-12-31", "court": str(TESTVILLE)}
    totals = (await returns.api.get("/metrics/matrix", **period)).json()["totals"]
    assert (totals["begin_active"], totals["new"], totals["end_active"]) == (0, 2, 2)
    period |= {"from": "2026-01-01", "to": "2026-03-31"}
    totals = (await returns.api.get("/metrics/matrix", **period)).json()["totals"]
    assert (totals["begin_active"], totals["disposed"], totals["end_active"]) == (2, 1, 1)
