"""Rows that wait for a decision about an unknown spelling."""

import asyncio
from typing import Any
from uuid import UUID

from common.composition import Units
from core_service.jobs import JobQueue
from core_service.returns.processing import BatchProcessing
from testkit.core.api import Api
from testkit.core.registry import AMINA, JOHN, activity_type
from testkit.core.returns import ReturnsClient, as_csv

UNKNOWN = {"judge_1": "Unlisted, Ann May"}


async def _pending(api: Api, kind: str = "judge") -> list[dict[str, Any]]:
    found = (await api.get("/aliases", kind=kind, state="pending")).json()["items"]
    return list(found)


async def _decide(core: Units, admin: Api, alias: dict[str, Any], target: UUID | None) -> None:
    """Decide, and do the worker's part."""
    path = f"/aliases/{alias['id']}"
    if target is None:
        decided = await admin.post(f"{path}/reject")
    else:
        decided = await admin.post(f"{path}/accept", {"target_id": str(target)})
    assert decided.status_code == 200, decided.text
    await core.get(BatchProcessing).release(UUID(alias["id"]))


async def test_all_spellings_of_an_unknown_name_wait_behind_one_alias(
    returns: ReturnsClient, admin: Api
) -> None:
    other = {"judge_1": "UNLISTED,ann  may", "date_dd": "25"}
    first = await returns.bring(UNKNOWN, other)
    second = await returns.bring(UNKNOWN | {"date_dd": "26"})
    assert [await returns.results(batch) for batch in (first, second)] == [
        ["HELD", "HELD"],
        ["HELD"],
    ]
    (alias,) = await _pending(admin)
    assert alias["raw"] == "Unlisted, Ann May"
    assert (alias["first_seen_batch_id"], alias["first_seen_row_no"]) == (first["id"], 1)
    rows = await returns.rows(first)
    assert {issue["alias_id"] for row in rows for issue in row["issues"]} == {alias["id"]}


async def test_accepting_applies_every_row_that_waited_and_future_ones_at_once(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    first = await returns.bring(UNKNOWN, {"date_dd": "25"})
    second = await returns.bring(UNKNOWN | {"date_dd": "26"})
    assert first["state"] == second["state"] == "partial"
    (alias,) = await _pending(admin)
    await _decide(core, admin, alias, AMINA)
    for batch, results in [(first, ["NEW", "NEW"]), (second, ["NEW"])]:
        assert await returns.results(batch) == results
        assert (await returns.batch(batch["id"]))["state"] == "applied"
        assert (await returns.batch(batch["id"]))["counts"]["held"] == 0
    assert await returns.codes(first) == [["JUDGE_SPELLING"], []]
    assert (await returns.case())["activity_count"] == 3
    third = await returns.bring(UNKNOWN | {"date_dd": "27"})
    assert await returns.results(third) == ["NEW"]


async def test_a_row_that_waits_for_two_names_needs_both(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    batch = await returns.bring(UNKNOWN | {"comingfor": "Tea"})
    (judge,), (purpose,) = await _pending(admin), await _pending(admin, "activity_type")
    await _decide(core, admin, judge, JOHN)
    assert await returns.codes(batch) == [["TYPE_UNKNOWN"]]
    await _decide(core, admin, purpose, activity_type("Mention"))
    assert await returns.results(batch) == ["NEW"]


async def test_a_rejected_spelling_rejects_its_rows_until_it_is_accepted_after_all(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    batch = await returns.bring(UNKNOWN)
    (alias,) = await _pending(admin)
    await _decide(core, admin, alias, None)
    assert await returns.results(batch) == ["REJECTED"]
    assert await returns.codes(batch) == [["NAME_REJECTED"]]
    later = await returns.bring(UNKNOWN | {"date_dd": "25"})
    assert await returns.results(later) == ["REJECTED"]
    await _decide(core, admin, alias, AMINA)
    assert [await returns.results(one) for one in (batch, later)] == [["NEW"], ["NEW"]]


async def test_twins_that_waited_together_count_once(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    batch = await returns.bring(UNKNOWN, UNKNOWN)
    again = await returns.bring(UNKNOWN, UNKNOWN, {"date_dd": "25"})
    (alias,) = await _pending(admin)
    await _decide(core, admin, alias, AMINA)
    assert await returns.results(batch) == ["NEW", "DUPLICATE"]
    assert await returns.results(again) == ["UNCHANGED", "DUPLICATE", "NEW"]
    assert (await returns.case())["activity_count"] == 2


async def test_a_row_that_waited_does_not_undo_a_later_row(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    here = await returns.bring(UNKNOWN | {"other_details": "old"}, {"other_details": "new"})
    (alias,) = await _pending(admin)
    await _decide(core, admin, alias, AMINA)
    assert await returns.results(here) == ["DUPLICATE", "NEW"]
    case = await returns.case()
    activities = (await returns.api.get(f"/cases/{case['id']}/activities")).json()["items"]
    assert [activity["details"] for activity in activities] == ["new"]


async def test_a_file_of_one_batch_does_not_undo_a_later_batch(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    first = await returns.bring(UNKNOWN | {"other_details": "old"})
    await returns.bring({"other_details": "new"})
    (alias,) = await _pending(admin)
    await _decide(core, admin, alias, AMINA)
    assert await returns.results(first) == ["UNCHANGED"]


async def test_a_validated_batch_takes_the_decision_up_when_it_is_applied(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    batch = await returns.bring(UNKNOWN, mode="validate")
    (alias,) = await _pending(admin)
    await _decide(core, admin, alias, AMINA)
    assert await returns.results(batch) == ["HELD"]
    await returns.api.post(f"/imports/{batch['id']}/apply")
    await returns.work(batch["id"])
    assert await returns.results(batch) == ["NEW"]


async def test_a_decision_cannot_slip_in_while_a_chunk_with_its_spelling_is_written(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    """Whether it comes before, during or after, no row is left waiting for a settled spelling."""
    await returns.bring(UNKNOWN)
    (alias,) = await _pending(admin)
    sent = [
        (await returns.send(as_csv([UNKNOWN | {"date_dd": str(day)}]))).json()["id"]
        for day in range(1, 5)
    ]
    processing = core.get(BatchProcessing)
    await asyncio.gather(
        *(processing.run(UUID(batch_id)) for batch_id in sent),
        _decide(core, admin, alias, AMINA),
    )
    for batch_id in sent:
        assert (await returns.batch(batch_id))["counts"]["held"] == 0


async def test_the_job_that_releases_rows_is_queued_with_the_decision(
    returns: ReturnsClient, core: Units, admin: Api
) -> None:
    await returns.bring(UNKNOWN)
    (alias,) = await _pending(admin)
    await admin.post(f"/aliases/{alias['id']}/accept", {"target_id": str(AMINA)})
    async with core.get(JobQueue).app.open_async():
        jobs = list(
            await core.get(JobQueue).app.job_manager.list_jobs_async(task="returns:release")
        )
    assert [job.task_kwargs for job in jobs] == [
        {"alias_id": alias["id"], "by": {"user_id": str(admin.user_id)}}
    ]
