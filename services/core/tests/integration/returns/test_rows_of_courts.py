"""Rows of an import are for those who may read their court, on every road that shows them."""

from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text

from common.composition import Units
from common.identity import Role
from core_service.returns.processing import BatchProcessing
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient, Sight, as_csv

ELSEWHERE: Final = {"court": "Testville Court of Appeal"}
OF_HIGH_COURT, OF_APPEAL, OF_NO_COURT = "MARKER-ONE", "MARKER-TWO", "MARKER-THREE"


@pytest.fixture
def clerk_of_appeal(api: Api) -> Api:
    return api.user(Role.DATA_ENTRY, APPEAL)


@pytest.fixture
async def batch(returns: ReturnsClient) -> dict[str, Any]:
    """Rows of two courts and of one that is not known, each with an unknown judge."""
    return await returns.bring(
        {"other_details": OF_HIGH_COURT},
        {"judge_1": OF_HIGH_COURT, "date_dd": "25"},
        ELSEWHERE | {"other_details": OF_APPEAL},
        ELSEWHERE | {"judge_1": OF_APPEAL, "date_dd": "25"},
        {"court": "Unlisted Court", "other_details": OF_NO_COURT},
        {"date_dd": "x", "other_details": OF_NO_COURT},
        mode="validate",
    )


async def test_the_clerk_of_one_court_sees_and_counts_its_rows_alone(
    batch: dict[str, Any], clerk: Api, clerk_of_appeal: Api
) -> None:
    for caller, rows, marker, others in [
        (clerk, [1, 2], OF_HIGH_COURT, (OF_APPEAL, OF_NO_COURT)),
        (clerk_of_appeal, [3, 4], OF_APPEAL, (OF_HIGH_COURT, OF_NO_COURT)),
    ]:
        sight = await Sight.of(caller, batch)
        assert sight.row_nos == rows
        assert sight.counts == {"read": 2, "new": 1, "held": 1}
        assert sight.progress == {"done": 2, "total": 2}
        assert marker in sight.text
        assert not any(other in sight.text for other in others)


async def test_rows_whose_court_is_not_known_are_their_senders_and_of_those_who_see_all_courts(
    returns: ReturnsClient, batch: dict[str, Any], admin: Api, api: Api
) -> None:
    for caller in (returns.api, admin):
        sight = await Sight.of(caller, batch)
        assert sight.row_nos == [1, 2, 3, 4, 5, 6]
        assert sight.counts == {"read": 6, "new": 2, "held": 3, "rejected": 1}
        assert OF_NO_COURT in sight.text
    everywhere = await Sight.of(api.user(Role.DATA_ENTRY), batch)
    assert everywhere.row_nos == [1, 2, 3, 4]
    assert OF_NO_COURT not in everywhere.text


async def test_a_sender_sees_no_rows_of_a_court_that_was_taken_from_them(
    returns: ReturnsClient, batch: dict[str, Any], api: Api
) -> None:
    left = api.user(Role.DATA_ENTRY, TESTVILLE, user_id=returns.api.user_id)
    sight = await Sight.of(left, batch)
    assert sight.row_nos == [1, 2, 5, 6]
    assert OF_APPEAL not in sight.text


async def test_each_clerk_applies_the_rows_of_their_court_and_the_rest_waits(
    returns: ReturnsClient, batch: dict[str, Any], clerk: Api, clerk_of_appeal: Api, admin: Api
) -> None:
    accepted = await clerk.post(f"/imports/{batch['id']}/apply")
    assert (accepted.status_code, accepted.json()["counts"]["read"]) == (202, 2)
    assert (await returns.of(clerk).work_by(batch["id"], clerk))["state"] == "partial"
    sees_all = returns.of(admin)
    assert await sees_all.results(batch) == ["NEW", "HELD", "HELD", "HELD", "HELD", "REJECTED"]
    codes = await sees_all.codes(batch)
    assert codes[2] == ["COURT_TYPE_MISMATCH", "GRANT_MISSING"]
    assert codes[3] == ["JUDGE_UNKNOWN", "GRANT_MISSING"]
    assert (await returns.matrix())["new"] == 1

    assert (await clerk_of_appeal.post(f"/imports/{batch['id']}/apply")).status_code == 202
    await returns.of(clerk_of_appeal).work_by(batch["id"], clerk_of_appeal)
    assert await sees_all.results(batch) == ["NEW", "HELD", "NEW", "HELD", "HELD", "REJECTED"]
    assert (await sees_all.codes(batch))[3] == ["JUDGE_UNKNOWN"]
    counts = (await sees_all.batch(batch["id"]))["counts"]
    assert (counts["read"], counts["new"], counts["held"], counts["rejected"]) == (6, 2, 3, 1)


