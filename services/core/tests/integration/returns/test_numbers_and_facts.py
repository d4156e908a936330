"""One case in many spellings, one event sent twice, and facts that differ from the case's."""

from pathlib import Path
from typing import Any, Final

import pytest

from testkit.core.registry import case_body
from testkit.core.returns import ReturnsClient

NUMBERS: Final = Path(__file__).parents[2] / "data" / "return-numbers.csv"
SPECIAL: Final = {"caseid_type": "HCSPL", "filed_dd": "1", "filed_mon": "Jun", "filed_yyyy": "2025"}
UNASSIGNED: Final = {"judge_1": "Not Yet Assigned", "outcome": "Adjourned"}


def of_special(number: str, day: int, **cells: str) -> dict[str, str]:
    return SPECIAL | {"caseid_no": number, "date_dd": str(day), "date_mon": "7"} | cells


async def issues(returns: ReturnsClient, batch: dict[str, Any], code: str) -> list[dict[str, Any]]:
    rows = await returns.rows(batch)
    return [issue for row in rows for issue in row["issues"] if issue["code"] == code]


async def numbers(returns: ReturnsClient) -> dict[str, int]:
    """The cases of the court with the count of their activities."""
    cases = (await returns.api.get("/cases", limit="200")).json()["items"]
    return {case["number"]: case["activity_count"] for case in cases}


async def test_a_number_in_seven_spellings_is_one_case(returns: ReturnsClient) -> None:
    spellings = ["E77", "E77/2025", "E77 of 2025", "No. E77", "HCSPL E77"]
    spellings += ["HCSPL/E77/2025", "E77.0"]
    rows = [of_special(spelling, day) for day, spelling in enumerate(spellings, start=1)]
    batch = await returns.bring(*rows)
    assert await returns.results(batch) == ["NEW"] * 7
    assert await returns.codes(batch) == [[]] * 7
    assert await numbers(returns) == {"HCSPL E77 of 2025": 7}


async def test_a_file_of_spellings_makes_one_case_of_each_real_number(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring_file(NUMBERS.read_bytes())

    assert await numbers(returns) == {
        "HCCC E330 of 2026": 7,
        "HCCC 330 of 2026": 1,
        "HCCC E330A of 2026": 1,
        "HCCC E33O of 2026": 1,
        "HCCC 22 of 2026": 2,
        "HCCC 12/3 of 2026": 1,
        "HCCC 331 of 2026": 1,
    }
    guessed = await issues(returns, batch, "POSSIBLE_DUPLICATE")
    assert [(each["value"], each["suggestion"]) for each in guessed] == [
        ("330", "HCCC E330 of 2026"),
        ("E33O", "HCCC E330 of 2026"),
    ]
    (rounded,) = await issues(returns, batch, "CASEID_INVALID")
    assert (rounded["value"], rounded["suggestion"]) == ("1.2E+05", "120000")


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        ({"caseid_no": "14"}, "HCCC E014 of 2025"),
        ({"caseid_no": "EO14"}, "HCCC E014 of 2025"),
        ({"filed_yyyy": "2024"}, "HCCC E014 of 2025"),
        ({"caseid_no": "E014/2025", "filed_yyyy": "2024"}, "HCCC E014 of 2025"),
    ],
)
async def test_a_number_that_may_be_a_slip_names_the_case_that_may_be_meant(
    returns: ReturnsClient, cells: dict[str, str], number: str
) -> None:
    await returns.bring({})
    validated = await returns.bring(cells | {"date_dd": "25"}, mode="validate")
    applied = await returns.bring(cells | {"date_dd": "26"})
    for batch in (validated, applied):
        assert await returns.results(batch) == ["NEW"]
        (issue,) = await issues(returns, batch, "POSSIBLE_DUPLICATE")
        assert (issue["severity"], issue["suggestion"]) == ("warning", number)
    again = await returns.bring(cells | {"date_dd": "27"})
    assert await issues(returns, again, "POSSIBLE_DUPLICATE") == []


async def test_a_slip_within_one_file_is_seen(returns: ReturnsClient) -> None:
    rows = [{}, {"caseid_no": "14", "date_dd": "25"}, {"filed_yyyy": "2024", "date_dd": "25"}]
    for mode in ("validate", "apply"):
        batch = await returns.bring(*rows, {"other_details": mode}, mode=mode)
        guessed = await issues(returns, batch, "POSSIBLE_DUPLICATE")
        assert [each["suggestion"] for each in guessed] == ["HCCC E014 of 2025"] * 2


