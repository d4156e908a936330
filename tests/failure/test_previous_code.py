"""The code from before the newest change of a schema works on the new one while it is replaced.

It is that of the newest release; before there is one, that of the commit before the migration.
"""

import asyncio
import io
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from failure.registry import Register, Words, check_consistency, served, signed_in

from devstack.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = ("libs/common/src", "services/auth/src", "services/core/src")
MIGRATIONS: Final = ":(glob)services/*/src/*/migrations/versions/*.py"
PROCESSES: Final = ("auth", "core", "worker")
CASES: Final = 6


def git(*arguments: str) -> bytes | None:
    """What git prints; None when it fails, as where the history is not there."""
    command = ["git", "-C", str(ROOT), *arguments]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own command
    return done.stdout if done.returncode == 0 else None


def previous_commit() -> str | None:
    release = git("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^")
    changed = git("log", "-1", "--format=%H^", "--", MIGRATIONS)
    named = release or changed
    found = git("rev-parse", "--verify", f"{named.decode().strip()}^{{commit}}") if named else None
    return found.decode().strip() if found else None


@pytest.fixture(scope="module")
def previous_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sources."""
    commit = previous_commit()
    if commit is None:
        pytest.skip("the history of this clone does not go back to the code before")
    archive = git("archive", commit, *SOURCES)
    assert archive is not None
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=io.BytesIO(archive)) as sources:
        sources.extractall(folder, filter="data")
    return folder


def running_from(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Python imports the services from this folder."""
    path = ":".join(str(folder / source) for source in SOURCES)
    found = {**environment, "PYTHONPATH": path}
    command = [sys.executable, "-c", "import core_service; print(core_service.__file__)"]
    imported = subprocess.run(command, check=True, capture_output=True, text=True, env=found)  # noqa: S603 - our own command
    assert imported.stdout.startswith(str(folder))
    return found


def test_the_previous_code_serves_reads_and_writes_on_the_new_schema(
    runner: asyncio.Runner, stack: Stack, previous_code: Path
) -> None:
    async def scenario() -> None:
        programs = {name: stack.supervisor._children[name].program for name in PROCESSES}
        try:
            for name, program in programs.items():
                await stack.kill(name)
                environment = running_from(previous_code, program.environment)
                await stack.supervisor.start([replace(program, environment=environment)])
            async with signed_in(stack) as clerk:
                await served(clerk)  # the edge looks for a process that is back once a second
                register = Register("BEFORE", await Words.read(clerk))
                for _ in range(CASES):
                    await register.file_and_withdraw(clerk)
                await register.check(stack, clerk)
        finally:
            for name, program in programs.items():
                await stack.kill(name)
                await stack.supervisor.start([program])
        await check_consistency(stack)

    runner.run(scenario())
