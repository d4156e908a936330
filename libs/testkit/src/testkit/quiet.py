"""Tests marked `quiet` measure how long something takes: no other test runs at the same time, and
one that is too slow is measured again.

They come last. Of sessions that run side by side, all name one file in TEST_QUIET_FILE: each shares
its lock while a test runs, and from its first quiet test on has it for itself.
"""

import fcntl
import os
from collections.abc import Generator
from typing import Final

import pytest

from testkit.timing import RUNS_AGAIN, TooSlow

MARK: Final = "quiet"
VARIABLE: Final = "TEST_QUIET_FILE"


def is_quiet(item: pytest.Item) -> bool:
    """Whether other tests would disturb it."""
    return item.get_closest_marker(MARK) is not None


class Turns:
    """The locks of one session: who waits for quiet holds the door, so that no other goes in."""

    def __init__(self, path: str) -> None:
        self._room, self._door = (
            os.open(name, os.O_RDWR | os.O_CREAT, 0o600) for name in (path, f"{path}.door")
        )
        self._alone = False

    def enter(self, *, alone: bool) -> None:
        """Wait for the turn; alone, for as long as the session lasts."""
        if self._alone:
            return
        fcntl.flock(self._door, fcntl.LOCK_EX)
        fcntl.flock(self._room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        self._alone = alone
        if not alone:
            fcntl.flock(self._door, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Let a quiet test of another session begin, unless this session has them now."""
        if not self._alone:
            fcntl.flock(self._room, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give back what is held; a child that was forked may have the files open."""
        for lock in (self._room, self._door):
            fcntl.flock(lock, fcntl.LOCK_UN)
            os.close(lock)


class TakingTurns:
    """The plugin of a session that others run next to."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # a test's time does not run while it waits
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._turns.enter(alone=is_quiet(item))
        try:
            return (yield)
        finally:
            self._turns.leave()

    def pytest_unconfigure(self) -> None:
        self._turns.close()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARK}: runs last, and while no other test does")
    if path := os.environ.get(VARIABLE):
        config.pluginmanager.register(TakingTurns(Turns(path)))


@pytest.hookimpl(trylast=True)  # when the order is random already
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=is_quiet)
    again = pytest.mark.flaky(reruns=RUNS_AGAIN, only_rerun=[TooSlow.__name__])
    for item in filter(is_quiet, items):
        item.add_marker(again)
