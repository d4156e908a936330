"""Decisions about a spelling for one court, made by that court's administrator."""

from typing import Any
from uuid import UUID

import pytest

from common.composition import Units
from common.identity import Role
from core_service.returns.processing import BatchProcessing
from testkit.core.api import Api
from testkit.core.registry import AMINA, DEMOVILLE, JOHN, TESTVILLE
from testkit.core.returns import ReturnsClient

UNKNOWN = {"judge_1": "Mh. Known Here"}
THERE = UNKNOWN | {"court": "Demoville"}


@pytest.fixture
def here(api: Api) -> Api:
    return api.user(Role.ADMIN, TESTVILLE)


@pytest.fixture
def there(api: Api) -> Api:
    return api.user(Role.ADMIN, DEMOVILLE)


@pytest.fixture
async def batches(core: Units, clerk: Api, outsider: Api) -> tuple[Any, Any]:
    """A file of Testville and one of Demoville, whose rows wait for one alias."""
    return await ReturnsClient(core, clerk).bring(UNKNOWN), await ReturnsClient(
        core, outsider
    ).bring(THERE)


@pytest.fixture
async def alias_id(batches: tuple[Any, Any], admin: Api) -> str:
    assert len(batches) == 2
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    found: str = alias["id"]
    return found


def accepting(target: UUID, court: UUID | None = None) -> dict[str, str]:
    return {"target_id": str(target)} | ({"court_id": str(court)} if court else {})


async def decide(core: Units, caller: Api, alias_id: str, body: Any, action: str = "accept") -> Any:
    """Decide, and run the worker's jobs."""
    answer = await caller.post(f"/aliases/{alias_id}/{action}", body)
    assert answer.status_code == 200, answer.text
    await core.get(BatchProcessing).release(UUID(alias_id))
    return answer.json()


async def lead(admin: Api, batch: Any) -> str | None:
    """The lead judge of the activity that the first row of a batch recorded."""
    row = (await admin.get(f"/imports/{batch['id']}/rows")).json()["items"][0]
    activity = (await admin.get(f"/activities/{row['activity_id']}")).json()
    judge: str = activity["judge_ids"][0]
    return judge


async def test_a_court_s_decision_releases_its_rows_and_leaves_the_others_waiting(
    core: Units, admin: Api, here: Api, batches: tuple[Any, Any], alias_id: str
) -> None:
    returns = ReturnsClient(core, admin)

    decided = await decide(core, here, alias_id, accepting(AMINA, TESTVILLE))

    assert (decided["state"], decided["target_id"]) == ("pending", None)
    assert [(each["court_id"], each["state"], each["target_id"]) for each in decided["courts"]] == [
        (str(TESTVILLE), "accepted", str(AMINA))
    ]
    assert decided["courts"][0]["decided_by"] == str(here.user_id)
    assert [await returns.results(batch) for batch in batches] == [["NEW"], ["HELD"]]
    assert await lead(admin, batches[0]) == str(AMINA)
    assert await returns.results(await returns.bring(UNKNOWN | {"date_dd": "25"})) == ["NEW"]
    assert await returns.results(await returns.bring(THERE | {"date_dd": "25"})) == ["HELD"]


async def test_a_courts_own_decision_overrides_the_shared_one(
    core: Units, admin: Api, here: Api, there: Api, batches: tuple[Any, Any], alias_id: str
) -> None:
    returns = ReturnsClient(core, admin)
    await decide(core, there, alias_id, {"court_id": str(DEMOVILLE)}, "reject")
    assert [await returns.results(batch) for batch in batches] == [["HELD"], ["REJECTED"]]

    await decide(core, admin, alias_id, accepting(JOHN))

    assert [await returns.results(batch) for batch in batches] == [["NEW"], ["REJECTED"]]
    assert await lead(admin, batches[0]) == str(JOHN)
    # A rejection can be undone, at one court as for all.
    await decide(core, there, alias_id, accepting(AMINA, DEMOVILLE))
    assert await returns.results(batches[1]) == ["NEW"]
    assert await lead(admin, batches[1]) == str(AMINA)
    await decide(core, here, alias_id, accepting(AMINA, TESTVILLE))
    later = await returns.bring(UNKNOWN | {"date_dd": "25"})
    assert await lead(admin, later) == str(AMINA)


async def test_each_court_reads_its_own_decisions(
    core: Units, admin: Api, here: Api, there: Api, outsider: Api, alias_id: str
) -> None:
    await decide(core, here, alias_id, accepting(AMINA, TESTVILLE))
    await decide(core, there, alias_id, accepting(JOHN, DEMOVILLE))

    async def courts(caller: Api) -> list[str]:
        (item,) = (await caller.get("/aliases", state="pending")).json()["items"]
        return [each["court_id"] for each in item["courts"]]

    assert await courts(here) == [str(TESTVILLE)]
    assert await courts(there) == await courts(outsider) == [str(DEMOVILLE)]
    assert sorted(await courts(admin)) == sorted([str(TESTVILLE), str(DEMOVILLE)])


