"""Any small file is applied as validation and the difference show it, row by row, and as it is
applied when it is not validated before.

Chunks of two or three rows, so that rows that depend on each other are in different ones.
"""

from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.composition import Units
from common.identity import Grant, Role
from core_service.access.actors import Actor
from core_service.returns.processing import BatchProcessing
from testkit.core.api import Api
from testkit.core.returns import ReturnsClient, as_csv

Row = dict[str, str]
RECORDED = ("NEW", "CORRECTION")
THERE = "Testville Court of Appeal"
BLANK = count()
REGISTERS = (f"R{number}X" for number in count(1))
NAMES_IT = {"original_court": "Testville", "original_number": "E14", "original_year": "2025"}


def one_of(column: str, *values: str) -> st.SearchStrategy[Row]:
    return st.sampled_from([{column: value} for value in values])


MOSTLY_PLAIN = st.sampled_from(
    [
        *[{}] * 6,
        {"date_dd": "31"},
        {"case_type": ""},
        {"male_applicant": "4"},
        {"filed_dd": "4"},
        {"filed_yyyy": "2024"},
        {"case_type": "Criminal Case"},
        {"reason_adj": "Other"},
        {"comingfor": "File Received From Another Court"},
        NAMES_IT | {"court": THERE},
    ]
)
ROWS = st.lists(
    st.tuples(
        one_of("caseid_no", "E14", "E14", "E2", "14", "E77/2024"),
        one_of("date_dd", "24", "24", "25"),
        one_of("judge_1", *["Example, Amina Wanja"] * 3, "", "Sample, John", "Unlisted, Ann"),
        one_of("other_details", "a", "a", "b", "c"),
        one_of(
            "outcome",
            *["Mention Date Given"] * 3,
            "Struck Out",
            "File Transferred",
            "Judgment Delivered",
        ),
        one_of("court", *["Testville"] * 4, THERE),
        MOSTLY_PLAIN,
    ).map(lambda parts: {name: value for part in parts for name, value in part.items()}),
    min_size=1,
    max_size=8,
)


@pytest.fixture
def returns(core: Units, api: Api) -> ReturnsClient:
    """The returns of an administrator of both courts."""
    return ReturnsClient(core, api.granted(Grant(Role.ADMIN)))


async def seen(returns: ReturnsClient, batch: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The result, the issues and the case of each row."""
    return [
        (
            row["result"],
            [
                (issue["code"], issue["column"], issue["value"], issue["suggestion"])
                for issue in row["issues"]
            ],
            row["case_id"],
        )
        for row in await returns.rows(batch)
    ]


async def processed(
    returns: ReturnsClient, processing: BatchProcessing, rows: list[Row], mode: str
) -> dict[str, Any]:
    blank = b"\n" * next(BLANK)  # the same rows may be sent again, as another file
    sent: dict[str, Any] = (await returns.send(as_csv(rows) + blank, mode=mode)).json()
    await processing.run(UUID(sent["id"]))
    return sent


def of_register(rows: list[Row], register: str) -> list[Row]:
    return [{"caseid_type": register, **row} for row in rows]


async def changes(returns: ReturnsClient, batch: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await returns.api.get(f"/imports/{batch['id']}/diff", limit="200")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files=st.lists(ROWS, min_size=1, max_size=3), chunk_rows=st.integers(2, 3))
async def test_any_file_is_applied_as_previewed(
    returns: ReturnsClient, core: Units, files: list[list[Row]], chunk_rows: int
) -> None:
    processing = replace(core.get(BatchProcessing), chunk_rows=chunk_rows)
    register, at_once = next(REGISTERS), next(REGISTERS)  # of this example alone
    for rows in files:
        batch = await processed(returns, processing, of_register(rows, register), "validate")
        before, counted = await seen(returns, batch), (await returns.batch(batch["id"]))["counts"]
        difference = await changes(returns, batch)
        answer = await returns.api.post(f"/imports/{batch['id']}/apply")
        assert answer.status_code == 202, answer.text
        await processing.run(UUID(batch["id"]), Actor(returns.api.user_id))
        after = await seen(returns, batch)
        assert [each[:2] for each in after] == [each[:2] for each in before], rows
        for (_, _, case_before), (_, _, case_after) in zip(before, after, strict=True):
            assert case_before in (None, case_after)
        counts = dict((await returns.batch(batch["id"]))["counts"])
        assert counts == counted
        assert counts.pop("read") == sum(counts.values())
        assert await recorded(returns, batch) == [
            (row["row_no"], row["result"], row["activity"].get("details")) for row in difference
        ]
        other = await processed(returns, processing, of_register(rows, at_once), "apply")
        unpreviewed = await seen(returns, other)
        assert [each[0] for each in unpreviewed] == [each[0] for each in after], rows
        assert [issues for _, issues, _ in unpreviewed] == [
            [tuple(text and text.replace(register, at_once) for text in issue) for issue in issues]
            for _, issues, _ in after
        ]


async def recorded(returns: ReturnsClient, batch: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that are recorded, and how the details of their activities differ from before."""
    found = []
    for row in await returns.rows(batch):
        if row["result"] in RECORDED:
            path = f"/cases/{row['case_id']}/activities"
            items = (await returns.api.get(path, limit="200")).json()["items"]
            by_id = {each["id"]: each for each in items}
            activity = by_id[row["activity_id"]]
            old = by_id.get(activity["supersedes_id"])
            was, now = old and old["details"], activity["details"]
            change = None if was == now else {"from": was, "to": now}
            found.append((row["row_no"], row["result"], change))
    return found
