"""A reverted import leaves every case as it was before, and is refused where others build on it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from core_service.access.actors import Actor
from core_service.jobs import JobQueue
from core_service.returns import tasks
from core_service.returns.processing import BatchProcessing
from core_service.returns.revert_job import RevertJob
from testkit.core.api import Api
from testkit.core.auth import FakeAuth
from testkit.core.registry import TESTVILLE, case_body
from testkit.core.returns import ReturnsClient, as_csv, work_off_the_queue

WHY: Final = {"reason": "The file of another week"}
ELSEWHERE: Final = {"court": "Testville Court of Appeal", "date_dd": "25"}
CUSTODY: Final = {"custody": "3", "legalrep": "Yes"}
# What counts, without what every write renews. Times and IDs of derived rows follow from when they
# were derived.
LIVE: Final = {
    "cases": "SELECT to_jsonb(c) - '{version,updated_at,updated_by}'::text[] FROM cases c"
    " WHERE deleted_at IS NULL ORDER BY id",
    "case_activities": "SELECT to_jsonb(a) - '{version,updated_at,updated_by}'::text[]"
    " FROM case_activities a WHERE voided_at IS NULL ORDER BY id",
    "activity_judges": "SELECT to_jsonb(j) FROM activity_judges j JOIN case_activities a"
    " ON a.id = activity_id WHERE voided_at IS NULL ORDER BY activity_id, position",
    "case_status_events": "SELECT to_jsonb(e) - '{id,recorded_at,retracted_at}'::text[]"
    " FROM case_status_events e JOIN cases c ON c.id = e.case_id"
    " WHERE retracted_at IS NULL AND deleted_at IS NULL ORDER BY case_id, effective_on, kind",
    "hearings": "SELECT to_jsonb(h) - '{id,version,created_at,updated_at,updated_by}'::text[]"
    " FROM hearings h ORDER BY case_id, hearing_on",
    "case_judge_assignments": "SELECT to_jsonb(j) -"
    " '{id,version,created_at,updated_at,updated_by}'::text[]"
    " FROM case_judge_assignments j ORDER BY case_id, role, from_on",
}


@dataclass(frozen=True, slots=True)
class Registry:
    """The registry's tables as they are."""

    core: Units

    async def live(self) -> dict[str, list[Any]]:
        async with self.core.database.transaction() as session:
            connection = await session.connection()
            return {
                table: list((await connection.execute(text(sql))).scalars())
                for table, sql in LIVE.items()
            }


@pytest.fixture(autouse=True)
def jobs_of_imports(core: Units) -> None:
    tasks.register(core.get(JobQueue).app)


@pytest.fixture
def registry(core: Units) -> Registry:
    return Registry(core)


async def revert(returns: ReturnsClient, by: Api, batch: dict[str, Any]) -> dict[str, Any]:
    answer = await by.post(f"/imports/{batch['id']}/revert", WHY)
    assert (answer.status_code, answer.json()["state"]) == (200, "reverting"), answer.text
    await work_off_the_queue(returns.core)
    return await returns.batch(batch["id"])


async def test_cases_that_the_import_registered_are_deleted_and_their_numbers_free(
    returns: ReturnsClient, admin: Api, registry: Registry
) -> None:
    before, matrix = await registry.live(), await returns.matrix()
    batch = await returns.bring({}, {"date_dd": "25", "outcome": "Struck Out"}, {"caseid_no": "E9"})

    assert (await revert(returns, admin, batch))["state"] == "reverted"

    assert await registry.live() == before
    assert await returns.matrix() == matrix
    listed = await admin.get("/cases", deleted="true")
    assert listed.json()["items"] == []
    again = await returns.bring({}, {"date_dd": "25", "outcome": "Struck Out"}, {"caseid_no": "E9"})
    assert (again["state"], again["counts"]["new"]) == ("applied", 3)


async def test_cases_that_were_there_are_what_they_were(
    returns: ReturnsClient, admin: Api, registry: Registry
) -> None:
    await returns.bring(
        {"next_dd": "3", "next_mon": "Mar", "next_yyyy": "2025"} | CUSTODY,
        {"caseid_no": "E20", "male_applicant": "2", "judge_2": "Sample, John"},
    )
    before, matrix = await registry.live(), await returns.matrix()
    batch = await returns.bring(
        {"other_details": "another content", "male_applicant": "4", "filed_dd": "4"},
        {"date_dd": "3", "date_mon": "Mar", "judge_1": "Sample, John", "custody": "9"},
        {"date_dd": "4", "date_mon": "Mar", "outcome": "Struck Out", "legalrep": "No"},
        {"caseid_no": "E20", "male_applicant": "7", "judge_2": "Sample, John"},
        {"caseid_no": "E20", "male_applicant": "8", "judge_2": "Sample, John"},
        {"caseid_no": "E21"},
    )
    counts = batch["counts"]
    assert (counts["new"], counts["correction"]) == (3, 2)

    await revert(returns, admin, batch)

    assert await registry.live() == before
    assert await returns.matrix() == matrix


