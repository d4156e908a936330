"""Commands that prepare the stack."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from devstack.commands import run_command
from devstack.errors import CommandFailed
from devstack.programs import Program
from testkit.processes import wait_until_ended

Script = Callable[..., Program]


async def test_the_output_is_returned_and_stored(script: Script, tmp_path: Path) -> None:
    log = tmp_path / "seed.log"
    output = await run_command(script("seed", "print('{\"courts\": {}}')"), log)
    assert output == '{"courts": {}}\n'
    assert log.read_text() == output


async def test_a_failure_names_the_command_its_last_output_and_its_log(
    script: Script, tmp_path: Path
) -> None:
    log = tmp_path / "migrate.log"
    broken = script("migrate-core", "import sys; sys.exit('no such table')")
    with pytest.raises(CommandFailed) as failed:
        await run_command(broken, log)
    assert str(failed.value) == (f'migrate-core failed (exit code 1, "no such table"): see {log}')


async def test_a_cancelled_command_leaves_no_process(script: Script, tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    code = """
        import os, pathlib, sys, time
        pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
        time.sleep(600)
    """
    task = asyncio.create_task(run_command(script("seed", code, str(noted)), tmp_path / "log"))
    while not noted.exists() or not noted.read_text():  # noqa: ASYNC110 - another process's file
        await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    wait_until_ended(int(noted.read_text()))
