"""Every operation that takes an Idempotency-Key checks grants before it replays an answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import Database
from common.identity import Grant, Role
from common.ids import uuid7
from testkit.core.api import Api
from testkit.core.calls import Operation, call, suiting
from testkit.core.permissions import RULES, Caller, Verdict
from testkit.core.registry import DEMOVILLE, TESTVILLE
from testkit.core.scene import OPEN, WHY, Scene
from testkit.core.stage import Stage
from testkit.core.tokens import Issuer

USER = uuid7()
KEY = {"Idempotency-Key": "replay-1"}
HELD = (Grant(Role.ADMIN),)
ELSEWHERE = (Grant(Role.ADMIN, frozenset({DEMOVILLE})),)
# A worker of another court is answered row by row; about this court's cases only to its readers.
EACH_ROW_ALONE = {"POST /activities/batch", "POST /assignments/bulk"}
REFUSED = {401, 403, 404}


@dataclass(frozen=True, slots=True)
class OneConnection(Database):
    """Units of work on one connection, which are rolled back together."""

    connection: AsyncConnection | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One unit of work."""
        made = self.sessions(bind=self.connection, join_transaction_mode="create_savepoint")
        async with made as session, session.begin():
            yield session


@dataclass(frozen=True, slots=True)
class Replays:
    """Sends a call and its replays, and rolls everything back."""

    stage: Stage
    operation: Operation

    @asynccontextmanager
    async def rolled_back(self) -> AsyncIterator[None]:
        database = self.stage.core.database
        async with database.engine.connect() as connection, connection.begin() as outer:
            one = OneConnection(database.engine, database.sessions, database.probe, connection)
            self.stage.app.state.units = replace(self.stage.core, database=one)
            try:
                yield
            finally:
                self.stage.app.state.units = self.stage.core
                await outer.rollback()

    async def send(self, sender: Api) -> Any:
        """The response to the operation's call with the key."""
        scene = self.stage.scene
        made = call(self.operation, scene, suiting(self.operation, scene))
        version = {"If-Match": '"1"'} if self.operation.requires("If-Match") else {}
        return await sender.call(made.method, made.path, headers=KEY | version, **made.options)


@pytest.fixture
def keyed(stage: Stage, every_operation: list[Operation]) -> list[Replays]:
    found = [
        Replays(stage, each)
        for each in every_operation
        if each.writes and each.takes("Idempotency-Key")
    ]
    assert len(found) > 20
    return found


def is_replay(response: Any) -> bool:
    return bool(response.is_success and "Idempotency-Replayed" in response.headers)


async def test_a_caller_with_the_grants_gets_the_stored_answer(
    keyed: list[Replays], api: Api
) -> None:
    wrong = []
    for each in keyed:
        async with each.rolled_back():
            first = await each.send(api.granted(*HELD, user_id=USER))
            again = await each.send(api.granted(*HELD, user_id=USER))
        if not (first.is_success and is_replay(again) and first.json() == again.json()):
            wrong.append(f"{each.operation.name}: {first.text} then {again.text}")

    assert "\n".join(wrong) == ""


@pytest.mark.parametrize(
    "left", [(), (Grant(Role.VIEWER),), ELSEWHERE, (*ELSEWHERE, Grant(Role.VIEWER))]
)
async def test_a_caller_who_lost_the_grants_gets_no_stored_answer(
    keyed: list[Replays], api: Api, left: tuple[Grant, ...]
) -> None:
    wrong = []
    for each in keyed:
        async with each.rolled_back():
            await each.send(api.granted(*HELD, user_id=USER))
            again = await each.send(api.granted(*left, user_id=USER))
        if again.status_code not in REFUSED and not _may(each.operation, left):
            wrong.append(f"{each.operation.name}: {again.status_code} {again.text}")

    assert "\n".join(wrong) == ""


async def test_a_service_gets_no_stored_answer_about_a_case_sealed_since(
    keyed: list[Replays], stage: Stage, api: Api, issuer: Issuer, admin: Api
) -> None:
    service = api.bearer(issuer.token(api.clock, scope="registry:read registry:write"))
    case_id = stage.scene.subjects[OPEN].ids["case_id"]
    wrong, tried = [], 0
    for each in keyed:
        async with each.rolled_back():
            first = await each.send(service)
            (await admin.post(f"/cases/{case_id}/seal", WHY)).raise_for_status()
            again = await each.send(service)
        if first.is_success and _names(stage.scene, each.operation):
            tried += 1
            if again.status_code != 404:
                wrong.append(f"{each.operation.name}: {again.status_code} {again.text}")

    assert (tried > 5, "\n".join(wrong)) == (True, "")


async def test_a_stored_answer_does_not_reveal_a_case_sealed_at_a_court_that_the_caller_only_reads(
    api: Api, admin: Api, scene: Scene
) -> None:
    both = frozenset({TESTVILLE}), frozenset({DEMOVILLE})
    held = Grant(Role.VIEWER, both[0]), Grant(Role.DATA_ENTRY, both[1])
    sender = api.granted(*held, user_id=USER)
    body = {"court_id": str(DEMOVILLE), "caseid_type": "HCCC", "number": "E8001"}
    peer = scene.subjects[OPEN].ids["case_id"]
    template = (await admin.get(f"/cases/{peer}")).json()
    body |= {"filed_on": "2025-02-03", "case_type_id": template["case_type"]["id"]}
    own = (await sender.post("/cases", body)).json()["id"]
    link = {"other_id": peer, "kind": "related"}
    (await sender.post(f"/cases/{own}/link", link, key="link-1")).raise_for_status()
    (await admin.post(f"/cases/{peer}/seal", WHY)).raise_for_status()

    again = await sender.post(f"/cases/{own}/link", link, key="link-1")

    assert (again.status_code, again.json()["code"]) == (404, "case-not-found")


def _may(operation: Operation, left: tuple[Grant, ...]) -> bool:
    """Whether an administrator of another court may do it by the rules."""
    if Role.ADMIN not in {grant.role for grant in left}:
        return False
    if operation.name in EACH_ROW_ALONE:
        return Grant(Role.VIEWER) in left
    return RULES[operation.name].verdict(Caller.FOREIGN_ADMIN, OPEN) in (
        Verdict.ALLOWED,
        Verdict.PROPOSED,
    )


def _names(scene: Scene, operation: Operation) -> bool:
    """Whether the call is about the open case."""
    subject = scene.subjects[OPEN]
    made = call(operation, scene, replace(subject))
    case_id = subject.ids["case_id"]
    return RULES[operation.name].of_case or case_id in str((made.path, made.options))
