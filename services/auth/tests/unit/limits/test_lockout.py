"""How long an account waits after failures."""

from datetime import timedelta

import pytest

from auth_service.limits.lockout import LockoutRules


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (12, 128), (14, 300), (99, 300), (10**9, 300)],
)
def test_the_wait_doubles_from_the_fifth_failure_up_to_the_longest(
    failures: int, seconds: int
) -> None:
    rules = LockoutRules()
    assert rules.wait(failures, timedelta(0)) == timedelta(seconds=seconds)
    assert rules.wait(failures, timedelta(seconds=seconds)) == timedelta(0)


@pytest.mark.parametrize("failures", [1, 5, 50])
def test_after_the_clock_was_set_back_no_caller_waits_for_it(
    failures: int,
) -> None:
    assert LockoutRules().wait(failures, timedelta(hours=-1)) == timedelta(0)


def test_the_clocks_of_replicas_may_differ_and_guesses_wait_all_the_same() -> None:
    assert LockoutRules().wait(8, timedelta(seconds=-2)) > timedelta(seconds=8)
