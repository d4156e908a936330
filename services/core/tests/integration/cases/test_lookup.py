"""GET /cases/lookup: any spelling finds the case, for those who may know of it."""

import pytest

from testkit.core.api import Api
from testkit.core.registry import DEMOVILLE, case_body


@pytest.mark.parametrize(
    "typed", ["HCCC/E014/2025", "hccc e14 of 2025", "HCCC E014 of 2025", "HCCCE014/2025"]
)
async def test_any_spelling_finds_the_case(clerk: Api, typed: str) -> None:
    case = (await clerk.post("/cases", case_body())).json()

    items = (await clerk.get("/cases/lookup", number=typed)).json()["items"]

    assert [(item["case"]["id"], item["matched_by"], item["score"]) for item in items] == [
        (case["id"], "type_number_year", 1.0)
    ]


async def test_without_a_type_every_register_matches_and_says_why(clerk: Api) -> None:
    await clerk.post("/cases", case_body())
    await clerk.post("/cases", case_body(caseid_type="HCMISC"))

    items = (await clerk.get("/cases/lookup", number="E14/2025")).json()["items"]

    assert [(item["case"]["caseid_type"], item["matched_by"]) for item in items] == [
        ("HCCC", "number_year"),
        ("HCMISC", "number_year"),
    ]


async def test_the_typed_register_comes_before_others(clerk: Api) -> None:
    await clerk.post("/cases", case_body())
    await clerk.post("/cases", case_body(caseid_type="HCMISC"))

    items = (await clerk.get("/cases/lookup", number="hcmisc e14 of 2025")).json()["items"]

    assert [item["case"]["caseid_type"] for item in items] == ["HCMISC", "HCCC"]
    assert items[0]["score"] > items[1]["score"]


async def test_without_a_year_the_newest_comes_first(clerk: Api) -> None:
    for year in (2023, 2025, 2024):
        await clerk.post("/cases", case_body(filed_on=f"{year}-02-03"))

    items = (await clerk.get("/cases/lookup", number="HCCC E14")).json()["items"]

    assert [item["case"]["filed_year"] for item in items] == [2025, 2024, 2023]


async def test_a_number_of_another_court_is_not_found(clerk: Api, admin: Api) -> None:
    await admin.post("/cases", case_body(court_id=str(DEMOVILLE), number="E099"))

    found = await admin.get("/cases/lookup", number="E99/2025")
    hidden = await clerk.get("/cases/lookup", number="E99/2025")

    assert len(found.json()["items"]) == 1
    assert (hidden.status_code, hidden.json()) == (200, {"items": []})


@pytest.mark.parametrize("typed", ["HCCC", "???"])
async def test_text_without_a_number_is_refused(clerk: Api, typed: str) -> None:
    response = await clerk.get("/cases/lookup", number=typed)

    assert (response.status_code, response.json()["code"]) == (422, "case-number-unreadable")


async def test_an_anonymous_lookup_is_refused(api: Api) -> None:
    assert (await api.get("/cases/lookup", number="E14/2025")).status_code == 401