async def test_a_decision_that_a_court_cannot_make_is_refused_with_its_reason(
    core: Units, admin: Api, here: Api, clerk: Api, alias_id: str
) -> None:
    await ReturnsClient(core, clerk).bring({"court": "Testville Annexe"})
    (court,) = (await admin.get("/aliases", kind="court", state="pending")).json()["items"]
    accept, body = f"/aliases/{alias_id}/accept", accepting(AMINA, TESTVILLE)

    answers = [
        await here.post(accept, accepting(AMINA, DEMOVILLE)),
        await here.post(accept, accepting(TESTVILLE, TESTVILLE)),
        await admin.post(f"/aliases/{court['id']}/accept", accepting(TESTVILLE, TESTVILLE)),
        await admin.post(accept, accepting(AMINA, AMINA)),
        await here.post(accept, body),
        await here.post(accept, body),
        await here.post(accept, accepting(JOHN, TESTVILLE)),
        await here.post(f"/aliases/{alias_id}/reject", {"court_id": str(TESTVILLE)}),
    ]

    assert [(each.status_code, each.json().get("code")) for each in answers] == [
        (403, "permission-denied"),
        (422, "alias-target-unknown"),
        (422, "alias-of-all-courts"),
        (422, "unknown-reference"),
        (200, None),
        (200, None),
        (409, "alias-decided"),
        (409, "alias-decided"),
    ]
    assert answers[4].json() == answers[5].json()


async def test_a_clerks_proposal_for_their_court_is_decided_there(
    core: Units, api: Api, admin: Api, clerk: Api, outsider: Api, alias_id: str
) -> None:
    here, there = api.user(Role.ADMIN, TESTVILLE), api.user(Role.ADMIN, DEMOVILLE)
    accept = f"/aliases/{alias_id}/accept"
    proposed = await clerk.post(accept, accepting(AMINA, TESTVILLE))
    assert (proposed.status_code, proposed.json()["deciding_court_id"]) == (202, str(TESTVILLE))
    assert (await outsider.post(accept, accepting(AMINA, TESTVILLE))).status_code == 403
    # For another court and for all courts it is a different decision.
    assert (await outsider.post(accept, accepting(AMINA, DEMOVILLE))).status_code == 202
    shared = await here.post(accept, accepting(AMINA))
    assert (shared.status_code, shared.json()["deciding_court_id"]) == (202, None)
    again = await here.post(f"/aliases/{alias_id}/accept", accepting(AMINA))
    assert (again.status_code, again.json()["code"]) == (409, "request-pending")
    path = f"/requests/{proposed.json()['id']}"

    assert (await there.get(path)).status_code == 404
    assert (await there.post(f"{path}/accept", {})).status_code == 404
    assert (await clerk.post(f"{path}/accept", {})).status_code == 403
    accepted = await here.post(f"{path}/accept", {})

    assert accepted.status_code == 200, accepted.text
    await core.get(BatchProcessing).release(UUID(alias_id))
    (item,) = (await admin.get("/aliases", state="pending")).json()["items"]
    assert [each["court_id"] for each in item["courts"]] == [str(TESTVILLE)]


async def test_a_merge_and_an_unmerge_move_the_target_of_a_courts_decision(
    core: Units, admin: Api, here: Api, batches: tuple[Any, Any], alias_id: str
) -> None:
    assert len(batches) == 2
    await decide(core, here, alias_id, accepting(JOHN, TESTVILLE))

    async def target() -> str:
        (item,) = (await admin.get("/aliases", state="pending")).json()["items"]
        found: str = item["courts"][0]["target_id"]
        return found

    merged = await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)})
    assert merged.status_code == 201, merged.text
    assert await target() == str(AMINA)
    events = await here.get("/registry-audit-events", entity="court_aliases")
    assert [event["action"] for event in events.json()["items"]] == ["update", "create"]
    assert (await admin.post(f"/judges/{JOHN}/unmerge")).status_code == 200
    assert await target() == str(JOHN)


async def test_a_merge_can_be_undone_after_a_court_decided_about_the_added_alias(
    admin: Api, here: Api
) -> None:
    """The alias stays for that court; for all others the judge's own name overrides it."""
    assert (await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)})).status_code == 201
    (made,) = (await admin.get("/aliases", kind="judge", state="accepted")).json()["items"]
    own = await here.post(f"/aliases/{made['id']}/reject", {"court_id": str(TESTVILLE)})
    assert own.status_code == 200, own.text

    undone = await admin.post(f"/judges/{JOHN}/unmerge")

    assert undone.status_code == 200, undone.text
    (alias,) = (await admin.get("/aliases", kind="judge")).json()["items"]
    assert (alias["id"], len(alias["courts"])) == (made["id"], 1)
    deleted = await admin.get("/registry-audit-events", entity="aliases", action="delete")
    assert deleted.json()["items"] == []
