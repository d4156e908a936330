"""The difference of a validated import is what applying it changes."""

from typing import Any

import pytest

from common.identity import Role
from core_service.returns import difference
from testkit.core.api import Api
from testkit.core.registry import TESTVILLE
from testkit.core.returns import ReturnsClient, as_csv


async def diff(api: Api, batch: dict[str, Any], **params: str) -> list[dict[str, Any]]:
    answer = await api.get(f"/imports/{batch['id']}/diff", **params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_new_case_is_shown_with_its_facts_and_its_first_activity(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring({}, {"date_dd": "31"}, mode="validate")
    (row,) = await diff(returns.api, batch)
    assert (row["row_no"], row["result"], row["case_id"]) == (1, "NEW", None)
    assert (row["number"], row["court_id"]) == ("HCCC E014 of 2025", str(TESTVILLE))
    assert row["case"]["filed_on"] == {"from": None, "to": "2025-02-03"}
    assert row["case"]["male_applicant"] == {"from": None, "to": 1}
    assert row["activity"]["activity_on"] == {"from": None, "to": "2025-02-24"}


async def test_a_correction_is_shown_with_what_differs(returns: ReturnsClient) -> None:
    await returns.bring({"other_details": "a"})
    batch = await returns.bring({"other_details": "b", "male_applicant": "2"}, mode="validate")
    (row,) = await diff(returns.api, batch)
    assert (row["result"], row["case_id"]) == ("CORRECTION", (await returns.case())["id"])
    assert row["case"] == {"male_applicant": {"from": 1, "to": 2}}
    assert row["activity"] == {"details": {"from": "a", "to": "b"}}


async def test_versions_of_one_event_are_shown_one_after_the_other(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring(*({"other_details": each} for each in "abc"), mode="validate")
    rows = await diff(returns.api, batch)
    assert [row["activity"]["details"] for row in rows] == [
        {"from": None, "to": "a"},
        {"from": "a", "to": "b"},
        {"from": "b", "to": "c"},
    ]


@pytest.mark.parametrize(("bound", "before"), [(1, None), (2, "b")])
async def test_a_row_is_shown_after_as_many_rows_of_its_case_as_are_compared(
    returns: ReturnsClient, monkeypatch: pytest.MonkeyPatch, bound: int, before: str | None
) -> None:
    monkeypatch.setattr(difference, "RELATED_ROWS", bound)
    batch = await returns.bring(*({"other_details": each} for each in "abc"), mode="validate")

    path = f"/imports/{batch['id']}/diff"
    first = (await returns.api.get(path, limit="2")).json()
    page = (await returns.api.get(path, limit="2", cursor=first["next_cursor"])).json()
    (last,) = page["items"]
    assert last["activity"]["details"] == {"from": before, "to": "c"}


async def test_what_is_applied_or_changes_nothing_is_not_in_it(returns: ReturnsClient) -> None:
    applied = await returns.bring({}, {"date_dd": "31"})
    assert await diff(returns.api, applied) == []
    again = await returns.bring_file(as_csv([{}]) + b"\n", mode="validate")
    assert await diff(returns.api, again) == []


async def test_a_clerk_sees_the_rows_that_would_be_applied_for_the_clerk(
    returns: ReturnsClient, api: Api
) -> None:
    elsewhere = {"court": "Testville Court of Appeal", "date_dd": "25"}
    batch = await returns.bring({}, elsewhere, mode="validate")
    assert len(await diff(returns.api, batch)) == 2
    clerk = api.user(Role.DATA_ENTRY, TESTVILLE)
    assert [row["row_no"] for row in await diff(clerk, batch)] == [1]


async def test_it_is_paged(returns: ReturnsClient) -> None:
    batch = await returns.bring({}, {"date_dd": "25"}, {"date_dd": "26"}, mode="validate")
    path = f"/imports/{batch['id']}/diff"
    first = (await returns.api.get(path, limit="2", count="exact")).json()
    assert ([row["row_no"] for row in first["items"]], first["total"]) == ([1, 2], 3)
    rest = await diff(returns.api, batch, cursor=first["next_cursor"])
    assert [row["row_no"] for row in rest] == [3]
