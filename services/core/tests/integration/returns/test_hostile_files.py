"""Files that are costly to read, from upload to answer, with a real worker."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import thread_time
from typing import Any
from uuid import UUID

import pytest

from common.composition import Units
from common.garbage_collection import freeze_after_start
from core_service.returns.processing import BatchProcessing
from core_service.settings import CoreSettings
from testkit.core import hostile_files
from testkit.core.auth import FakeAuth
from testkit.core.processes import worker_process
from testkit.core.returns import ReturnsClient
from testkit.timing import require_within

MIB = 1024 * 1024
WORKER_BYTES = 400 * MIB
PAGE_BYTES = 2 * MIB
STALL_SECONDS = 0.25
TICK_SECONDS = 0.01


def peak_bytes(pid: int) -> int:
    """The most memory that a process has had."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the kernel says nothing of the process's memory")


async def settled(returns: ReturnsClient, batch_id: str) -> dict[str, Any]:
    async with asyncio.timeout(120):
        while True:
            batch = await returns.batch(batch_id)
            if batch["state"] in {"applied", "partial", "failed"}:
                return batch
            await asyncio.sleep(0.05)


@asynccontextmanager
async def a_loop_that_is_never_held() -> AsyncIterator[None]:
    """Fails when something else has the loop's thread for too long.

    By the processor's time, since other programs on the machine hold nothing here.
    """
    gaps = [0.0]

    async def tick() -> None:
        last = thread_time()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            last, gap = thread_time(), thread_time() - last
            gaps.append(gap)

    freeze_after_start()  # as the worker does: a full collection takes as long as a stall
    ticker = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticker.cancel()
        gc.unfreeze()
    require_within(max(gaps), STALL_SECONDS)


def reader_peaks() -> Iterator[int]:
    """The most memory of each process that reads a file for this one now."""
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            with suppress(OSError, AssertionError):  # it has just ended
                if b"returns.files.child" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    yield peak_bytes(int(pid))


@asynccontextmanager
async def a_reader_within(limit: int) -> AsyncIterator[None]:
    """Fails when the process that reads the file has more memory than that, or there is none."""
    peaks = [0]

    async def watch() -> None:
        while True:
            peaks.extend(reader_peaks())
            await asyncio.sleep(TICK_SECONDS)

    watcher = asyncio.create_task(watch())
    try:
        yield
    finally:
        watcher.cancel()
    assert 0 < max(peaks) <= limit


async def test_costly_workbooks_fail_by_their_limit_and_the_worker_stays_small(
    returns: ReturnsClient, settings: CoreSettings, auth: FakeAuth
) -> None:
    files = {name: make() for name, (make, _) in hostile_files.TOO_COSTLY.items()}
    async with worker_process(settings, auth) as worker:
        for name, (_, limit) in hostile_files.TOO_COSTLY.items():
            sent = await returns.send(files[name], f"{name}.xlsx")
            assert sent.status_code == 202, sent.text
            batch = await settled(returns, sent.json()["id"])
            assert (batch["state"], batch["error"]["code"]) == ("failed", "FILE_TOO_COSTLY"), name
            assert limit in batch["error"]["message"]
        after = await returns.send(hostile_files.wide_csv(rows=0))
        assert (await settled(returns, after.json()["id"]))["state"] == "applied"
        assert peak_bytes(worker.pid) < WORKER_BYTES


async def test_rows_of_30_000_cells_are_refused_and_the_others_are_read(
    returns: ReturnsClient, settings: CoreSettings, auth: FakeAuth
) -> None:
    async with worker_process(settings, auth) as worker:
        sent = await returns.send(hostile_files.wide_csv())
        batch = await settled(returns, sent.json()["id"])
        assert peak_bytes(worker.pid) < WORKER_BYTES
    assert batch["counts"] | {"read": 101, "new": 1, "rejected": 100} == batch["counts"]
    answer = await returns.api.get(f"/imports/{batch['id']}/rows", limit="200")
    assert len(answer.content) < PAGE_BYTES
    row = answer.json()["items"][0]
    assert (row["result"], len(row["raw"])) == ("REJECTED", 80)
    assert [issue["code"] for issue in row["issues"]] == ["ROW_LENGTH"]
    assert "more than 80" in row["issues"][0]["message"]


# Two busy cores share what they have: the processor's time of a step grows with them.
@pytest.mark.quiet
@pytest.mark.parametrize(
    ("make", "read"),
    [
        (hostile_files.open_quotes_csv, None),
        (hostile_files.long_line_csv, 2),
        (hostile_files.columns_of_long_names_csv, 2000),
        (hostile_files.blank_to_the_last_column, 21),
        (lambda: hostile_files.millions_of_cells(5000), 5000),
    ],
)
async def test_what_can_be_read_is_read_without_holding_the_loop(
    returns: ReturnsClient, core: Units, make: Any, read: int | None
) -> None:
    content = make()
    sent = (await returns.send(content)).json()
    async with a_loop_that_is_never_held(), a_reader_within(512 * MIB):
        await core.get(BatchProcessing).run(UUID(sent["id"]))
    batch = await returns.batch(sent["id"])
    assert batch["state"] in {"applied", "partial"}
    assert read is None or batch["counts"]["read"] == read


async def test_a_directory_that_lies_is_a_damaged_file(returns: ReturnsClient) -> None:
    sent = (await returns.send(hostile_files.sizes_that_lie())).json()
    batch = await returns.work(sent["id"])
    assert (batch["state"], batch["error"]["code"]) == ("failed", "FILE_UNREADABLE")


async def test_pages_of_large_rows_are_cut_by_bytes_and_lose_nothing(
    returns: ReturnsClient,
) -> None:
    text = "x" * 32_000
    names = ",".join(f"note_{n}" for n in range(4))
    header, _, good = hostile_files.wide_csv(rows=0).decode().partition("\n")
    lines = [f"{good},{text},{text},{text},{text}"] * 60
    batch = await returns.bring_file("\n".join([f"{header},{names}", *lines]).encode())
    found: list[int] = []
    pages, cursor = 0, ""
    while pages == 0 or cursor:
        params = {"cursor": cursor} if cursor else {}
        async with a_loop_that_is_never_held():
            answer = await returns.api.get(f"/imports/{batch['id']}/rows", limit="50", **params)
        assert len(answer.content) <= PAGE_BYTES
        found += [row["row_no"] for row in answer.json()["items"]]
        cursor, pages = str(answer.json()["next_cursor"] or ""), pages + 1
    assert found == list(range(1, 61))
    assert pages == 4, "fifteen of these rows fill a page"


async def test_blank_rows_that_follow_each_other_are_stored_as_one(returns: ReturnsClient) -> None:
    header, _, good = hostile_files.wide_csv(rows=0).partition(b"\n")
    batch = await returns.bring_file(b"\n".join([header, good, *[b","] * 3000, good]))
    assert batch["counts"] | {"read": 3002, "empty": 3000} == batch["counts"]
    assert [row["row_no"] for row in await returns.rows(batch)] == [1, 2, 3002]
    (blank,) = await returns.rows(batch, result="EMPTY")
    assert "3000 rows" in blank["issues"][0]["message"]
