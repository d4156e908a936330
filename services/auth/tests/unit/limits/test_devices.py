"""Tokens by which an account knows a device again."""

import pytest

from auth_service.fields import email_hash
from auth_service.limits.devices import Devices

EMAIL = "clerk@masijala.example"
DEVICES = Devices(b"a key of the tests")


def test_a_device_is_known_again_for_its_own_account_in_any_spelling() -> None:
    device = DEVICES.new(EMAIL)
    assert DEVICES.find([device.token], " Clerk@Masijala.example") == device
    assert DEVICES.find([device.token], "other@masijala.example") is None


def test_each_device_has_a_counter_of_its_own() -> None:
    one, other = DEVICES.new(EMAIL), DEVICES.new(EMAIL)
    assert len({one.counter, other.counter, email_hash(EMAIL)}) == 3
    assert DEVICES.find([one.token, other.token], EMAIL) == one


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "ä" * 64, "=" * 64, "A" * 500])
def test_what_was_not_made_here_is_no_device(token: str) -> None:
    assert DEVICES.find([token], EMAIL) is None


def test_a_token_under_another_key_or_changed_is_no_device() -> None:
    token = DEVICES.new(EMAIL).token
    assert Devices(b"another key").find([token], EMAIL) is None
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    assert DEVICES.find([changed], EMAIL) is None
