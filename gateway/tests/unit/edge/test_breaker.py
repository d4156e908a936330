"""The circuit breaker."""

from dataclasses import dataclass

import pytest

from gateway.edge.breaker import FAILURES, REST_SECONDS, Breaker, CircuitOpenError


@dataclass
class Time:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> Breaker:
    return Breaker("core", time)


def is_open(breaker: Breaker) -> bool:
    return breaker.open


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        with breaker.trial():
            breaker.failed()


def test_it_opens_after_failures_in_a_row_and_then_tries_nothing(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    assert not is_open(breaker)
    fail(breaker, 1)
    assert is_open(breaker)
    with pytest.raises(CircuitOpenError) as refused, breaker.trial():
        pass
    assert refused.value.retry_after_seconds == 1


def test_a_success_between_begins_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    breaker.succeeded()
    fail(breaker, FAILURES - 1)
    assert not is_open(breaker)


def test_after_its_rest_one_probes_while_others_wait(breaker: Breaker, time: Time) -> None:
    fail(breaker, FAILURES)
    time.now += REST_SECONDS
    with breaker.trial():
        with pytest.raises(CircuitOpenError), breaker.trial():
            pass
        breaker.succeeded()
    assert not is_open(breaker)
    with breaker.trial():
        pass


def test_a_failed_probe_begins_another_rest(breaker: Breaker, time: Time) -> None:
    fail(breaker, FAILURES)
    time.now += REST_SECONDS
    fail(breaker, 1)
    with pytest.raises(CircuitOpenError), breaker.trial():
        pass
    time.now += REST_SECONDS
    with breaker.trial():
        breaker.succeeded()
    assert not is_open(breaker)


def test_a_probe_that_was_given_up_lets_the_next_one_try(breaker: Breaker, time: Time) -> None:
    fail(breaker, FAILURES)
    time.now += REST_SECONDS
    with pytest.raises(KeyError), breaker.trial():
        raise KeyError
    with breaker.trial():
        breaker.succeeded()
    assert not is_open(breaker)
