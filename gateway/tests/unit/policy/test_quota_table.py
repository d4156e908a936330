"""Whose accounts a request spends, and by which limits."""

from ipaddress import ip_address, ip_network

import pytest

from gateway.policy.quota_table import QuotaTable
from gateway.policy.quotas import NO_FIELDS, Quota, QuotaPolicy, quota_fields
from gateway.routes import RateClass

HOME = ip_address("192.0.2.1")
COURTHOUSE = ip_address("10.20.3.4")
TABLE = QuotaTable(
    user=QuotaPolicy("user", Quota(600)),
    ip=QuotaPolicy("ip", Quota(1200)),
    classes={
        "login": QuotaPolicy("login", Quota(30)),
        "token": QuotaPolicy("token", Quota(120)),
        "write": QuotaPolicy("write", Quota(300)),
    },
    networks={
        ip_network("10.0.0.0/8"): {"ip": QuotaPolicy("ip", Quota(6000))},
        ip_network("10.20.0.0/16"): {"login": QuotaPolicy("login", Quota(300)), "ip": None},
    },
)


def spent(rate: RateClass, subject: str | None) -> list[str]:
    return [item.key for item in TABLE.of_request(rate, HOME, subject)]


def test_the_reads_of_a_signed_in_user_leave_the_shared_address_alone() -> None:
    assert spent(RateClass.READ, "u1") == ["q:user:u1"]


def test_the_writes_of_a_signed_in_user_spend_the_class_and_leave_the_address_alone() -> None:
    assert spent(RateClass.WRITE, "u1") == ["q:user:u1", "q:write:u1"]


@pytest.mark.parametrize("rate", [RateClass.LOGIN, RateClass.TOKEN])
def test_a_known_device_has_an_account_of_its_own_behind_a_shared_address(rate: RateClass) -> None:
    spendings = TABLE.of_request(rate, HOME, None, "d1")
    assert [item.key for item in spendings] == [f"q:{rate}:d1"]
    assert spendings != TABLE.of_request(rate, HOME, None, "d2")


def test_an_anonymous_request_spends_the_address_only() -> None:
    assert spent(RateClass.READ, None) == ["q:ip:192.0.2.1"]


def test_sign_in_is_counted_by_address_even_for_a_known_user() -> None:
    assert spent(RateClass.LOGIN, None) == ["q:login:192.0.2.1", "q:ip:192.0.2.1"]
    assert spent(RateClass.LOGIN, "u1")[1] == "q:login:192.0.2.1"


@pytest.mark.parametrize(
    ("address", "limits"),
    [
        ("192.0.2.1", {"login": 30, "ip": 1200}),
        ("10.9.0.1", {"login": 30, "ip": 6000}),
        ("10.20.3.4", {"login": 300}),
    ],
)
def test_the_smallest_network_that_names_a_policy_sets_its_limit(
    address: str, limits: dict[str, int]
) -> None:
    spendings = TABLE.of_request(RateClass.LOGIN, ip_address(address), None)
    assert {item.policy.name: item.policy.limit for item in spendings} == limits


def test_the_addresses_of_a_network_each_have_an_account() -> None:
    accounts = {
        TABLE.of_request(RateClass.LOGIN, COURTHOUSE + step, None)[0].key for step in range(2)
    }
    assert accounts == {"q:login:10.20.3.4", "q:login:10.20.3.5"}


def test_the_same_caller_gets_the_same_spendings() -> None:
    first = TABLE.of_request(RateClass.READ, HOME, "u1")
    assert TABLE.of_request(RateClass.READ, HOME, "u1") is first


def test_without_quotas_nothing_is_spent_or_reported() -> None:
    table = QuotaTable(None, None, {})
    assert table.of_request(RateClass.READ, HOME, "u1") == ()
    assert quota_fields((), ()) is NO_FIELDS
    assert NO_FIELDS.headers == ()
