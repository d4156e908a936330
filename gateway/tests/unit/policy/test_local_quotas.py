"""The quota rule against a plain model of what it promises (docs/adr/0005-quota-window.md)."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.local_quotas import LocalQuotas
from gateway.policy.quotas import MICROSECONDS, Quota, QuotaPolicy, QuotaState, Spending

SECOND = MICROSECONDS
START = 1_700_000_000 * SECOND


def spending(limit: int, seconds: int = 60, name: str = "user") -> Spending:
    return Spending(QuotaPolicy(name, Quota(limit, seconds)), f"q:{name}:a")


@dataclass
class Model:
    """Windows that begin with the first request, and a bucket that refills at the quota's rate.

    Written from the promise rather than from the code: it keeps every admitted moment.
    """

    limit: int
    window: int
    admitted: list[int] = field(default_factory=list)
    window_start: int | None = None

    def admits(self, now: int) -> bool:
        start = self.window_start
        if start is None or now >= start + self.window:
            start = now
        in_window = sum(moment >= start for moment in self.admitted)
        allowed = in_window < self.limit and self.level(now) >= 1
        if allowed:
            self.admitted.append(now)
            self.window_start = start
        return allowed

    def level(self, now: int) -> float:
        """What the bucket holds: full at first, `limit` at most, refilled evenly."""
        interval = self.window // self.limit
        level, last = float(self.limit), None
        for moment in [*self.admitted, now]:
            if last is not None:
                level = min(float(self.limit), level + (moment - last) / interval)
            last = moment
            if moment is not now:
                level -= 1
        return level + 1e-9


steps = st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=80)


@given(limit=st.integers(1, 12), seconds=st.integers(1, 8), pauses=steps)
def test_it_admits_what_the_model_admits(limit: int, seconds: int, pauses: list[int]) -> None:
    quotas, item = LocalQuotas(), spending(limit, seconds)
    model = Model(limit, seconds * SECOND)
    now = START
    for pause in pauses:
        now += pause
        (state,) = quotas.spend([item], now)
        assert state.violated is not model.admits(now)


@given(limit=st.integers(1, 12), seconds=st.integers(1, 8), pauses=steps)
def test_within_a_window_of_the_first_request_exactly_the_limit_is_admitted(
    limit: int, seconds: int, pauses: list[int]
) -> None:
    quotas, item = LocalQuotas(), spending(limit, seconds)
    now, admitted, offered = START, 0, 0
    for pause in [0, *pauses]:
        now += pause
        if now >= START + seconds * SECOND:
            break
        (state,) = quotas.spend([item], now)
        offered += 1
        admitted += not state.violated
    assert admitted == min(offered, limit)


@given(limit=st.integers(2, 10), late=st.integers(1, 999))
def test_no_second_burst_is_admitted_when_a_window_ends(limit: int, late: int) -> None:
    quotas, item = LocalQuotas(), spending(limit, 10)
    quotas.spend([item], START)
    end = START + 10 * SECOND
    moments = [end - late * 1000] * limit + [end] * limit
    burst = sum(not quotas.spend([item], moment)[0].violated for moment in moments)
    assert burst <= limit + late * 1000 // item.policy.interval_us


@given(limit=st.integers(1, 10), seconds=st.integers(1, 8), pauses=steps)
def test_a_client_that_waits_for_retry_after_is_admitted_and_not_a_moment_earlier(
    limit: int, seconds: int, pauses: list[int]
) -> None:
    quotas, item = LocalQuotas(), spending(limit, seconds)
    now = START
    for pause in pauses:
        now += pause
        (state,) = quotas.spend([item], now)
        if state.violated:
            assert quotas.spend([item], now + state.reset_us - 1)[0].violated
            assert not quotas.spend([item], now + state.reset_us)[0].violated
            return


@given(limit=st.integers(1, 10), seconds=st.integers(1, 8), pauses=steps)
def test_as_many_requests_as_remain_are_admitted(
    limit: int, seconds: int, pauses: list[int]
) -> None:
    quotas, item = LocalQuotas(), spending(limit, seconds)
    now = START
    for pause in pauses:
        now += pause
        (state,) = quotas.spend([item], now)
    (state,) = quotas.spend([item], now)
    if not state.violated:
        more = [quotas.spend([item], now)[0].violated for _ in range(state.remaining + 1)]
        assert more == [False] * state.remaining + [True]


def test_the_first_request_leaves_one_less_until_the_window_ends() -> None:
    (state,) = LocalQuotas().spend([spending(600)], START)
    assert state == QuotaState(599, 60 * SECOND)
    assert state.reset_seconds == 60


def test_a_request_refused_by_one_policy_counts_against_none() -> None:
    quotas = LocalQuotas()
    narrow, wide = spending(1, name="login"), spending(10, name="ip")
    quotas.spend([narrow, wide], START)
    refused, untouched = quotas.spend([narrow, wide], START)
    assert refused.violated
    assert untouched.remaining == 9
    assert quotas.spend([wide], START)[0].remaining == 8


def test_a_request_refused_for_another_reason_counts_against_no_policy() -> None:
    quotas = LocalQuotas()
    quotas.spend([spending(3)], START, stopped=True)
    assert quotas.spend([spending(3)], START)[0].remaining == 2


def test_memory_is_bounded_and_the_longest_unused_account_goes_first() -> None:
    quotas = LocalQuotas(max_accounts=2)
    policy = QuotaPolicy("ip", Quota(5))
    for key in ("a", "b", "a", "c"):
        quotas.spend([Spending(policy, key)], START)
    assert list(quotas.accounts) == ["a", "c"]


def test_a_lowered_limit_holds_at_once() -> None:
    quotas = LocalQuotas()
    for _ in range(8):
        quotas.spend([spending(10)], START)
    (state,) = quotas.spend([spending(5)], START)
    assert state.violated
    assert state.remaining == 0


def test_after_the_clock_was_set_back_no_caller_waits_for_it() -> None:
    quotas = LocalQuotas()
    for _ in range(4):
        quotas.spend([spending(3)], START)
    (state,) = quotas.spend([spending(3)], START - 3600 * MICROSECONDS)
    assert not state.violated
    assert state.remaining == 2
