"""The rule of limits: a burst, then one at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.limits.counting import (
    MICROSECONDS,
    Denial,
    Limit,
    LocalLimits,
    Policy,
    Spending,
    spend,
)

SECONDS = st.integers(1, 3600)


def test_a_limit_is_written_requests_per_seconds() -> None:
    assert Limit.parse(" 20/60 ") == Limit(20, 60)


@pytest.mark.parametrize("text", ["", "20", "0/60", "20/0", "-1/60", "20/60s", "1e3/60", "20 / 60"])
def test_anything_else_is_no_limit(text: str) -> None:
    with pytest.raises(ValueError, match="requests/seconds"):
        Limit.parse(text)


@given(requests=st.integers(1, 200), window=SECONDS)
def test_a_full_burst_passes_and_the_next_one_does_not(requests: int, window: int) -> None:
    limit, empty_at = Limit(requests, window), 0
    for _ in range(requests):
        spent = spend(empty_at, 0, limit)
        assert spent.wait_us == 0
        empty_at = spent.empty_at_us
    # Division into whole microseconds may leave room for less than one request more.
    assert spend(empty_at, 0, limit).wait_us > 0 or limit.window_us % requests


@given(requests=st.integers(1, 50), window=SECONDS, gaps=st.lists(st.integers(0, 10**7)))
def test_no_window_admits_more_than_twice_the_limit(
    requests: int, window: int, gaps: list[int]
) -> None:
    limit, empty_at, now = Limit(requests, window), 0, 0
    passed: list[int] = []
    for gap in gaps:
        now += gap
        spent = spend(empty_at, now, limit)
        if not spent.wait_us:
            empty_at = spent.empty_at_us
            passed.append(now)
    for start in passed:
        within = [at for at in passed if start <= at < start + limit.window_us]
        assert len(within) <= 2 * requests + 1


@given(requests=st.integers(1, 50), window=SECONDS, tries=st.integers(0, 30))
def test_after_the_wait_in_retry_after_the_request_is_admitted(
    requests: int, window: int, tries: int
) -> None:
    limits = LocalLimits(now_us=lambda: now)
    spending, now = Spending(Policy("p", Limit(requests, window)), "a"), 0
    denial: Denial | None = None
    for _ in range(requests + tries):
        denial = limits.spend([spending]) or denial
    if denial is not None:
        now = denial.retry_after_seconds * MICROSECONDS
        assert limits.spend([spending]) is None


def test_a_refusal_by_one_limit_spends_no_other() -> None:
    limits = LocalLimits(now_us=lambda: 0)
    wide, narrow = Policy("wide", Limit(2, 60)), Policy("narrow", Limit(1, 60))
    assert limits.spend([Spending(narrow, "a")]) is None
    for _ in range(5):
        denial = limits.spend([Spending(wide, "b"), Spending(narrow, "a")])
        assert denial is not None
        assert denial.policy is narrow
    assert limits.spend([Spending(wide, "b")]) is None
    assert limits.spend([Spending(wide, "b")]) is None


def test_without_redis_the_stricter_limit_holds() -> None:
    limits = LocalLimits(now_us=lambda: 0)
    spending = Spending(Policy("p", Limit(100, 60), degraded=Limit(1, 60)), "a")
    assert limits.spend([spending]) is None
    assert limits.spend([spending]) is not None


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auth_service.limits.counting.MAX_ACCOUNTS", 100)
    limits = LocalLimits(now_us=lambda: 0)
    for number in range(1000):
        limits.spend([Spending(Policy("p", Limit(1, 60)), str(number))])
    assert len(limits.empty_at_us) <= 100


def test_after_the_clock_was_set_back_no_caller_waits_for_it() -> None:
    limit = Limit(3, 60)
    full = limit.window_us
    assert spend(full, 0, limit).wait_us
    assert spend(full, -3600 * MICROSECONDS, limit).wait_us == 0