async def test_nothing_is_left_to_apply_for_those_none_of_whose_rows_wait(
    returns: ReturnsClient, clerk: Api, clerk_of_appeal: Api
) -> None:
    batch = await returns.bring({}, ELSEWHERE, mode="validate")
    await clerk.post(f"/imports/{batch['id']}/apply")
    await returns.work_by(batch["id"], clerk)
    refused = await clerk.post(f"/imports/{batch['id']}/apply")
    assert (refused.status_code, refused.json()["code"]) == (409, "import-not-ready")
    assert (await clerk_of_appeal.post(f"/imports/{batch['id']}/apply")).status_code == 202


async def test_remarks_on_the_file_are_for_its_sender_and_for_those_who_see_all_courts(
    returns: ReturnsClient, clerk: Api, admin: Api
) -> None:
    batch = await returns.bring_file(as_csv([{}]).replace(b"court,", b"court_name,", 1))
    for caller, codes in [(returns.api, ["HDR_MAPPED"]), (admin, ["HDR_MAPPED"]), (clerk, [])]:
        issues = (await caller.get(f"/imports/{batch['id']}/issues")).json()["items"]
        assert [issue["code"] for issue in issues] == codes


async def test_a_row_of_an_unknown_court_is_its_clerks_once_the_court_is_known(
    returns: ReturnsClient, core: Units, clerk: Api, admin: Api
) -> None:
    batch = await returns.bring({}, {"court": "Testvile", "date_dd": "25"})
    assert (await Sight.of(clerk, batch)).row_nos == [1]
    (alias,) = (await admin.get("/aliases", kind="court", state="pending")).json()["items"]
    await admin.post(f"/aliases/{alias['id']}/accept", {"target_id": str(TESTVILLE)})
    await core.get(BatchProcessing).release(UUID(alias["id"]))
    assert (await Sight.of(clerk, batch)).row_nos == [1, 2]


async def test_another_courts_file_is_refused_without_saying_whose_it_is_or_when_it_came(
    returns: ReturnsClient, outsider: Api, clerk: Api
) -> None:
    first = await returns.bring({})
    hidden = (await returns.of(outsider).send(as_csv([{}]))).json()
    assert (hidden["status"], hidden["code"]) == (409, "duplicate-file")
    assert hidden["detail"] == hidden["title"]
    assert not hidden.keys() & {"batch_id", "batch_state"}
    shown = (await returns.of(clerk).send(as_csv([{}]))).json()
    assert (shown["batch_id"], shown["batch_state"]) == (first["id"], "applied")


async def test_the_audit_tells_the_administrator_of_one_court_no_counts_of_anothers_rows(
    api: Api, admin: Api, returns: ReturnsClient
) -> None:
    one = await returns.bring({}, court_id=str(TESTVILLE))
    both = await returns.bring({"date_dd": "25"}, ELSEWHERE, court_id=str(TESTVILLE))

    async def events_of(reader: Api) -> set[str]:
        found = await reader.get("/registry-audit-events", entity="import_batches", limit="200")
        return {event["entity_id"] for event in found.json()["items"]}

    assert await events_of(api.user(Role.ADMIN, TESTVILLE)) == {one["id"]}
    of_both = {one["id"], both["id"]}
    assert (
        await events_of(api.user(Role.ADMIN, TESTVILLE, APPEAL))
        == await events_of(admin)
        == of_both
    )


async def test_to_ask_for_the_same_application_again_and_again_is_one_job(
    core: Units, clerk: Api, batch: dict[str, Any], returns: ReturnsClient
) -> None:
    path = f"/imports/{batch['id']}/apply"
    await clerk.post(path)
    partial = await returns.work_by(batch["id"], clerk)
    assert partial["state"] == "partial"
    jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE lock = :lock AND status = 'todo'")

    async def queued() -> int:
        async with core.database.snapshot() as session:
            connection = await session.connection()
            found = await connection.execute(jobs, {"lock": f"import:{batch['id']}"})
            return int(found.scalar_one())

    before = await queued()
    answers = [await clerk.post(path) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {202}
    assert await queued() == before
    assert (await returns.api.post(path)).status_code == 202
    assert await queued() == before + 1