async def test_counts_that_a_case_was_registered_with_come_back(
    returns: ReturnsClient, admin: Api, registry: Registry
) -> None:
    case = await _registered(admin)
    before = await registry.live()
    batch = await returns.bring(CUSTODY | {"caseid_no": case["number_raw"]})
    assert (await admin.get(f"/cases/{case['id']}")).json()["custody_count"] == 3
    await revert(returns, admin, batch)
    assert await registry.live() == before


async def test_a_revert_that_is_stopped_again_and_again_comes_to_its_end(
    returns: ReturnsClient, admin: Api, registry: Registry, core: Units
) -> None:
    await returns.bring({"caseid_no": "E1"} | CUSTODY, {"caseid_no": "E2"})
    before, matrix = await registry.live(), await returns.matrix()
    days = ({"caseid_no": f"E{1 + n % 9}", "date_dd": str(10 + n // 9)} for n in range(40))
    batch = await returns.bring(*days, {"caseid_no": "E1", "male_applicant": "4"} | CUSTODY)
    await admin.post(f"/imports/{batch['id']}/revert", WHY)
    job = replace(core.get(RevertJob), part_rows=5)
    stopped = []
    while (now := await returns.batch(batch["id"]))["state"] == "reverting":
        stopped.append(now["progress"]["done"])
        await _until_stopped(job.run(UUID(batch["id"]), "why", Actor(admin.user_id)), returns, now)
    assert (now["state"], now["progress"]["done"]) == ("reverted", 0)
    assert stopped == sorted(stopped, reverse=True)
    assert len(set(stopped)) > 3
    assert await registry.live() == before
    assert await returns.matrix() == matrix


async def _until_stopped(
    work: Coroutine[Any, Any, None], returns: ReturnsClient, last: dict[str, Any]
) -> None:
    """Let it work until a part is done, and end it in the middle of the next, as a kill does."""
    task = asyncio.create_task(work)
    async with asyncio.timeout(60):
        while not task.done() and await returns.batch(last["id"]) == last:  # noqa: ASYNC110 - the task changes it
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_small_file_is_done_before_a_large_revert(
    returns: ReturnsClient, admin: Api, core: Units
) -> None:
    batch = await returns.bring(*({"caseid_no": f"E{number}"} for number in range(1, 101)))
    await admin.post(f"/imports/{batch['id']}/revert", WHY)
    sent = (await returns.send(as_csv([{"caseid_no": "E900"}]))).json()
    job = replace(core.get(RevertJob), part_rows=2)
    reverting = asyncio.create_task(job.run(UUID(batch["id"]), "why", Actor(admin.user_id)))
    small = await returns.work(sent["id"])
    meanwhile = await returns.batch(batch["id"])
    await reverting
    assert (small["state"], meanwhile["state"]) == ("applied", "reverting")
    assert (await returns.batch(batch["id"]))["state"] == "reverted"


async def test_a_revert_that_failed_on_its_way_can_be_ordered_again(
    returns: ReturnsClient, admin: Api, core: Units
) -> None:
    batch = await returns.bring(*({"caseid_no": f"E{number}"} for number in range(1, 9)))
    await admin.post(f"/imports/{batch['id']}/revert", WHY)
    job = replace(core.get(RevertJob), part_rows=5)
    # From what the order has changed already, so that a part is done before it stops.
    ordered = await returns.batch(batch["id"])
    await _until_stopped(job.run(UUID(batch["id"]), "why", Actor(admin.user_id)), returns, ordered)
    again = await admin.post(f"/imports/{batch['id']}/revert", WHY)
    assert (again.status_code, again.json()["code"]) == (409, "import-not-ready")
    await job.give_up(UUID(batch["id"]), "internal-error", "inform operations")
    failed = await returns.batch(batch["id"])
    assert (failed["state"], failed["error"]["code"]) == ("reverting", "internal-error")
    assert (await revert(returns, admin, batch))["state"] == "reverted"


async def _registered(admin: Api) -> dict[str, Any]:
    body = case_body(number="E300", filed_on="2025-02-03") | {"custody_count": 1}
    made: dict[str, Any] = (await admin.post("/cases", body)).json()
    return made


async def test_a_later_import_of_the_same_case_is_named(returns: ReturnsClient, admin: Api) -> None:
    batch = await returns.bring({})
    later = await returns.bring({"date_dd": "25"}, filename="later.csv")
    answer = await admin.post(f"/imports/{batch['id']}/revert", WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "import-built-upon")
    assert [each["id"] for each in answer.json()["batches"]] == [later["id"]]
    assert (await revert(returns, admin, later))["state"] == "reverted"
    assert (await revert(returns, admin, batch))["state"] == "reverted"


async def test_an_import_that_found_the_rows_known_is_named(
    returns: ReturnsClient, admin: Api
) -> None:
    batch = await returns.bring({})
    later = await returns.bring({}, {"caseid_no": "E15"})
    assert await returns.results(later) == ["UNCHANGED", "NEW"]
    answer = await admin.post(f"/imports/{batch['id']}/revert", WHY)
    assert [each["id"] for each in answer.json()["batches"]] == [later["id"]]


async def test_what_an_import_does_to_a_manual_plan_is_no_change_by_a_user(
    returns: ReturnsClient, admin: Api, registry: Registry, clock: FrozenClock
) -> None:
    await returns.bring({})
    case = await returns.case()
    await admin.post("/hearings", {"case_id": case["id"], "on": "2026-08-03"})
    before = await registry.live()
    clock.advance(minutes=1)
    vacating = await returns.bring({"date_dd": "25", "outcome": "Struck Out"})
    clock.advance(minutes=1)
    later = await returns.bring({"date_dd": "26", "comingfor": "Hearing"})
    for batch in (later, vacating):
        assert (await revert(returns, admin, batch))["state"] == "reverted"
    assert await registry.live() == before


async def test_a_later_change_by_a_user_is_named(returns: ReturnsClient, admin: Api) -> None:
    batch = await returns.bring({})
    case = await returns.case()
    await admin.post(f"/cases/{case['id']}/seal", WHY)
    answer = await admin.post(f"/imports/{batch['id']}/revert", WHY)
    assert (answer.status_code, answer.json()["cases"]) == (409, [case["id"]])


async def test_a_manual_hearing_builds_on_the_import(
    returns: ReturnsClient, admin: Api, core: Units
) -> None:
    batch = await returns.bring({})
    case = await returns.case()
    async with core.database.transaction() as session:  # the clock of these tests is frozen
        connection = await session.connection()
        sql = "UPDATE case_activities SET created_at = created_at - interval '1 day'"
        await connection.execute(text(sql))
    await admin.post("/hearings", {"case_id": case["id"], "on": "2026-08-03"})
    answer = await admin.post(f"/imports/{batch['id']}/revert", WHY)
    assert (answer.status_code, answer.json()["cases"]) == (409, [case["id"]])


async def test_a_clerk_proposes_and_an_administrator_of_the_court_decides(
    returns: ReturnsClient, api: Api, admin: Api
) -> None:
    batch = await returns.bring({})
    proposed = await returns.api.post(f"/imports/{batch['id']}/revert", WHY)
    assert (proposed.status_code, proposed.json()["kind"]) == (202, "import_revert")
    assert (await returns.batch(batch["id"]))["state"] == "applied"
    local = api.user(Role.ADMIN, TESTVILLE)
    accepted = await local.post(f"/requests/{proposed.json()['id']}/accept", {})
    assert accepted.status_code == 200, accepted.text
    await work_off_the_queue(returns.core)
    assert (await returns.batch(batch["id"]))["state"] == "reverted"
    events = (await admin.get("/registry-audit-events", entity_id=batch["id"])).json()["items"]
    states = [(each["actor"]["id"], each["changes"].get("state")) for each in events]
    assert (str(local.user_id), ["applied", "reverting"]) in states
    assert (str(local.user_id), ["reverting", "reverted"]) in states


async def test_an_import_of_several_courts_is_decided_by_administrators_of_all(
    returns: ReturnsClient, api: Api, admin: Api
) -> None:
    batch = await returns.bring({}, ELSEWHERE)
    local = api.user(Role.ADMIN, TESTVILLE)
    assert (await local.post(f"/imports/{batch['id']}/revert", WHY)).status_code == 403
    assert (await revert(returns, admin, batch))["state"] == "reverted"


async def test_a_user_whose_grant_is_removed_meanwhile_reverts_nothing(
    returns: ReturnsClient, admin: Api, auth: FakeAuth
) -> None:
    batch = await returns.bring({})
    await admin.post(f"/imports/{batch['id']}/revert", WHY)
    auth.grant(admin.user_id)
    await work_off_the_queue(returns.core)
    now = await returns.batch(batch["id"])
    assert (now["state"], now["error"]["code"]) == ("applied", "permission-denied")
    assert (await returns.case())["activity_count"] == 1


async def test_held_rows_of_a_reverted_import_stay_held(
    returns: ReturnsClient, admin: Api, core: Units
) -> None:
    batch = await returns.bring({}, {"judge_1": "Unlisted, Ann May"})
    await revert(returns, admin, batch)
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    await core.get(BatchProcessing).release(UUID(alias["id"]), Actor(admin.user_id))
    assert (await returns.results(batch))[1] == "HELD"


async def test_a_validated_import_can_be_taken_back_so_that_its_file_can_be_sent_again(
    returns: ReturnsClient, admin: Api
) -> None:
    batch = await returns.bring({}, mode="validate")
    assert (await revert(returns, admin, batch))["state"] == "reverted"
    assert (await returns.bring({}))["state"] == "applied"
    again = await admin.post(f"/imports/{batch['id']}/revert", WHY)
    assert (again.status_code, again.json()["code"]) == (409, "import-not-ready")
