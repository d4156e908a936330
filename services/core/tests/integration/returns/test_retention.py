"""Uploaded files are deleted some time after their batch ended; everything else stays."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from core_service.returns.tasks import FileRetention
from testkit.core.api import Api
from testkit.core.returns import ReturnsClient, as_csv


async def stored_pieces(core: Units, batch: dict[str, Any]) -> int:
    async with core.database.snapshot() as session:
        connection = await session.connection()
        counted = text("SELECT count(*) FROM import_files WHERE batch_id = :id")
        return int((await connection.execute(counted, {"id": batch["id"]})).scalar_one())


async def test_a_file_is_deleted_when_its_time_is_up_and_not_before(
    returns: ReturnsClient, core: Units, clock: FrozenClock
) -> None:
    batch = await returns.bring({})
    clock.at += timedelta(days=90)
    assert await core.get(FileRetention).delete_due() == 0
    assert await stored_pieces(core, batch) == 1
    clock.at += timedelta(seconds=1)
    assert await core.get(FileRetention).delete_due() == 1
    assert await stored_pieces(core, batch) == 0
    assert await core.get(FileRetention).delete_due() == 0


async def test_its_rows_stay_and_the_same_file_is_still_known(
    returns: ReturnsClient, core: Units, clock: FrozenClock
) -> None:
    batch = await returns.bring({})
    rows = await returns.rows(batch)
    clock.at += timedelta(days=91)
    await core.get(FileRetention).delete_due()
    assert await returns.rows(batch) == rows
    assert (await returns.send(as_csv([{}]))).json()["code"] == "duplicate-file"


async def test_a_batch_whose_file_is_deleted_can_be_applied(
    returns: ReturnsClient, core: Units, clock: FrozenClock
) -> None:
    batch = await returns.bring({}, mode="validate")
    clock.at += timedelta(days=91)
    assert await core.get(FileRetention).delete_due() == 1
    assert (await returns.api.post(f"/imports/{batch['id']}/apply")).status_code == 202
    assert (await returns.work(batch["id"]))["state"] == "applied"


async def test_a_file_that_is_still_to_be_read_stays(
    returns: ReturnsClient, core: Units, clock: FrozenClock
) -> None:
    sent = (await returns.send(as_csv([{}]))).json()
    clock.at += timedelta(days=1000)
    assert await core.get(FileRetention).delete_due() == 0
    assert (await returns.work(sent["id"]))["state"] == "applied"


async def test_the_deletion_is_in_the_audit(
    returns: ReturnsClient, core: Units, admin: Api, clock: FrozenClock
) -> None:
    batch = await returns.bring({})
    clock.at += timedelta(days=91)
    await core.get(FileRetention).delete_due()
    events = (await admin.get("/registry-audit-events", limit="1")).json()["items"]
    assert events[0]["operation"] == "import file retention"
    assert events[0]["entity_id"] == batch["id"]
    assert "file_deleted_at" in events[0]["changes"]
