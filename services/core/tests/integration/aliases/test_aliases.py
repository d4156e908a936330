"""Aliases are stored once and decided once, and the decision releases the waiting rows."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import text

from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.aliases.models import AliasKind
from core_service.aliases.service import AliasService, Decision, FirstSeen, RowRelease
from core_service.jobs import JobQueue
from testkit.core.api import Api
from testkit.core.registry import AMINA, TESTVILLE

BATCH = uuid4()


async def note(core: Units, raw: str = "Unlisted, Ann May", row_no: int = 9) -> UUID:
    async with core.database.transaction() as session:
        seen = FirstSeen(BATCH, row_no)
        return (
            await core.container(session).get(AliasService).note(AliasKind.JUDGE, raw, seen, SYSTEM)
        ).id


async def jobs(core: Units) -> list[tuple[str, dict[str, Any]]]:
    async with core.database.snapshot() as session:
        connection = await session.connection()
        rows = await connection.execute(text("SELECT task_name, args FROM procrastinate_jobs"))
        return [(name, args) for name, args in rows]


async def test_an_unknown_spelling_waits_for_a_decision(core: Units, admin: Api) -> None:
    alias_id = await note(core)

    items = (await admin.get("/aliases", kind="judge", state="pending")).json()["items"]

    assert [(item["id"], item["spelling"], item["raw"]) for item in items] == [
        (str(alias_id), "unlisted ann may", "Unlisted, Ann May")
    ]
    assert (await admin.get("/aliases", kind="court")).json()["items"] == []


async def test_spellings_that_compare_equal_are_one_alias(core: Units) -> None:
    noted = await asyncio.gather(
        *(note(core, raw) for raw in ("Unlisted, Ann May", "UNLISTED,ann  may", "unlisted ann may"))
    )

    assert len(set(noted)) == 1


async def test_accepting_releases_the_waiting_rows(core: Units, admin: Api) -> None:
    alias_id = await note(core)

    response = await admin.post(f"/aliases/{alias_id}/accept", {"target_id": str(AMINA)})

    body = response.json()
    assert (response.status_code, body["state"], body["target_id"]) == (200, "accepted", str(AMINA))
    assert body["decided_by"] == str(admin.user_id)
    by = {"user_id": str(admin.user_id)}
    assert await jobs(core) == [("returns:release", {"alias_id": str(alias_id), "by": by})]


async def test_the_same_decision_again_changes_nothing(core: Units, admin: Api) -> None:
    alias_id = await note(core)
    body = {"target_id": str(AMINA)}

    first = await admin.post(f"/aliases/{alias_id}/accept", body)
    again = await admin.post(f"/aliases/{alias_id}/accept", body)

    assert first.json() == again.json()
    assert len(await jobs(core)) == 1


async def test_a_rejection_can_be_reversed_and_an_acceptance_cannot(
    core: Units, admin: Api
) -> None:
    alias_id = await note(core)

    rejected = await admin.post(f"/aliases/{alias_id}/reject")
    accepted = await admin.post(f"/aliases/{alias_id}/accept", {"target_id": str(AMINA)})
    refused = await admin.post(f"/aliases/{alias_id}/reject")

    assert (rejected.json()["state"], accepted.json()["state"]) == ("rejected", "accepted")
    assert (refused.status_code, refused.json()["code"]) == (409, "alias-decided")


async def test_a_target_must_be_of_the_alias_s_kind(core: Units, admin: Api) -> None:
    alias_id = await note(core)

    response = await admin.post(f"/aliases/{alias_id}/accept", {"target_id": str(TESTVILLE)})

    assert (response.status_code, response.json()["code"]) == (422, "alias-target-unknown")
    assert await jobs(core) == []


@pytest.mark.parametrize("decision", ["accept", "reject"])
async def test_viewers_and_anonymous_callers_do_not_decide(
    core: Units, api: Api, viewer: Api, admin: Api, decision: str
) -> None:
    alias_id = await note(core)
    body = {"target_id": str(AMINA)} if decision == "accept" else None

    assert (await viewer.post(f"/aliases/{alias_id}/{decision}", body)).status_code == 403
    assert (await api.post(f"/aliases/{alias_id}/{decision}", body)).status_code == 401
    assert (await admin.post(f"/aliases/{uuid4()}/{decision}", body)).status_code == 404


async def test_a_decision_is_rolled_back_when_its_release_cannot_be_queued(
    core: Units, admin: Api
) -> None:
    alias_id = await note(core)

    class Failing(RowRelease):
        async def queue(self, *_: Any) -> None:
            raise ConnectionError

    async with core.database.sessions() as session:
        release = Failing(core.get(JobQueue), "release")
        service = replace(core.container(session).get(AliasService), release=release)
        with pytest.raises(ConnectionError):
            await service.decide(Decision(alias_id, AMINA), SYSTEM)

    items = (await admin.get("/aliases", state="pending")).json()["items"]
    assert [item["id"] for item in items] == [str(alias_id)]
