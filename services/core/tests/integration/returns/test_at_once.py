"""A file that is applied as it is sent comes to what it comes to when it is validated first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, Final
from uuid import UUID

import pytest

from common.composition import Units
from common.http_client import Call, ServiceResponse
from core_service.returns.processing import BatchProcessing
from testkit.core.api import Api
from testkit.core.auth import FakeAuth, with_auth
from testkit.core.registry import AMINA
from testkit.core.returns import ReturnsClient, as_csv

UNKNOWN: Final = {"judge_1": "Unlisted, Ann May"}
Row = Mapping[str, str]


class Deciding(FakeAuth):
    """Accepts the one spelling that waits when it has been called `calls_received` so many times:
    once before each chunk is read, then once before each is applied.
    """

    def __init__(self, auth: FakeAuth, admin: Api, answers: int) -> None:
        super().__init__()
        self.users = auth.users
        self.admin = admin
        self.answers = answers

    async def send(self, call: Call) -> ServiceResponse:
        if self.calls_received == self.answers:
            (alias,) = (await self.admin.get("/aliases", kind="judge")).json()["items"]
            accepting = f"/aliases/{alias['id']}/accept", {"target_id": str(AMINA)}
            assert (await self.admin.post(*accepting)).is_success
        return await super().send(call)


@pytest.mark.parametrize(
    ("answers", "results"),
    [(3, ["NEW", "NEW", "NEW"]), (4, ["HELD", "NEW", "NEW"])],
    ids=["before the first row is applied", "before the second"],
)
async def test_a_spelling_decided_meanwhile_is_known_to_the_rows_that_follow(
    returns: ReturnsClient,
    core: Units,
    admin: Api,
    auth: FakeAuth,
    answers: int,
    results: list[str],
) -> None:
    rows = [UNKNOWN | {"date_dd": str(day)} for day in (3, 4, 5)]
    batch = (await returns.send(as_csv(rows))).json()
    processing = with_auth(Deciding(auth, admin, answers), core).get(BatchProcessing)

    await replace(processing, chunk_rows=1).run(UUID(batch["id"]))

    assert await returns.results(batch) == results
    # What was stored before the decision is found by the job that the decision has queued.
    (alias,) = (await admin.get("/aliases", kind="judge", state="accepted")).json()["items"]
    await core.get(BatchProcessing).release(UUID(alias["id"]))
    assert await returns.results(batch) == ["NEW", "NEW", "NEW"]


def some_rows(chance: Random) -> list[dict[str, str]]:
    """Events of few cases, days and judges: repeated, corrected, closed, wrong, or waiting."""
    return [
        {
            "caseid_no": chance.choice(["E1", "E2", "E2/2025", "3"]),
            "date_dd": chance.choice(["10", "11", "31"]),
            "judge_1": chance.choice(["Example, Amina Wanja", "Sample, John", "Unlisted, Ann"]),
            "comingfor": chance.choice(["Mention", "Hearing"]),
            "outcome": chance.choice(["Mention Date Given", "Ruling Delivered- Case Closed", ""]),
            "male_applicant": chance.choice(["1", "2"]),
        }
        for _ in range(chance.randrange(1, 13))
    ] + [{"caseid_no": "E9"}]  # there is something to apply in each file


def corrected(rows: Sequence[Row], chance: Random) -> list[dict[str, str]]:
    """The file sent again, of which some rows say something else."""
    again = [
        {**row, "outcome": "Adjourned"} if chance.random() < 0.3 else dict(row) for row in rows
    ]
    return [*again, {"caseid_no": "E8"}]


async def brought(
    returns: ReturnsClient, rows: Sequence[Row], *, court: str, validated_first: bool
) -> list[Any]:
    """Each row's result and codes, but for the one that tells the two courts' types apart."""
    content = as_csv([{**row, "court": court} for row in rows])
    mode = "validate" if validated_first else "apply"
    processing = replace(returns.core.get(BatchProcessing), chunk_rows=3)
    batch = (await returns.send(content, mode=mode)).json()
    await processing.run(UUID(batch["id"]))
    if validated_first:
        applied = await returns.api.post(f"/imports/{batch['id']}/apply")
        assert applied.is_success, applied.text
        await processing.run(UUID(batch["id"]))
    rows_read = await returns.rows(batch)
    codes = [[issue["code"] for issue in row["issues"]] for row in rows_read]
    return [
        (row["result"], [code for code in each if code != "COURT_TYPE_MISMATCH"])
        for row, each in zip(rows_read, codes, strict=True)
    ]


@pytest.mark.parametrize("seed", range(20))
async def test_both_roads_give_each_row_the_same_result(
    returns: ReturnsClient, admin: Api, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - repeatable files
    first = some_rows(chance)
    for rows in (first, corrected(first, chance)):
        at_once = await brought(returns.of(admin), rows, court="Testville", validated_first=False)
        in_two = await brought(returns.of(admin), rows, court="Demoville", validated_first=True)
        assert at_once == in_two
