"""`kill -9` of real worker processes in the middle of batches, and batches that take turns."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from common.composition import Units
from core_service.returns.processing import MAX_DEATHS, BatchProcessing
from core_service.settings import CoreSettings
from testkit.core.api import Api
from testkit.core.auth import FakeAuth
from testkit.core.processes import worker_process
from testkit.core.returns import ReturnsClient, as_csv
from testkit.core.reverts import Reverted, all_rows
from testkit.timing import require_within

ROWS = [{"date_dd": str(1 + day % 28), "caseid_no": str(1 + day // 28)} for day in range(140)]
ENDED: Final = ("applied", "partial", "failed")
KILLS: Final = 20
# A revert takes parts of 2,000 rows.
REVERTED_ROWS: Final = 5000
REVERT_KILLS: Final = 2
# Rows of large files that go before those of small ones: five turns or so of each. On a machine
# without other work that is a second.
ROWS_BEFORE_SMALL: Final = 8000
SMALL_SECONDS: Final = 10


async def _until(returns: ReturnsClient, batch_id: str, *states: str) -> dict[str, Any]:
    async with asyncio.timeout(100):
        while (batch := await returns.batch(batch_id))["state"] not in states:  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.02)
    return batch


async def _until_it_moves(returns: ReturnsClient, batch_id: str) -> None:
    """Until a worker has dealt with another part of the revert, or with all of it."""
    before = await returns.batch(batch_id)
    async with asyncio.timeout(100):
        while before["state"] == "reverting" and await returns.batch(batch_id) == before:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


async def test_a_worker_killed_while_it_applies_loses_nothing_and_repeats_nothing(
    returns: ReturnsClient, settings: CoreSettings, auth: FakeAuth
) -> None:
    sent = (await returns.send(as_csv(ROWS))).json()
    async with worker_process(settings, auth) as worker:
        await _until(returns, sent["id"], "applying")
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    assert (await returns.batch(sent["id"]))["state"] == "applying"
    async with worker_process(settings, auth):
        batch = await _until(returns, sent["id"], *ENDED)
    assert batch["state"] == "applied"
    assert batch["counts"] | {"read": 140, "new": 140} == batch["counts"]
    assert (await returns.case("HCCC 1 of 2025"))["activity_count"] == 28
    assert (await returns.api.get("/cases", count="exact")).json()["total"] == 5


@dataclass(slots=True)
class Workers:
    """Two worker processes on one queue."""

    settings: CoreSettings
    auth: FakeAuth
    running: list[AbstractAsyncContextManager[Any]] = field(default_factory=list)

    async def start(self) -> None:
        worker = worker_process(self.settings, self.auth)
        await worker.__aenter__()
        self.running.append(worker)

    async def kill(self, which: int) -> None:
        await self.running.pop(which).__aexit__(None, None, None)


@asynccontextmanager
async def two_workers(settings: CoreSettings, auth: FakeAuth) -> AsyncIterator[Workers]:
    workers = Workers(settings, auth)
    try:
        await workers.start()
        await workers.start()
        yield workers
    finally:
        while workers.running:
            await workers.kill(0)


def a_return(register: str, rows: int = 900) -> bytes:
    """Cases with a history, corrections, repetitions, closures, rows that wait and faults."""
    random = Random(rows)  # noqa: S311 - the same rows for each register
    extra: list[dict[str, str]] = [
        *[{}] * 12,
        {"other_details": "corrected"},
        {"male_applicant": "3"},
        {"outcome": "Struck Out"},
        {"date_mon": "Feb", "date_dd": "31"},
        {"judge_1": ""},
        {"judge_1": "Unlisted, Ann"},
    ]
    return as_csv(
        [
            {
                "caseid_type": register,
                "caseid_no": str(random.randint(1, rows // 4)),
                "date_dd": str(random.randint(20, 26)),
            }
            | random.choice(extra)
            for _ in range(rows)
        ]
    )


TABLES: Final = {
    "batch": """
        SELECT state, applied_rows, total_rows, new_rows, unchanged_rows, duplicate_rows,
          correction_rows, held_rows, rejected_rows, empty_rows
        FROM import_batches WHERE id = %(id)s""",
    "rows": """
        SELECT row_no, result, encode(identity_hash, 'hex') IS NULL, court_id,
          case_id IS NULL, activity_id IS NULL
        FROM import_rows WHERE batch_id = %(id)s ORDER BY row_no""",
    "issues": """
        SELECT row_no, seq, code, severity, "column", value, message, suggestion
        FROM import_row_issues WHERE batch_id = %(id)s ORDER BY row_no, seq""",
    "cases": """
        SELECT number_norm, filed_on, case_type_id, status, status_since, disposed_on,
          last_activity_on, activity_count, male_applicant, version, row_no
        FROM cases WHERE batch_id = %(id)s ORDER BY number_norm""",
    "activities": """
        SELECT a.row_no, c.number_norm, a.activity_on, a.seq, a.details, a.outcome_id,
          a.void_reason, a.case_version, old.row_no,
          (SELECT array_agg(j.judge_id ORDER BY position) FROM activity_judges j
            WHERE j.activity_id = a.id)
        FROM case_activities a JOIN cases c ON c.id = a.case_id
          LEFT JOIN case_activities old ON old.id = a.supersedes_id
        WHERE a.batch_id = %(id)s ORDER BY a.row_no""",
    "events": """
        SELECT c.number_norm, e.kind, e.effective_on, e.retracted_at IS NULL, a.row_no
        FROM case_status_events e JOIN cases c ON c.id = e.case_id
          LEFT JOIN case_activities a ON a.id = e.activity_id
        WHERE c.batch_id = %(id)s AND e.retracted_at IS NULL
        ORDER BY c.number_norm, e.effective_on, e.kind, a.row_no""",
}


async def _left_behind(database_url: str, batch_id: str) -> dict[str, list[Any]]:
    """What an import has left in the tables, but for IDs and times."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        return {
            name: await (await connection.execute(statement, {"id": batch_id})).fetchall()
            for name, statement in TABLES.items()
        }


