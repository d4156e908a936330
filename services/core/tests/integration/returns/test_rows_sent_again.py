"""A row that an earlier file has brought is recognised by its cells, as long as nothing differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from common.identity import Role
from core_service.returns.judging import chunk
from core_service.returns.judging.judgement import Judgement, judge
from core_service.returns.judging.row import Cells
from testkit.core.api import Api
from testkit.core.registry import AMINA, APPEAL, TESTVILLE
from testkit.core.returns import MENTION, ReturnsClient

SPELT: Final = {"judge_1": "EXAMPLE,  Amina Wanja", "custody": "2"}
OTHER: Final = {"caseid_no": "E9"}


@dataclass(frozen=True, slots=True)
class Validated:
    """Files that are applied as they are sent, or validated first."""

    first: bool

    async def bring(
        self, returns: ReturnsClient, *rows: Mapping[str, str], **form: str
    ) -> dict[str, Any]:
        """A file with these rows, applied."""
        batch = await returns.bring(*rows, mode="validate" if self.first else "apply", **form)
        if self.first:
            await returns.api.post(f"/imports/{batch['id']}/apply")
            return await returns.work(batch["id"])
        return batch

    async def again(
        self, returns: ReturnsClient, *others: Mapping[str, str], **form: str
    ) -> list[dict[str, Any]]:
        """The rows of a file that brings the row again, behind others."""
        return await returns.rows(await self.bring(returns, *(others or [OTHER]), SPELT, **form))


@pytest.fixture(params=[False, True], ids=["at once", "validated first"])
def validated(request: pytest.FixtureRequest) -> Validated:
    return Validated(request.param)


@pytest.fixture
async def first(returns: ReturnsClient, validated: Validated) -> dict[str, Any]:
    """The row as an earlier file has brought it."""
    (row,) = await returns.rows(await validated.bring(returns, SPELT))
    return row


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of the cases of rows that are judged from now on."""
    numbers: list[str] = []

    def noted(cells: Cells, *others: Any) -> Judgement:
        numbers.append(cells["caseid_no"])
        return judge(cells, *others)

    monkeypatch.setattr(chunk, "judge", noted)
    return numbers


async def test_it_is_unchanged_with_the_remarks_of_its_judgement(
    returns: ReturnsClient, validated: Validated, first: dict[str, Any]
) -> None:
    row = (await validated.again(returns))[1]

    assert row["result"] == "UNCHANGED"
    assert row["raw"] == first["raw"]
    assert (row["case_id"], row["activity_id"]) == (first["case_id"], first["activity_id"])
    codes = [issue["code"] for issue in row["issues"]]
    assert codes == [*(issue["code"] for issue in first["issues"]), "DUP_ROW"]


async def test_it_is_not_judged_again(
    returns: ReturnsClient, validated: Validated, first: dict[str, Any], judged: list[str]
) -> None:
    assert (await validated.again(returns))[1]["activity_id"] == first["activity_id"]
    assert set(judged) == {OTHER["caseid_no"]}


async def test_it_is_judged_again_when_a_name_means_something_else(
    returns: ReturnsClient, validated: Validated, admin: Api, first: dict[str, Any]
) -> None:
    posting = {"court_id": str(APPEAL), "from": "2025-02-20", "to": "2025-02-25"}
    await admin.post(f"/judges/{AMINA}/postings", posting)

    row = (await validated.again(returns))[1]

    assert row["activity_id"] == first["activity_id"]
    assert "JUDGE_NO_POSTING" in [issue["code"] for issue in row["issues"]]


async def test_it_is_judged_by_the_court_that_its_file_is_sent_for(
    returns: ReturnsClient, validated: Validated
) -> None:
    blank = {"court": ""}
    await validated.bring(returns, blank, court_id=str(TESTVILLE))

    elsewhere = await validated.bring(returns, blank, OTHER | blank, court_id=str(APPEAL))

    assert await returns.results(elsewhere) == ["NEW", "NEW"]


