"""All processes run, or the stack is over; none is left behind."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from devstack.errors import ChildDied, NotReady
from devstack.programs import Program
from devstack.supervisor import Supervisor
from testkit.processes import is_running, wait_until_ended

Service = Callable[[str], Program]
Script = Callable[..., Program]

UNREACHABLE = "http://127.0.0.1:9"  # the discard port, where nothing listens
NEVER_READY = "import time; time.sleep(600)"
DIES = "import sys; print('PORT: is not a number', flush=True); sys.exit(3)"
STUBBORN = """
    import signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)
"""
HAS_A_CHILD = """
    import pathlib, subprocess, sys
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pathlib.Path(sys.argv[1]).write_text(str(child.pid))
    child.wait()
"""


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path)
    yield supervisor
    await supervisor.stop()


async def test_it_returns_when_all_are_ready(supervisor: Supervisor, service: Service) -> None:
    await supervisor.start([service("auth"), service("core")])
    assert is_running(supervisor.pid("auth"))
    assert is_running(supervisor.pid("core"))


async def test_a_child_that_dies_at_the_start_is_named_with_its_log(
    supervisor: Supervisor, service: Service, script: Script, tmp_path: Path
) -> None:
    with pytest.raises(ChildDied) as died:
        await supervisor.start([service("auth"), script("core", DIES, ready_url=UNREACHABLE)])
    assert str(died.value) == (
        f'core died (exit code 3, its last output "PORT: is not a number"): see {tmp_path}/core.log'
    )


async def test_a_child_that_dies_later_is_noticed(supervisor: Supervisor, service: Service) -> None:
    await supervisor.start([service("auth"), service("core")])
    os.kill(supervisor.pid("core"), signal.SIGKILL)
    failure = await supervisor.failure()
    assert str(failure).startswith("core died (killed by SIGKILL")


async def test_a_child_that_never_gets_ready_is_named(tmp_path: Path, script: Script) -> None:
    supervisor = Supervisor(tmp_path, ready_seconds=0.3)
    try:
        with pytest.raises(NotReady, match=f"core runs but is not ready .* {tmp_path}/core.log"):
            await supervisor.start([script("core", NEVER_READY, ready_url=UNREACHABLE)])
    finally:
        await supervisor.stop()


async def test_stop_leaves_no_process(supervisor: Supervisor, service: Service) -> None:
    await supervisor.start([service("auth"), service("core")])
    pids = supervisor.pid("auth"), supervisor.pid("core")
    await supervisor.stop()
    assert not any(is_running(pid) for pid in pids)


async def test_stop_is_no_failure(supervisor: Supervisor, service: Service) -> None:
    await supervisor.start([service("auth")])
    await supervisor.stop()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(supervisor.failure(), 0.1)


async def test_what_a_child_has_started_is_stopped_too(
    supervisor: Supervisor, script: Script, tmp_path: Path
) -> None:
    noted = tmp_path / "grandchild"
    await supervisor.start([script("worker", HAS_A_CHILD, str(noted))])
    while not noted.exists() or not noted.read_text():  # noqa: ASYNC110 - another process's file
        await asyncio.sleep(0.02)
    await supervisor.stop()
    wait_until_ended(int(noted.read_text()))


async def test_a_child_that_ignores_sigterm_is_killed_after_the_grace(
    tmp_path: Path, script: Script
) -> None:
    supervisor = Supervisor(tmp_path, grace_seconds=0.2)
    await supervisor.start([script("worker", STUBBORN)])
    pid = supervisor.pid("worker")
    await supervisor.stop()
    assert not is_running(pid)


async def test_a_killed_child_can_be_restarted_and_the_others_stay(
    supervisor: Supervisor, service: Service
) -> None:
    await supervisor.start([service("auth"), service("core")])
    auth, core = supervisor.pid("auth"), supervisor.pid("core")
    await supervisor.kill("core")
    assert not is_running(core)
    await supervisor.restart("core")
    assert supervisor.pid("core") != core
    assert supervisor.pid("auth") == auth
    assert is_running(auth)


async def test_killing_a_child_on_purpose_is_no_failure(
    supervisor: Supervisor, service: Service
) -> None:
    await supervisor.start([service("auth")])
    await supervisor.kill("auth")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(supervisor.failure(), 0.1)


async def test_logs_of_earlier_runs_are_preserved(
    supervisor: Supervisor, service: Service, tmp_path: Path
) -> None:
    program = service("auth")
    await supervisor.start([program])
    await supervisor.restart("auth")
    assert (tmp_path / "auth.log").read_text().count("started") == 2
