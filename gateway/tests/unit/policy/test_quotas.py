"""Quotas in the configuration and in the response fields."""

import pytest

from gateway.policy.quotas import (
    Quota,
    QuotaPolicy,
    QuotaState,
    Spending,
    quota_fields,
)


@pytest.mark.parametrize(("text", "limit", "seconds"), [("600/60", 600, 60), (" 1/1 ", 1, 1)])
def test_a_quota_is_requests_in_seconds(text: str, limit: int, seconds: int) -> None:
    assert Quota.parse(text) == Quota(limit, seconds)


def test_off_is_no_quota() -> None:
    assert Quota.parse("off") is None


@pytest.mark.parametrize("text", ["0/60", "600", "600/0", "600/60/1", "-1/60", "x/y", ""])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="requests/seconds"):
        Quota.parse(text)


def test_the_share_of_a_replica_is_never_zero() -> None:
    assert Quota(10).scaled(1 / 3) == Quota(3)
    assert Quota(1).scaled(1 / 3) == Quota(1)


def reported(*pairs: tuple[str, int, QuotaState]) -> tuple[bytes, bytes]:
    spendings = [Spending(QuotaPolicy(name, Quota(limit)), name) for name, limit, _ in pairs]
    fields = quota_fields(spendings, [state for _, _, state in pairs])
    return fields.policy, fields.state


def test_the_fields_name_the_first_policy_in_seconds_rounded_up() -> None:
    fields = reported(("user", 600, QuotaState(599, 59_000_001)), ("ip", 1200, QuotaState(1199, 1)))
    assert fields == (b'"user";q=600;w=60', b'"user";r=599;t=60')


def test_the_fields_add_the_policy_with_the_fewest_remaining_requests() -> None:
    fields = reported(("user", 600, QuotaState(9, 1)), ("ip", 1200, QuotaState(8, 2_000_000)))
    assert fields == (b'"user";q=600;w=60, "ip";q=1200;w=60', b'"user";r=9;t=1, "ip";r=8;t=2')


def test_a_violated_policy_is_always_named() -> None:
    violated = QuotaState(0, 5_000_000, violated=True)
    fields = reported(("user", 600, QuotaState(0, 1)), ("ip", 1200, violated))
    assert fields[1] == b'"user";r=0;t=1, "ip";r=0;t=5'
