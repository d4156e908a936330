"""Rows and issues as CSV for spreadsheets: streamed, and as visible as in the lists."""

import csv
import io
from typing import Any

from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient

BAD = {"date_dd": "31", "other_details": '=cmd|"/C calc"!A0'}
ELSEWHERE = {"court": "Testville Court of Appeal", "date_dd": "25"}


async def table(api: Api, batch: dict[str, Any], name: str, **params: str) -> list[dict[str, str]]:
    answer = await api.get(f"/imports/{batch['id']}/{name}.csv", **params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    content = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content)))


async def test_rows_are_downloaded_with_results_and_issues(returns: ReturnsClient) -> None:
    batch = await returns.bring({"court": "Testville"}, BAD)
    rows = await table(returns.api, batch, "rows")
    assert [(row["row_no"], row["result"]) for row in rows] == [("1", "NEW"), ("2", "REJECTED")]
    assert (rows[0]["judge_1"], rows[1]["issues"]) == ("Example, Amina Wanja", "DATE_NONEXISTENT")
    assert "28 days" in rows[1]["messages"]
    only = await table(returns.api, batch, "rows", result="REJECTED")
    assert [row["row_no"] for row in only] == ["2"]


async def test_a_cell_that_a_spreadsheet_would_run_is_text(returns: ReturnsClient) -> None:
    batch = await returns.bring(BAD)
    (row,) = await table(returns.api, batch, "rows")
    assert row["other_details"] == '\'=cmd|"/C calc"!A0'


async def test_issues_are_downloaded_by_code_and_severity(returns: ReturnsClient) -> None:
    batch = await returns.bring(BAD, {"judge_1": "Unlisted, Ann"})
    issues = await table(returns.api, batch, "issues")
    assert [(each["row_no"], each["code"]) for each in issues] == [
        ("1", "DATE_NONEXISTENT"),
        ("2", "JUDGE_UNKNOWN"),
    ]
    held = await table(returns.api, batch, "issues", severity="held")
    assert [each["value"] for each in held] == ["Unlisted, Ann"]
    assert await table(returns.api, batch, "issues", code="EMPTY_ROW") == []


async def test_more_rows_than_a_page_are_all_there(returns: ReturnsClient) -> None:
    batch = await returns.bring(*({"caseid_no": f"E{number}"} for number in range(450)))
    rows = await table(returns.api, batch, "rows")
    assert [row["row_no"] for row in rows] == [str(number) for number in range(1, 451)]


async def test_what_the_lists_hide_is_in_no_download(returns: ReturnsClient, api: Api) -> None:
    batch = await returns.bring({}, ELSEWHERE, ELSEWHERE | BAD)
    clerk = api.user(Role.DATA_ENTRY, TESTVILLE)
    assert [row["row_no"] for row in await table(clerk, batch, "rows")] == ["1"]
    assert await table(clerk, batch, "issues") == []
    stranger = api.user(Role.DATA_ENTRY, APPEAL)
    own = await returns.of(clerk).bring({"caseid_no": "E77"})
    for name in ("rows", "issues"):
        answer = await stranger.get(f"/imports/{own['id']}/{name}.csv")
        assert (answer.status_code, answer.json()["code"]) == (404, "import-not-found")