async def test_it_is_recorded_again_when_its_activity_counts_no_more(
    returns: ReturnsClient, validated: Validated, admin: Api, first: dict[str, Any]
) -> None:
    path = f"/activities/{first['activity_id']}/void"
    assert (await admin.post(path, {"reason": "Of another case"})).is_success

    row = (await validated.again(returns))[1]

    assert row["result"] == "NEW"
    third = (await validated.again(returns, {"caseid_no": "E10"}))[1]
    assert (third["result"], third["activity_id"]) == ("UNCHANGED", row["activity_id"])


async def test_it_is_refused_when_its_case_is_deleted(
    returns: ReturnsClient, validated: Validated, admin: Api, first: dict[str, Any]
) -> None:
    path = f"/cases/{first['case_id']}"
    version = (await admin.get(path)).headers["ETag"]
    await admin.call("DELETE", path, headers={"If-Match": version})

    assert (await validated.again(returns))[1]["result"] == "REJECTED"


@pytest.mark.usefixtures("first")
async def test_it_is_rejected_for_a_sender_who_may_not_write_at_its_court(
    returns: ReturnsClient, validated: Validated, api: Api
) -> None:
    others = returns.of(api.user(Role.DATA_ENTRY, APPEAL))
    elsewhere = {"court": "Testville Court of Appeal"}

    row = (await validated.again(others, elsewhere))[1]

    assert (row["result"], row["issues"][-1]["code"]) == ("REJECTED", "COURT_NOT_GRANTED")


@pytest.mark.usefixtures("first")
async def test_it_is_compared_with_other_rows_of_its_case_and_day(
    returns: ReturnsClient, validated: Validated, judged: list[str]
) -> None:
    corrects = SPELT | {"outcome": "Adjourned"}

    rows = await validated.again(returns, corrects)

    # Of an event that was known before, the last version alone corrects.
    assert [row["result"] for row in rows] == ["DUPLICATE", "UNCHANGED"]
    assert judged.count("E014") > 1


async def test_it_is_recognised_whether_its_file_was_validated_first_or_not(
    returns: ReturnsClient, judged: list[str]
) -> None:
    at_once, stepwise = Validated(first=False), Validated(first=True)
    await stepwise.bring(returns, SPELT)
    await at_once.bring(returns, OTHER)
    judged.clear()

    rows = [
        *await returns.rows(await at_once.bring(returns, SPELT, {"caseid_no": "E1"})),
        *await returns.rows(await stepwise.bring(returns, OTHER, {"caseid_no": "E2"})),
    ]

    assert [row["result"] for row in rows] == ["UNCHANGED", "NEW", "UNCHANGED", "NEW"]
    assert set(judged) == {"E1", "E2"}


async def test_a_row_is_looked_at_again_when_what_it_repeats_is_voided_before_it_is_applied(
    returns: ReturnsClient, admin: Api
) -> None:
    (first,) = await returns.rows(await returns.bring(SPELT))
    batch = await returns.bring(OTHER, SPELT, mode="validate")
    assert await returns.results(batch) == ["NEW", "UNCHANGED"]

    await admin.post(f"/activities/{first['activity_id']}/void", {"reason": "Of another case"})
    await returns.api.post(f"/imports/{batch['id']}/apply")
    await returns.work(batch["id"])

    assert await returns.results(batch) == ["NEW", "NEW"]


async def test_a_row_that_is_repaired_to_the_same_event_is_compared_with_it(
    returns: ReturnsClient,
) -> None:
    await returns.bring(SPELT)
    wrong = SPELT | {"date_dd": "31", "outcome": "Adjourned"}
    batch = await returns.bring(wrong, SPELT, mode="validate")
    assert await returns.results(batch) == ["REJECTED", "UNCHANGED"]

    path = f"/imports/{batch['id']}/rows/1"
    tag = (await returns.api.get(path)).headers["ETag"]
    cells = {"date_dd": MENTION["date_dd"]}
    repaired = await returns.api.call("PATCH", path, json=cells, headers={"If-Match": tag})

    assert repaired.status_code == 200, repaired.text
    # Of an event that was known before, the last version alone corrects.
    assert await returns.results(batch) == ["DUPLICATE", "UNCHANGED"]
