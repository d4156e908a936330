"""Sessions that run side by side: a quiet test waits for others, and others wait for it; what it
measures is measured again.
"""

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

import pytest

from testkit.quiet import VARIABLE, Turns

pytest_plugins = ["pytester"]

SECONDS = 10
MEASURED = """
import itertools
import pytest
from testkit.timing import require_within

def counted(name):
    return next(runs.setdefault(name, itertools.count(1)))

runs = {}

@pytest.mark.quiet
def test_at_last():
    require_within(3 - counted("at last"), 1)

@pytest.mark.quiet
def test_always():
    require_within(2, 1)

@pytest.mark.quiet
def test_wrong():
    assert counted("wrong") > 1

def test_loud():
    require_within(2 - counted("loud"), 1)
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "quiet")


@pytest.fixture
def sessions(path: str) -> Iterator[list[Turns]]:
    """Two, each with its own locks on the same file."""
    with ExitStack() as closing:
        made = [Turns(path) for _ in range(2)]
        for each in made:
            closing.callback(each.close)
        yield made


def await_holder(door: str) -> None:
    """Wait until a session is at the door."""
    deadline = monotonic() + SECONDS
    probe = os.open(door, os.O_RDWR)
    try:
        while True:
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(probe, fcntl.LOCK_UN)
            assert monotonic() < deadline
            sleep(0.005)
    finally:
        os.close(probe)


def test_tests_that_are_not_quiet_run_at_the_same_time(sessions: list[Turns]) -> None:
    for each in sessions:
        each.enter(alone=False)
    for each in sessions:
        each.leave()


def test_a_quiet_test_waits_for_those_that_run_and_is_overtaken_by_none(
    sessions: list[Turns], path: str
) -> None:
    running, later = sessions
    quiet = Turns(path)
    order: list[str] = []

    def enter(turns: Turns, name: str) -> None:
        turns.enter(alone=name == "quiet")
        order.append(name)

    with ThreadPoolExecutor(2) as pool:
        running.enter(alone=False)
        waiting: list[Future[None]] = [pool.submit(enter, quiet, "quiet")]
        await_holder(f"{path}.door")
        waiting.append(pool.submit(enter, later, "later"))
        order.append("running")
        running.leave()
        waiting[0].result(SECONDS)
        # It has the machine until its session ends: further quiet tests do not wait again.
        quiet.leave()
        quiet.enter(alone=True)
        assert order == ["running", "quiet"]
        quiet.close()
        waiting[1].result(SECONDS)
    assert order == ["running", "quiet", "later"]


def test_what_is_too_slow_is_measured_again_and_what_is_wrong_is_not(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)  # this session may have that file's lock
    pytester.makepyfile(MEASURED)
    result = pytester.runpytest_subprocess("-p", "testkit.quiet", "-p", "no:randomly")
    assert result.parseoutcomes() == {"passed": 1, "failed": 3, "rerun": 4}
    result.stdout.fnmatch_lines(["*TooSlow: it took 2.000 s, and may take 1 s*"])
