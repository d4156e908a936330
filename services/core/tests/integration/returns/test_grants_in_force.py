"""Each step of an import asks what its actor may do now; what they may not do waits for others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from common.http_client import Call, ServiceResponse
from common.identity import Grant, Role
from common.ids import uuid7
from core_service.access.actors import Actor
from core_service.jobs import JobQueue
from core_service.returns import tasks
from core_service.returns.processing import BatchProcessing
from core_service.users.grants import GrantsUnavailable
from testkit.core.api import Api
from testkit.core.auth import FakeAuth, with_auth
from testkit.core.registry import AMINA, APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient, as_csv, work_off_the_queue
from testkit.core.tokens import Issuer

ROWS = [{"date_dd": str(day)} for day in range(10, 17)]
UNKNOWN = {"judge_1": "Unlisted, Ann May"}
WAITS = ("HELD", ["GRANT_MISSING"])


@pytest.fixture(autouse=True)
def jobs_of_imports(core: Units) -> None:
    tasks.register(core.get(JobQueue).app)


@pytest.fixture
def colleague(api: Api) -> Api:
    return api.user(Role.DATA_ENTRY, TESTVILLE)


async def outcomes(returns: ReturnsClient, batch: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The result and the issue codes of each row, as an administrator of all courts sees them."""
    sees_all = returns.of(returns.api.user(Role.ADMIN))
    return list(zip(await sees_all.results(batch), await sees_all.codes(batch), strict=True))


async def authors(core: Units) -> list[UUID | None]:
    """Who the recorded activities are attributed to."""
    async with core.database.transaction() as session:
        connection = await session.connection()
        sql = "SELECT created_by FROM case_activities ORDER BY activity_on"
        return list((await connection.execute(text(sql))).scalars())


async def pending(admin: Api) -> UUID:
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    return UUID(alias["id"])


async def import_jobs(core: Units) -> Sequence[tuple[str, int]]:
    """The state and the attempts of the jobs of imports."""
    async with core.database.transaction() as session:
        connection = await session.connection()
        sql = "SELECT status::text, attempts FROM procrastinate_jobs ORDER BY id"
        return [tuple(row) for row in await connection.execute(text(sql))]


async def test_a_sender_whose_grant_is_removed_after_the_upload_has_nothing_validated(
    returns: ReturnsClient, auth: FakeAuth, colleague: Api
) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()
    auth.grant(returns.api.user_id)
    batch = await returns.work(sent["id"])
    assert (batch["state"], batch["error"]["code"]) == ("failed", "COURT_NOT_GRANTED")
    assert (await returns.of(colleague).bring_file(as_csv(ROWS)))["counts"]["new"] == 7


async def test_a_grant_that_is_removed_before_the_application_applies_nothing(
    returns: ReturnsClient, core: Units, auth: FakeAuth, colleague: Api
) -> None:
    batch = await returns.bring(*ROWS, mode="validate")
    await returns.api.post(f"/imports/{batch['id']}/apply")
    auth.grant(returns.api.user_id)
    applied = await returns.work_by(batch["id"], returns.api)
    assert applied["state"] == "partial"
    assert await outcomes(returns, batch) == [WAITS] * 7
    assert await authors(core) == []

    assert (await colleague.post(f"/imports/{batch['id']}/apply")).status_code == 202
    applied = await returns.of(colleague).work_by(batch["id"], colleague)
    assert (applied["state"], applied["counts"]["new"]) == ("applied", 7)
    assert await authors(core) == [colleague.user_id] * 7


async def test_a_grant_that_is_removed_between_validation_and_application_applies_nothing(
    returns: ReturnsClient, core: Units, auth: FakeAuth
) -> None:
    sent = (await returns.send(as_csv(ROWS), mode="apply")).json()
    processing = core.get(BatchProcessing)
    await processing._validate(UUID(sent["id"]), Actor(returns.api.user_id))
    auth.grant(returns.api.user_id)
    assert (await returns.work(sent["id"]))["state"] == "partial"
    assert await outcomes(returns, sent) == [WAITS] * 7
    assert await authors(core) == []


class Removing(FakeAuth):
    """Removes all grants when it has been calls_received so many times."""

    def __init__(self, auth: FakeAuth, answers: int) -> None:
        super().__init__()
        self.users = auth.users
        self.answers = answers

    async def send(self, call: Call) -> ServiceResponse:
        if self.calls_received == self.answers:
            self.users.clear()
        return await super().send(call)


class Stopping(FakeAuth):
    """Is unavailable when it has been called so many times, by which a worker is stopped."""

    def __init__(self, auth: FakeAuth, answers: int) -> None:
        super().__init__()
        self.users = auth.users
        self.answers = answers

    async def send(self, call: Call) -> ServiceResponse:
        self.is_available = self.calls_received < self.answers
        return await super().send(call)


TWO_COURTS = [
    {"date_dd": str(10 + day), "court": court}
    for day in range(3)
    for court in ("Testville", "Testville Court of Appeal")
]


