"""Whose account a try is spent from."""

import pytest

from auth_service.fields import email_hash
from auth_service.limits.counting import address_account


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        (None, "not an address", True),
    ],
)
def test_an_ipv6_network_counts_as_one(one: str | None, other: str, same: bool) -> None:
    assert (address_account(one) == address_account(other)) is same


def test_every_spelling_of_an_address_has_one_account() -> None:
    assert email_hash(" Clerk@Masijala.example") == email_hash("clerk@masijala.EXAMPLE ")
    assert email_hash("clerk@masijala.example") != email_hash("clark@masijala.example")
    assert len(email_hash("\ud800")) == 32
