"""The seal that came with a file goes when the transfer is taken back; a decided one stays."""

from typing import Any, Final

import pytest

from common.composition import Units
from common.identity import Grant, Role
from core_service.jobs import JobQueue
from core_service.rebuild import rebuild
from core_service.returns import tasks
from testkit.core.api import Api
from testkit.core.returns import ReturnsClient, work_off_the_queue
from testkit.core.reverts import Reverted, all_rows

WHY: Final = {"reason": "The file of another week"}
MARCH: Final = {"date_mon": "Mar"}
LEFT: Final = MARCH | {"date_dd": "3", "outcome": "File Transferred"}
THERE: Final = "COACA E005 of 2025"
ARRIVED: Final = MARCH | {
    "court": "Testville Court of Appeal",
    "caseid_type": "COACA",
    "caseid_no": "E005",
    "date_dd": "5",
    "original_court": "Testville",
    "original_code": "HCCC",
    "original_number": "E014",
    "original_year": "2025",
}


@pytest.fixture(autouse=True)
def jobs_of_imports(core: Units) -> None:
    tasks.register(core.get(JobQueue).app)


@pytest.fixture
def returns(core: Units, api: Api) -> ReturnsClient:
    """The returns of an administrator of both courts."""
    return ReturnsClient(core, api.granted(Grant(Role.ADMIN)))


async def decide(returns: ReturnsClient, number: str, what: str) -> None:
    case = await returns.case(number)
    answer = await returns.api.post(f"/cases/{case['id']}/{what}", WHY)
    assert answer.status_code == 200, answer.text


async def sealed_there(returns: ReturnsClient) -> bool:
    return bool((await returns.case(THERE))["sealed"])


async def transferred(returns: ReturnsClient) -> dict[str, Any]:
    """The import that reports that a sealed file has left, for a case that is known there."""
    batch = await returns.bring(LEFT)
    assert await sealed_there(returns)
    return batch


async def revert(returns: ReturnsClient, batch: dict[str, Any]) -> None:
    answer = await returns.api.post(f"/imports/{batch['id']}/revert", WHY)
    assert answer.status_code == 200, answer.text
    await work_off_the_queue(returns.core)
    assert (await returns.batch(batch["id"]))["state"] == "reverted"


@pytest.fixture
async def known_at_both(returns: ReturnsClient) -> None:
    await returns.bring({})
    await decide(returns, "HCCC E014 of 2025", "seal")
    await returns.bring(ARRIVED)
    assert not await sealed_there(returns)


@pytest.mark.usefixtures("known_at_both")
async def test_a_seal_that_came_with_the_file_goes_with_the_revert(
    returns: ReturnsClient, core: Units
) -> None:
    before = await all_rows(core)
    batch = await transferred(returns)
    await revert(returns, batch)
    assert not await sealed_there(returns)
    assert Reverted(before, await all_rows(core), [batch["id"]]).faults() == []
    assert (await rebuild(core)).changed == 0


@pytest.mark.usefixtures("known_at_both")
async def test_it_goes_too_when_the_departure_is_voided(returns: ReturnsClient) -> None:
    row = (await returns.rows(await transferred(returns)))[0]
    answer = await returns.api.call(
        "POST", f"/activities/{row['activity_id']}/void", json=WHY, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    assert not await sealed_there(returns)


@pytest.mark.usefixtures("known_at_both")
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_seal_that_was_decided_stays(returns: ReturnsClient, when: str) -> None:
    if when == "before":
        await decide(returns, THERE, "seal")
    batch = await transferred(returns)
    if when == "after":
        await decide(returns, THERE, "seal")
    await revert(returns, batch)
    assert await sealed_there(returns)


@pytest.mark.usefixtures("known_at_both")
async def test_a_decision_that_was_taken_back_does_not_keep_the_seal(
    returns: ReturnsClient,
) -> None:
    await decide(returns, THERE, "seal")
    await decide(returns, THERE, "unseal")
    batch = await transferred(returns)
    await revert(returns, batch)
    assert not await sealed_there(returns)


async def test_a_case_that_goes_on_being_the_files_arrival_keeps_its_seal(
    returns: ReturnsClient,
) -> None:
    await returns.bring({})
    await decide(returns, "HCCC E014 of 2025", "seal")
    await returns.bring(LEFT)
    await returns.bring(ARRIVED)
    later = await returns.bring(ARRIVED | {"date_dd": "7"})
    await revert(returns, later)
    assert await sealed_there(returns)
