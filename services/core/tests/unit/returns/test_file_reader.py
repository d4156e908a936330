"""The reading process: what it gives, what it may cost, and that it ends with its parent."""

import asyncio
import os
import signal
import sys
import textwrap
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from core_service.returns.files.header import COLUMNS
from core_service.returns.files.limits import FileTooCostly, FileUnreadable, ProcessLimits
from core_service.returns.files.reader import FileReader, ReaderFailed, read_return
from core_service.returns.files.tables import SourceRow
from testkit.core import hostile_files

Writes = Callable[[bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Writes:
    """Writes a file to read."""

    def write(content: bytes) -> Path:
        path = tmp_path / "return"
        path.write_bytes(content)
        return path

    return write


async def read(path: Path, limits: ProcessLimits | None = None, after: int = 0) -> list[SourceRow]:
    rows: list[SourceRow] = []
    async with read_return(path, limits or ProcessLimits()) as file:
        while chunk := await file.chunk(500, after=after):
            rows += chunk
    return rows


async def test_the_rows_come_in_chunks_behind_those_that_are_done(written: Writes) -> None:
    path = written(hostile_files.wide_csv(rows=3, cells=80))
    async with read_return(path) as file:
        assert file.header.names == COLUMNS
        first, second = await file.chunk(1, after=2), await file.chunk(10, after=2)
        assert [row.row_no for row in first + second] == [3, 4]
        assert await file.chunk(10) == []


async def test_reading_ends_in_the_middle_of_a_large_file(written: Writes) -> None:
    path = written(hostile_files.wide_csv(rows=20_000, cells=80))
    async with asyncio.timeout(20):
        async with read_return(path) as file:
            assert len(await file.chunk(1)) == 1
            # Until reading has stopped, with more in the pipe than the worker takes at a time.
            await asyncio.sleep(1)


@pytest.mark.parametrize("name", hostile_files.TOO_COSTLY)
async def test_a_file_beyond_a_limit_is_refused_by_its_name(written: Writes, name: str) -> None:
    make, limit = hostile_files.TOO_COSTLY[name]
    with pytest.raises(FileTooCostly, match=limit):
        await read(written(make()))


async def test_time_of_a_processor_is_limited(written: Writes) -> None:
    path = written(hostile_files.millions_of_cells())
    with pytest.raises(FileTooCostly, match="more than 1 s of processor time"):
        await read(path, ProcessLimits(cpu_seconds=1))


async def test_time_that_is_waited_is_limited(written: Writes) -> None:
    path = written(hostile_files.millions_of_cells())
    with pytest.raises(FileTooCostly, match=r"more than 0\.5 s"):
        await read(path, ProcessLimits(wall_seconds=0.5))


async def test_memory_is_limited_and_what_fits_is_read(written: Writes) -> None:
    path = written(hostile_files.wide_csv())
    rows = await read(path, ProcessLimits(memory_bytes=128 * 1024**2))
    assert [row.fault for row in rows] == [*["it has 30000 cells, more than 80"] * 100, None]


async def test_a_directory_that_lies_is_a_damaged_workbook(written: Writes) -> None:
    with pytest.raises(FileUnreadable, match="damaged"):
        await read(written(hostile_files.sizes_that_lie()))


async def test_cells_with_nothing_in_them_are_counted_not_stored(written: Writes) -> None:
    rows = await read(written(hostile_files.blank_to_the_last_column()))
    assert [(row.row_no, row.count, row.is_blank) for row in rows] == [
        (1, 20, True),
        (21, 1, False),
    ]


async def test_a_line_that_never_ends_costs_no_other_row(written: Writes) -> None:
    rows = await read(written(hostile_files.long_line_csv()))
    assert [row.fault for row in rows] == ["it has more than 131072 bytes", None]
    assert sum(map(len, rows[0].values)) <= 200


async def test_long_names_of_columns_are_not_stored_with_each_row(written: Writes) -> None:
    async with read_return(written(hostile_files.columns_of_long_names_csv())) as file:
        assert max(len(name or "") for name in file.header.names) <= 64
        assert file.header.names[38:40] == ("column_39", "column_40")


async def test_a_reading_process_that_is_killed_is_no_fault_of_the_file(written: Writes) -> None:
    path = written(hostile_files.millions_of_cells())

    async def read_and_kill() -> None:
        async with read_return(path) as file:
            file.process.kill()
            while await file.chunk(500):
                pass

    with pytest.raises(ReaderFailed):
        await read_and_kill()


async def test_it_ends_with_the_block(written: Writes) -> None:
    async with read_return(written(hostile_files.millions_of_cells())) as file:
        assert isinstance(file, FileReader)
    assert file.process.returncode == -signal.SIGKILL


async def test_it_has_none_of_the_services_secrets(
    written: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORE_CURSOR_KEY", "a secret")
    async with read_return(written(hostile_files.millions_of_cells())) as file:
        environment = await asyncio.to_thread(Path(f"/proc/{file.process.pid}/environ").read_bytes)
    assert b"PATH=" in environment
    assert b"a secret" not in environment


@pytest.mark.parametrize("fatal", [signal.SIGKILL, signal.SIGTERM])
async def test_it_dies_with_the_worker(written: Writes, fatal: signal.Signals) -> None:
    path = written(hostile_files.millions_of_cells())
    script = f"""
        import asyncio, pathlib
        from core_service.returns.files.reader import read_return

        async def main():
            async with read_return(pathlib.Path({str(path)!r})) as file:
                print(file.process.pid, flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
    """
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(script), stdout=PIPE, stderr=DEVNULL
    )
    assert worker.stdout is not None
    reader = int(await worker.stdout.readline())
    worker.send_signal(fatal)
    await worker.wait()
    async with asyncio.timeout(5):
        while _lives(reader):  # noqa: ASYNC110 - another process ends
            await asyncio.sleep(0.01)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
