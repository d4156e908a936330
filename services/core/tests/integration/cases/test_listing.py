"""GET /cases: filters, orders, pages."""

from typing import Any
from urllib.parse import quote

import pytest

from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    TESTVILLE,
    activity_body,
    case_body,
    case_type,
    category,
)


async def register(api: Api, number: str, **changes: Any) -> dict[str, Any]:
    response = await api.post("/cases", case_body(number=number, **changes))
    assert response.status_code == 201, response.text
    case: dict[str, Any] = response.json()
    return case


@pytest.fixture
async def cases(admin: Api) -> list[dict[str, Any]]:
    """Three civil cases and one about murder at Testville, one civil one at Demoville."""
    murder = str(case_type("MUR"))
    cases = [
        await register(admin, "E003", filed_on="2025-03-03"),
        await register(admin, "E001", filed_on="2025-01-03"),
        await register(admin, "E002", filed_on="2025-02-03"),
        await register(
            admin,
            "7",
            filed_on="2025-02-04",
            caseid_type="HCCRC",
            case_type_id=murder,
            custody_count=2,
        ),
        await register(admin, "E001", filed_on="2025-04-03", court_id=str(DEMOVILLE)),
    ]
    body = activity_body(cases[1]["id"], "2026-05-04", "Judgment", "Judgment Delivered")
    response = await admin.post("/activities", body | {"judge_ids": [str(AMINA)]})
    assert response.status_code == 201, response.text
    body = activity_body(cases[2]["id"], "2026-05-20", "Mention", "Mention Date Given")
    response = await admin.post("/activities", body | {"next_on": "2026-07-01"})
    assert response.status_code == 201, response.text
    return cases


async def numbers(api: Api, **params: Any) -> list[str]:
    response = await api.get("/cases", **params)
    assert response.status_code == 200, response.text
    return [f"{item['caseid_type']} {item['number_raw']}" for item in response.json()["items"]]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"court": TESTVILLE}, ["HCCC E003", "HCCRC 7", "HCCC E002", "HCCC E001"]),
        ({"court": DEMOVILLE}, ["HCCC E001"]),
        ({"case_type": case_type("MUR")}, ["HCCRC 7"]),
        ({"category": category("MUR")}, ["HCCRC 7"]),
        ({"status": "disposed"}, ["HCCC E001"]),
        ({"custody": "true"}, ["HCCRC 7"]),
        ({"custody": "false", "court": DEMOVILLE}, ["HCCC E001"]),
        ({"age_max": 455}, ["HCCC E001", "HCCC E003"]),  # filed 455 days ago: 2025-03-03
        ({"age_min": 456, "age_max": 483, "judge": AMINA}, []),
        ({"age_min": 484}, ["HCCC E001"]),
        ({"sealed": "true"}, []),
        ({"deleted": "true"}, []),
        ({"status": "pending", "court": TESTVILLE}, ["HCCC E003", "HCCRC 7", "HCCC E002"]),
        ({"judge": AMINA}, ["HCCC E001"]),
        ({"filed_from": "2025-02-04", "filed_to": "2025-03-03"}, ["HCCC E003", "HCCRC 7"]),
        ({"disposed_from": "2026-05-04", "disposed_to": "2026-05-04"}, ["HCCC E001"]),
        ({"disposed_from": "2026-05-05"}, []),
        ({"next_from": "2026-07-01", "next_to": "2026-07-31"}, ["HCCC E002"]),
        ({"q": "hccrc 7 of 2025"}, ["HCCRC 7"]),
        ({"q": "e1"}, ["HCCC E001", "HCCC E001"]),
        ({"q": "hccr"}, ["HCCRC 7"]),
        ({"q": "..."}, []),
    ],
)
async def test_each_filter_narrows_the_list(
    admin: Api, cases: list[dict[str, Any]], params: dict[str, Any], expected: list[str]
) -> None:
    assert cases
    assert await numbers(admin, **params) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("filed_on", ["HCCC E001", "HCCC E002", "HCCRC 7", "HCCC E003"]),
        ("-filed_on", ["HCCC E003", "HCCRC 7", "HCCC E002", "HCCC E001"]),
        ("last_activity_on", ["HCCRC 7", "HCCC E003", "HCCC E001", "HCCC E002"]),
        ("-last_activity_on", ["HCCC E002", "HCCC E001", "HCCC E003", "HCCRC 7"]),
        ("number", ["HCCC E001", "HCCC E002", "HCCC E003", "HCCRC 7"]),
        ("-number", ["HCCRC 7", "HCCC E003", "HCCC E002", "HCCC E001"]),
    ],
)
async def test_each_order_can_be_paged_through(
    admin: Api, cases: list[dict[str, Any]], sort: str, expected: list[str]
) -> None:
    assert cases
    assert await numbers(admin, court=TESTVILLE, sort=sort) == expected

    paged: list[str] = []
    cursor: str | None = None
    while cursor is not None or not paged:
        params = {"court": TESTVILLE, "sort": sort, "limit": 1, "count": "exact"}
        page = (await admin.get("/cases", **params | ({"cursor": cursor} if cursor else {}))).json()
        paged += [f"{item['caseid_type']} {item['number_raw']}" for item in page["items"]]
        cursor = page["next_cursor"]
        assert page["total"] == 4
    assert paged == expected


async def test_the_total_is_counted_only_on_request(
    admin: Api, cases: list[dict[str, Any]]
) -> None:
    assert (await admin.get("/cases")).json()["total"] is None
    assert (await admin.get("/cases", count="exact")).json()["total"] == len(cases)


async def test_a_cursor_fits_only_its_own_list(admin: Api, cases: list[dict[str, Any]]) -> None:
    assert cases
    cursor = (await admin.get("/cases", limit=1)).json()["next_cursor"]

    for params in ({"sort": "number"}, {"status": "pending"}, {"cursor": quote(cursor + "x")}):
        response = await admin.get("/cases", **{"limit": 1, "cursor": cursor} | params)
        assert (response.status_code, response.json()["code"]) == (400, "cursor-invalid")


@pytest.mark.parametrize(
    "params",
    [
        {"status": "lost"},
        {"court": "Testville"},
        {"filed_from": "today"},
        {"sort": "id"},
        {"limit": 0},
    ],
)
async def test_a_malformed_filter_is_refused(clerk: Api, params: dict[str, Any]) -> None:
    response = await clerk.get("/cases", **params)

    assert (response.status_code, response.json()["code"]) == (422, "validation-failed")


async def test_only_cases_of_one_s_courts_are_listed(
    clerk: Api, outsider: Api, cases: list[dict[str, Any]]
) -> None:
    assert (await clerk.get("/cases", count="exact")).json()["total"] == len(cases) - 1
    assert (await outsider.get("/cases", count="exact")).json()["total"] == 1
    assert await numbers(clerk, court=DEMOVILLE) == []
