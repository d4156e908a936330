"""Small files that courts have sent, each with what must become of it."""

from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pytest

from common.clock import FrozenClock
from testkit.core.registry import TESTVILLE
from testkit.core.returns import ReturnsClient
from testkit.timing import require_within

FILES: Final = Path(__file__).parents[2] / "data" / "returns"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file, and the counts, file issues and row issues that it leads to."""

    name: str
    counts: dict[str, int]
    of_file: tuple[str, ...] = ()
    of_rows: dict[int, list[str]] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)


SENT: Final = [
    Sent("02-semicolon.csv", {"read": 3, "new": 3}, ("SEPARATOR_FALLBACK",)),
    Sent("04-sep-line.csv", {"read": 3, "new": 3}),
    Sent("05-utf16le-bom-tab.csv", {"read": 3, "new": 3}, ("ENC_FALLBACK", "SEPARATOR_FALLBACK")),
    Sent("13-trailing-commas-rows-only.csv", {"read": 3, "new": 3}),
    Sent("15-short-rows.csv", {"read": 3, "new": 3}),
    Sent("16-cr-only.csv", {"read": 3, "new": 3}),
    Sent("54-cover-sheet-first.xlsx", {"read": 3, "new": 3}, ("SHEET_SKIPPED",)),
    Sent("55-two-data-sheets.xlsx", {"read": 5, "new": 5}),
    Sent("61-dimension-too-small.xlsx", {"read": 10, "new": 10}),
    Sent("63-used-range-to-the-bottom.xlsx", {"read": 3, "new": 3}, ("EMPTY_ROW",)),
    Sent(
        "70-unclosed-quote-to-the-end.csv",
        {"read": 200, "new": 200},
        of_rows={3: ["CELL_SWALLOWS_ROWS"]},
    ),
    Sent("74-one-bad-byte.csv", {"read": 3, "new": 3}, of_rows={1: [], 3: ["CELL_NOT_READABLE"]}),
    Sent("97-header-with-a-note.xlsx", {"read": 2, "new": 2}, ("HDR_MAPPED",)),
    Sent(
        "100-template-without-court-column.csv",
        {"read": 3, "new": 3},
        form={"court_id": str(TESTVILLE)},
    ),
]


@pytest.fixture(autouse=True)
def _after_the_days_in_the_files(clock: FrozenClock) -> None:
    clock.advance(days=60)


async def file_issues(returns: ReturnsClient, batch: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await returns.api.get(f"/imports/{batch['id']}/issues", limit="200")
    return [issue for issue in answer.json()["items"] if issue["row_no"] is None]


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.name)
async def test_every_line_of_the_file_is_accounted_for(returns: ReturnsClient, sent: Sent) -> None:
    batch = await returns.bring_file((FILES / sent.name).read_bytes(), **sent.form)
    assert batch["state"] == "applied", batch
    assert batch["counts"] | sent.counts == batch["counts"]
    assert tuple(each["code"] for each in await file_issues(returns, batch)) == sent.of_file
    codes = await returns.codes(batch)
    for row_no, expected in sent.of_rows.items():
        assert [code for code in codes[row_no - 1] if code.startswith("CELL")] == expected


async def test_rows_carry_their_sheet(returns: ReturnsClient) -> None:
    batch = await returns.bring_file((FILES / "55-two-data-sheets.xlsx").read_bytes())
    rows = await returns.rows(batch)
    assert [row["sheet"] for row in rows] == [*["Sheet"] * 2, *["week 2"] * 3]
    assert not any(name.startswith("#") for row in rows for name in row["raw"])


async def test_a_skipped_sheet_is_named(returns: ReturnsClient) -> None:
    batch = await returns.bring_file((FILES / "54-cover-sheet-first.xlsx").read_bytes())
    (issue,) = await file_issues(returns, batch)
    assert (issue["value"], issue["severity"]) == ("Cover", "info")


async def test_a_quote_that_is_not_closed_is_named_with_its_line_before_and_after_applying(
    returns: ReturnsClient,
) -> None:
    content = (FILES / "70-unclosed-quote-to-the-end.csv").read_bytes()
    batch = await returns.bring_file(content, mode="validate")
    before = (await returns.rows(batch))[2]
    await returns.api.post(f"/imports/{batch['id']}/apply")
    await returns.work(batch["id"])
    after = (await returns.rows(batch))[2]
    assert after["issues"] == before["issues"]
    issue = next(each for each in after["issues"] if each["code"] == "CELL_SWALLOWS_ROWS")
    assert (issue["column"], issue["value"], issue["severity"]) == ("other_details", "4", "warning")
    assert "line 4" in issue["message"]
    assert after["raw"]["other_details"] == "never closed"


async def test_one_bad_byte_is_the_issue_of_its_cell_alone(returns: ReturnsClient) -> None:
    batch = await returns.bring_file((FILES / "74-one-bad-byte.csv").read_bytes())
    rows = await returns.rows(batch)
    assert rows[0]["raw"]["other_details"] == "café \u2019"
    assert rows[1]["raw"]["case_type"] == "Civil Suit\u00a0"
    (issue,) = (each for each in rows[2]["issues"] if each["code"] == "CELL_NOT_READABLE")
    assert issue["column"] == "other_details"


@pytest.mark.quiet
async def test_blanks_to_the_bottom_cost_at_most_a_second_and_are_one_number(
    returns: ReturnsClient,
) -> None:
    content = (FILES / "63-used-range-to-the-bottom.xlsx").read_bytes()
    sent = (await returns.send(content)).json()
    began = perf_counter()
    batch = await returns.work(sent["id"])
    require_within(perf_counter() - began, 5, "one second on a machine that does nothing else")
    assert batch["progress"] == {"done": 3, "total": 3}
    assert len(await returns.rows(batch)) == 3
    (issue,) = await file_issues(returns, batch)
    assert issue["value"] == "1048566"


async def test_zeros_in_the_origins_shape_mean_nothing(returns: ReturnsClient) -> None:
    batch = await returns.bring_file((FILES / "90-origin-shape-44-rows.csv").read_bytes())
    assert batch["counts"]["read"] == 44
    values = [issue["value"] for row in await returns.rows(batch) for issue in row["issues"]]
    assert "0" not in values
    assert "JUDGE_UNKNOWN" not in {code for row in await returns.codes(batch) for code in row}


async def test_numbers_of_a_file_are_read_row_by_row(returns: ReturnsClient) -> None:
    batch = await returns.bring_file((FILES / "34-numbers.csv").read_bytes())
    assert batch["counts"]["read"] == 15
    assert batch["state"] in {"applied", "partial"}


async def test_without_a_court_the_file_fails_and_names_the_column(returns: ReturnsClient) -> None:
    content = (FILES / "100-template-without-court-column.csv").read_bytes()
    batch = await returns.bring_file(content)
    assert (batch["state"], batch["error"]["code"]) == ("failed", "HDR_MISSING")
    assert "court" in batch["error"]["message"]


async def test_a_row_without_court_is_found_again_by_a_file_that_names_it(
    returns: ReturnsClient,
) -> None:
    content = (FILES / "100-template-without-court-column.csv").read_bytes()
    await returns.bring_file(content, court_id=str(TESTVILLE))
    lines = content.decode().splitlines()
    named = [line.replace("line", "court", 1) for line in lines[:1]]
    named += ["Testville," + line.partition(",")[2] for line in lines[1:]]
    changed = "\n".join(named).replace("Directions Given", "Mention Date Given", 1)
    again = await returns.bring_file(changed.encode())
    assert await returns.results(again) == ["CORRECTION", "UNCHANGED", "UNCHANGED"]