async def test_numbers_that_restart_and_sealed_cases_are_no_slip(returns: ReturnsClient) -> None:
    later = {"filed_yyyy": "2024", "filed_mon": "Sep", "date_dd": "25"}
    batch = await returns.bring({}, later, {"caseid_no": "E015", "date_dd": "25"})
    assert await issues(returns, batch, "POSSIBLE_DUPLICATE") == []


async def test_a_number_of_another_year_than_its_filing_is_remarked_upon(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring({"caseid_no": "E014/2024"})
    (issue,) = await issues(returns, batch, "FILED_CONFLICT")
    assert (issue["column"], issue["value"]) == ("caseid_no", "E014/2024")


async def test_a_judge_who_is_assigned_later_corrects_the_row(returns: ReturnsClient) -> None:
    await returns.bring(UNASSIGNED)
    cumulative = [UNASSIGNED | {"judge_1": "Example, Amina Wanja"}, {"date_dd": "25"}]
    preview = await returns.bring(*cumulative, {"other_details": "x"}, mode="validate")
    assert (await returns.results(preview))[:2] == ["CORRECTION", "NEW"]
    batch = await returns.bring(*cumulative)
    assert await returns.results(batch) == ["CORRECTION", "NEW"]
    case = await returns.case()
    assert (case["activity_count"], case["adjournment_count"]) == (2, 1)
    assert case["lead_judge"]["display_name"] == "Example, Amina Wanja"
    # The older file again, and both rows in one file, say nothing new.
    assigned = cumulative[0]
    for rows, results in (
        ([UNASSIGNED, {"date_dd": "25"}, {"date_dd": "26"}], ["UNCHANGED", "UNCHANGED", "NEW"]),
        ([assigned, UNASSIGNED], ["UNCHANGED", "DUPLICATE"]),
    ):
        assert await returns.results(await returns.bring(*rows)) == results
    assert (await returns.case())["adjournment_count"] == 1


async def test_a_judge_who_is_assigned_in_the_same_file_corrects_the_row(
    returns: ReturnsClient,
) -> None:
    rows = [UNASSIGNED, UNASSIGNED | {"judge_1": "Example, Amina Wanja"}, UNASSIGNED]
    preview = await returns.bring(*rows, mode="validate")
    assert await returns.results(preview) == ["NEW", "CORRECTION", "DUPLICATE"]
    batch = await returns.bring(*rows, {"date_dd": "25"})
    assert await returns.results(batch) == ["NEW", "CORRECTION", "DUPLICATE", "NEW"]
    assert (await returns.case())["adjournment_count"] == 1


async def test_another_judge_or_other_news_are_another_activity(returns: ReturnsClient) -> None:
    batch = await returns.bring(
        {"judge_1": "Example, Amina Wanja"},
        {"judge_1": "Sample, John"},
        UNASSIGNED,
    )
    assert await returns.results(batch) == ["NEW"] * 3


async def test_facts_that_differ_from_the_case_come_with_both_values(
    returns: ReturnsClient,
) -> None:
    differing = {
        "date_dd": "25",
        "case_type": "Murder",
        "male_applicant": "2",
        "female_defendant": "4",
    }
    blank = {"date_dd": "26", "male_applicant": ""}
    for mode in ("validate", "apply"):
        batch = await returns.bring({}, differing, blank, {"other_details": mode}, mode=mode)
        differ = await issues(returns, batch, "CASE_FACT_DIFFERS")
        assert [(each["column"], each["value"], each["suggestion"]) for each in differ] == [
            ("case_type", "Murder", "Civil Suit"),
            ("male_applicant", "2", "1"),
            ("female_defendant", "4", "0"),
        ]
    case = await returns.case()
    assert (case["case_type"]["name"], case["parties"]["male_applicant"]) == ("Civil Suit", 1)


async def test_a_fact_that_its_row_corrects_does_not_differ(returns: ReturnsClient) -> None:
    await returns.bring({})
    batch = await returns.bring({"male_applicant": "3"})
    assert await returns.codes(batch) == [["CORRECTION"]]


async def test_a_registered_case_is_the_one_of_a_return(returns: ReturnsClient) -> None:
    body = case_body(number="HCCC/E014/2025")
    case = (await returns.api.post("/cases", body)).json()
    assert (case["number"], case["number_raw"]) == ("HCCC E014 of 2025", "HCCC/E014/2025")
    again = await returns.api.post("/cases", case_body(number="E14 of 2025"))
    assert again.json()["code"] == "case-number-taken"
    await returns.bring({"caseid_no": "E014.0"})
    assert await numbers(returns) == {"HCCC E014 of 2025": 1}