async def stopped_while_applying(returns: ReturnsClient, auth: FakeAuth) -> str:
    """A file that is applied as it is sent, of which two rows are, when its worker has ended."""
    sent = (await returns.send(as_csv(TWO_COURTS))).json()
    stopping = Stopping(auth, answers=4)  # three chunks are read, and one is applied
    processing = replace(with_auth(stopping, returns.core).get(BatchProcessing), chunk_rows=2)
    with pytest.raises(GrantsUnavailable):
        await processing.run(UUID(sent["id"]))
    with_auth(auth, returns.core)
    assert (await returns.batch(sent["id"]))["state"] == "applying"
    return str(sent["id"])


@pytest.mark.parametrize(
    ("left", "after"),
    [
        ([], [WAITS, WAITS, WAITS, WAITS]),
        ([TESTVILLE], [("NEW", []), WAITS, ("NEW", []), WAITS]),
    ],
    ids=["no court", "one court"],
)
async def test_grants_that_are_lost_before_a_stopped_worker_goes_on_make_rows_wait(
    returns: ReturnsClient,
    auth: FakeAuth,
    admin: Api,
    left: list[UUID],
    after: list[tuple[str, list[str]]],
) -> None:
    batch_id = await stopped_while_applying(returns, auth)
    grants = [Grant(Role.DATA_ENTRY, courts=frozenset(left))] if left else []
    auth.grant(returns.api.user_id, *grants)
    batch = await returns.work(batch_id)
    types = ["COURT_TYPE_MISMATCH"]
    first = [("NEW", []), ("NEW", types)]
    assert (batch["state"], await outcomes(returns, batch)) == ("partial", [*first, *after])

    assert (await admin.post(f"/imports/{batch_id}/rows/retry")).status_code == 202
    batch = await returns.of(admin).work_by(batch_id, admin)
    assert (batch["state"], batch["counts"]["new"]) == ("applied", 6)


@pytest.mark.parametrize("road", ["apply", "rows/retry"])
async def test_a_row_that_waits_for_a_grant_goes_on_waiting_for_those_who_have_none(
    returns: ReturnsClient, auth: FakeAuth, colleague: Api, admin: Api, road: str
) -> None:
    batch_id = await stopped_while_applying(returns, auth)
    auth.grant(returns.api.user_id)
    await returns.work(batch_id)
    assert (await colleague.post(f"/imports/{batch_id}/{road}")).status_code == 202
    batch = await returns.of(colleague).work_by(batch_id, colleague)
    after = [result for result, _ in await outcomes(returns, batch)]
    assert after == ["NEW", "NEW", "NEW", "HELD", "NEW", "HELD"]
    assert (await admin.post(f"/imports/{batch_id}/{road}")).status_code == 202
    batch = await returns.of(admin).work_by(batch_id, admin)
    assert (batch["state"], batch["counts"]["new"]) == ("applied", 6)


@pytest.mark.parametrize("answers", [1, 2])
async def test_a_grant_that_is_removed_in_the_middle_of_an_application_stops_it_there(
    returns: ReturnsClient, core: Units, auth: FakeAuth, answers: int
) -> None:
    batch = await returns.bring(*ROWS, mode="validate")
    await returns.api.post(f"/imports/{batch['id']}/apply")
    processing = with_auth(Removing(auth, answers), core).get(BatchProcessing)
    await replace(processing, chunk_rows=2).run(UUID(batch["id"]))
    done = 2 * answers
    assert await outcomes(returns, batch) == [("NEW", [])] * done + [WAITS] * (7 - done)
    assert len(await authors(core)) == done


async def test_a_grant_that_is_removed_in_the_middle_of_a_validation_ends_it_there(
    returns: ReturnsClient, core: Units, auth: FakeAuth
) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()
    processing = with_auth(Removing(auth, answers=1), core).get(BatchProcessing)
    await replace(processing, chunk_rows=2).run(UUID(sent["id"]))
    batch = await returns.batch(sent["id"])
    assert (batch["state"], batch["error"]["code"]) == ("failed", "COURT_NOT_GRANTED")
    assert await authors(core) == []


