"""`masijala report` against a made-up gateway, which answers as core's examples do."""

import io
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from common.http_client import ServiceClient
from core_service.description import read_examples
from devstack.accounts import SignedIn
from devstack.errors import StackError
from devstack.reporting import print_report

COURT = "01941f29-7c00-7dbb-8f22-663e202ca569"
MONTH = "2026-04"
WORKBOOK = b"PK\x03\x04 a workbook"
MATRIX = {"figure": "matrix", "group": None, "cases": None}
CHANGES: list[dict[str, Any]] = [
    MATRIX | {"values": [{"name": "new", "published": 3, "now": 4}]},
    {
        "figure": "matrix",
        "group": {"category": {"id": COURT, "code": "CIVIL", "name": "Civil [Suit]"}},
        "values": [{"name": "new", "published": None, "now": 4}],
        "cases": [
            {"column": "new", "change": 1, "case_id": COURT, "number": "HCCC E7 of 2026"},
            {"column": "disposed", "change": -1, "case_id": COURT, "number": "HCCC E8 of 2026"},
        ],
    },
]


def example(**changed: Any) -> dict[str, Any]:
    recorded: dict[str, Any] = read_examples()["GET /api/v1/reports/monthly"]["200"]
    return deepcopy(recorded) | changed


def restated(changes: list[dict[str, Any]]) -> dict[str, Any]:
    publication = {"month": "2026-03", "published_at": "2026-04-02T08:00:00Z"}
    return example(last_month={"published": publication, "changes": changes})


async def printed(report: dict[str, Any], out: Path | None = None, court: str = "tst") -> str:
    """What is printed of a report; fails for a request that the command is not known to send."""

    def answer(request: httpx.Request) -> httpx.Response:
        path, params = request.url.path, request.url.params
        if path.endswith("/auth/login"):
            return httpx.Response(200, json={"access_token": "token"})
        if path == "/api/v1/courts":
            found = [{"id": COURT, "code": "TST", "name": "Testville"}]
            return httpx.Response(200, json={"items": found, "next_cursor": None})
        assert (path, params["court"], params["month"]) == ("/api/v1/reports/monthly", COURT, MONTH)
        if params.get("format") == "xlsx":
            return httpx.Response(200, content=WORKBOOK)
        return httpx.Response(200, json=report)

    shown = io.StringIO()
    client = ServiceClient("http://gateway", transport=httpx.MockTransport(answer))
    try:
        user = SignedIn(client, "viewer@masijala.example", "right")
        await print_report(user, court, MONTH, out, Console(file=shown, width=160))
    finally:
        await client.aclose()
    return shown.getvalue()


def line(text: str, *words: str) -> str:
    """The first line that has all of these words."""
    return next(each for each in text.splitlines() if all(word in each for word in words))


async def test_every_figure_is_printed_with_its_groups_and_its_totals() -> None:
    report = example()
    text = await printed(report)
    assert text.startswith(f"{report['court']['name']}, {MONTH}\n")
    for name in report["figures"]:
        assert line(text, name.replace("_", " "))
    totals, group = report["figures"]["matrix"]["totals"], report["figures"]["matrix"]["items"][0]
    cells = line(text, "begin active").split("│")
    assert [cell.strip() for cell in cells[-3:-1]] == [
        str(group["begin_active"]),
        str(totals["begin_active"]),
    ]
    assert group["group"]["category"]["name"] in text
    assert "cases_url" not in text


async def test_a_rate_is_printed_with_its_parts() -> None:
    report = example()
    rate = {"numerator": 1, "denominator": 3, "value": 33.33}
    report["figures"]["clearance"]["totals"]["clearance"] = rate
    assert "1 / 3 = 33.33 %" in line(await printed(report), "clearance", "=")


async def test_it_says_whether_the_month_is_published() -> None:
    assert "not published" in await printed(example())
    published = example(published={"published_at": "2026-05-02T08:00:00Z"})
    assert "published on 2026-05-02" in await printed(published)


async def test_what_has_changed_since_is_printed_with_the_cases_of_its_column() -> None:
    text = await printed(restated(CHANGES))
    assert line(text, "2026-03 by what is known now")
    assert [cell.strip() for cell in line(text, "matrix", " all ").split("│")[3:6]] == [
        *("new", "3", "4")
    ]
    assert "+1 HCCC E7 of 2026" in line(text, "matrix", "Civil [Suit]")
    assert "E8" not in text


async def test_it_says_when_nothing_has_changed() -> None:
    assert "nothing has changed" in await printed(restated([]))
    assert "nothing has changed" not in await printed(restated(CHANGES))


async def test_the_workbook_is_written_when_it_is_requested(tmp_path: Path) -> None:
    out = tmp_path / "april.xlsx"
    assert f"written: {out}" in await printed(example(), out)
    assert out.read_bytes() == WORKBOOK


async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"--out .*nowhere.*: No such file"):
        await printed(example(), tmp_path / "nowhere" / "april.xlsx")


async def test_a_court_of_no_such_name_is_refused() -> None:
    with pytest.raises(StackError, match="--court Elsewhere"):
        await printed(example(), court="Elsewhere")