@pytest.mark.timeout(240)
async def test_workers_killed_at_random_moments_leave_what_an_undisturbed_one_leaves(
    returns: ReturnsClient, settings: CoreSettings, auth: FakeAuth, database_url: str
) -> None:
    random = Random(9)  # noqa: S311 - the moments differ in any case
    sent: list[str] = []
    async with two_workers(settings, auth) as workers:
        for _ in range(KILLS):
            states = [(await returns.batch(each))["state"] for each in sent]
            if sum(state not in ENDED for state in states) < 2:
                file = a_return(f"KILLED{len(sent)}")
                sent.append((await returns.send(file)).json()["id"])
            await asyncio.sleep(random.uniform(0, 3))  # the moment of the kill
            await workers.kill(random.randrange(2))
            await workers.start()
        for each in sent:
            await _until(returns, each, *ENDED)
    undisturbed = (await returns.send(a_return("CALM"))).json()["id"]
    assert (await returns.work(undisturbed))["state"] == "partial"
    expected = await _left_behind(database_url, undisturbed)
    for batch_id in sent:
        found = await _left_behind(database_url, batch_id)
        for name, lines in expected.items():
            assert found[name] == lines, name


@pytest.mark.timeout(240)
async def test_a_revert_whose_workers_are_killed_restores_every_row(
    returns: ReturnsClient, core: Units, admin: Api, settings: CoreSettings, auth: FakeAuth
) -> None:
    await returns.bring_file(a_return("REVERTED"))
    before = await all_rows(core)
    batch = await returns.bring_file(a_return("REVERTED", REVERTED_ROWS))
    answer = await admin.post(f"/imports/{batch['id']}/revert", {"reason": "Of another week"})
    assert answer.status_code == 200, answer.text
    async with two_workers(settings, auth) as workers:
        for _ in range(REVERT_KILLS):
            await _until_it_moves(returns, batch["id"])
            for _ in range(2):
                await workers.kill(0)
            for _ in range(2):
                await workers.start()
        assert (await _until(returns, batch["id"], "reverted"))["progress"]["done"] == 0
    assert Reverted(before, await all_rows(core), {batch["id"]}).faults() == []


async def test_a_file_that_kills_every_worker_ends(returns: ReturnsClient, core: Units) -> None:
    sent = (await returns.send(as_csv([{}]))).json()
    processing = core.get(BatchProcessing)
    for _ in range(MAX_DEATHS):
        assert (await returns.batch(sent["id"]))["state"] == "uploaded"
        await processing.count_death(UUID(sent["id"]))
    batch = await returns.work(sent["id"])
    assert (batch["state"], batch["error"]["code"]) == ("failed", "internal-error")
    assert (await returns.bring({}))["state"] == "applied"  # the file may be sent again


async def test_a_batch_that_gets_further_between_deaths_goes_on(
    returns: ReturnsClient, core: Units
) -> None:
    sent = (await returns.send(as_csv([{}]), mode="validate")).json()
    processing = core.get(BatchProcessing)
    for state in ("uploaded", "validated"):
        for _ in range(MAX_DEATHS - 1):
            await processing.count_death(UUID(sent["id"]))
        assert (await returns.batch(sent["id"]))["state"] == state
        await processing.run(UUID(sent["id"]))


async def _rows_done(returns: ReturnsClient, batch_ids: Sequence[str]) -> int:
    """Rows that have been read, and those that have been applied."""
    done = 0
    for batch_id in batch_ids:
        batch = await returns.batch(batch_id)
        assert batch["state"] not in ENDED
        is_read = batch["state"] in ("validated", "applying")
        done += batch["progress"]["done"] + (batch["progress"]["total"] if is_read else 0)
    return done


@pytest.mark.quiet
@pytest.mark.timeout(240)
async def test_small_files_do_not_wait_for_large_ones(
    returns: ReturnsClient, settings: CoreSettings, auth: FakeAuth, record_property: Any
) -> None:
    large = [
        (await returns.send(a_return(f"LARGE{number}", 8000))).json()["id"] for number in range(2)
    ]
    async with worker_process(settings, auth):
        for batch_id in large:
            await _until(returns, batch_id, "validating", "validated", "applying")
        small = [
            (await returns.send(a_return(f"SMALL{number}", 20))).json()["id"] for number in range(5)
        ]
        before, since = await _rows_done(returns, large), time.monotonic()
        for batch_id in small:
            await _until(returns, batch_id, *ENDED)
        seconds = time.monotonic() - since
        record_property("seconds", seconds)
        require_within(seconds, SMALL_SECONDS)
        rows = await _rows_done(returns, large) - before
        record_property("rows", rows)
        assert rows <= ROWS_BEFORE_SMALL