async def test_held_rows_of_a_deactivated_account_are_applied_on_behalf_of_who_decides(
    returns: ReturnsClient, core: Units, auth: FakeAuth, admin: Api
) -> None:
    batch = await returns.bring(UNKNOWN)
    auth.grant(returns.api.user_id)
    alias_id = await pending(admin)
    await admin.post(f"/aliases/{alias_id}/accept", {"target_id": str(AMINA)})
    await work_off_the_queue(core)
    assert (await outcomes(returns, batch))[0][0] == "NEW"
    assert await authors(core) == [admin.user_id]
    events = (await admin.get("/registry-audit-events", entity_id=batch["id"])).json()["items"]
    (by,) = [each["actor"]["id"] for each in events if each["changes"].get("new_rows") == [0, 1]]
    assert by == str(admin.user_id)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A batch with a row for each of two courts that waited, and the spelling now accepted."""

    returns: ReturnsClient
    batch: dict[str, Any]
    alias_id: UUID


@pytest.fixture
async def accepted(returns: ReturnsClient, admin: Api) -> Accepted:
    elsewhere = {"court": "Testville Court of Appeal", "date_dd": "25"}
    batch = await returns.bring(UNKNOWN, UNKNOWN | elsewhere)
    alias_id = await pending(admin)
    await admin.post(f"/aliases/{alias_id}/accept", {"target_id": str(AMINA)})
    return Accepted(returns, batch, alias_id)


async def test_rows_that_neither_decider_nor_sender_may_apply_go_on_waiting(
    accepted: Accepted, core: Units, auth: FakeAuth, colleague: Api
) -> None:
    returns, batch = accepted.returns, accepted.batch
    auth.grant(returns.api.user_id)
    for by in (Actor(uuid7()), None, Actor(None)):  # older jobs do not say who decided
        await core.get(BatchProcessing).release(accepted.alias_id, by)
    waiting = ("HELD", ["JUDGE_UNKNOWN", "GRANT_MISSING"])
    assert await outcomes(returns, batch) == [waiting, waiting]
    assert await authors(core) == []

    await colleague.post(f"/imports/{batch['id']}/apply")
    await returns.work_by(batch["id"], colleague)
    assert await outcomes(returns, batch) == [("NEW", ["JUDGE_SPELLING"]), waiting]
    assert await authors(core) == [colleague.user_id]


async def test_what_the_decider_may_not_apply_is_applied_on_behalf_of_a_sender_who_still_may(
    accepted: Accepted, core: Units, colleague: Api
) -> None:
    await core.get(BatchProcessing).release(accepted.alias_id, Actor(colleague.user_id))
    assert await accepted.returns.results(accepted.batch) == ["NEW", "NEW"]
    assert await authors(core) == [colleague.user_id, accepted.returns.api.user_id]


async def test_a_job_that_does_not_say_who_decided_acts_for_a_sender_who_still_may(
    accepted: Accepted, core: Units
) -> None:
    await core.get(BatchProcessing).release(accepted.alias_id)
    assert await authors(core) == [accepted.returns.api.user_id] * 2


async def test_rows_of_a_removed_client_wait_for_an_authorised_user(
    core: Units, api: Api, auth: FakeAuth, issuer: Issuer, clock: FrozenClock, admin: Api
) -> None:
    service = api.bearer(issuer.token(clock, scope="registry:write registry:read"))
    returns = ReturnsClient(core, service)
    batch = await returns.bring(UNKNOWN)
    alias_id = await pending(admin)
    auth.allow("reports")
    await core.get(BatchProcessing).release(alias_id)
    assert (await outcomes(returns, batch))[0][0] == "HELD"
    auth.allow("reports", "registry:read")
    await core.get(BatchProcessing).release(alias_id)
    assert await authors(core) == []
    await admin.post(f"/aliases/{alias_id}/accept", {"target_id": str(AMINA)})
    await core.get(BatchProcessing).release(alias_id, Actor(admin.user_id))
    assert await authors(core) == [admin.user_id]


async def test_rows_that_the_sender_may_not_send_are_applied_by_one_who_may(
    returns: ReturnsClient, api: Api, colleague: Api, core: Units
) -> None:
    batch = await returns.of(colleague).bring({}, {"court": "Testville Court of Appeal"})
    assert await returns.of(colleague).results(batch) == ["NEW", "REJECTED"]
    other = api.user(Role.DATA_ENTRY, APPEAL)
    assert (await other.post(f"/imports/{batch['id']}/apply")).status_code == 202
    applied = await returns.of(other).work_by(batch["id"], other)
    assert applied["state"] == "applied"
    assert [result for result, _ in await outcomes(returns, batch)] == ["NEW", "NEW"]
    assert set(await authors(core)) == {colleague.user_id, other.user_id}


async def test_an_import_waits_for_auth_as_long_as_it_takes_and_then_goes_on(
    returns: ReturnsClient, core: Units, auth: FakeAuth
) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()
    auth.is_available = False
    for _ in range(tasks.MAX_ATTEMPTS + 1):
        await work_off_the_queue(core)
        jobs = await import_jobs(core)
        assert jobs[-1] == ("todo", 0)
        assert (await returns.batch(sent["id"]))["state"] == "validating"
        async with core.database.transaction() as session:
            connection = await session.connection()
            sql = "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"
            await connection.execute(text(sql))
    auth.is_available = True
    await work_off_the_queue(core)
    batch = await returns.batch(sent["id"])
    assert (batch["state"], batch["counts"]["new"]) == ("applied", 7)


async def test_an_import_that_loses_auth_on_its_way_goes_on_by_the_grants_of_then(
    returns: ReturnsClient, core: Units, auth: FakeAuth
) -> None:
    batch = await returns.bring(*ROWS, mode="validate")
    await returns.api.post(f"/imports/{batch['id']}/apply")
    auth.is_available = False
    await work_off_the_queue(core)
    assert (await returns.batch(batch["id"]))["state"] == "applying"
    assert await authors(core) == []
    auth.is_available = True
    auth.grant(returns.api.user_id, Grant(Role.VIEWER))
    async with core.database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    await work_off_the_queue(core)
    assert await outcomes(returns, batch) == [WAITS] * 7
