"""Tokens by which an account knows a device again."""

import pytest

from auth_service.fields import email_hash
from auth_service.limits.devices import Devices
from common.known_devices import device_of

EMAIL = "clerk@masijala.example"
GATEWAY_KEY = "a key that the gateway has too"
DEVICES = Devices(b"a key of the tests", GATEWAY_KEY)


def test_a_device_is_known_again_for_its_own_account_in_any_spelling() -> None:
    device = DEVICES.new(EMAIL)
    assert DEVICES.find([device.token], " Clerk@Masijala.example") == device
    assert DEVICES.find([device.token], "other@masijala.example") is None


def test_the_gateway_knows_the_device_whatever_its_account() -> None:
    one, other = DEVICES.new(EMAIL), DEVICES.new("other@masijala.example")
    assert device_of([b"x", one.token.encode()], GATEWAY_KEY) is not None
    tokens = [device.token.encode() for device in (one, other)]
    assert device_of(tokens, GATEWAY_KEY) != device_of(reversed(tokens), GATEWAY_KEY)
    assert device_of(tokens, "another key") is None
    for place in range(len(one.token)):
        other_letter = "A" if one.token[place] != "A" else "B"
        forged = one.token[:place] + other_letter + one.token[place + 1 :]
        assert device_of([forged.encode()], GATEWAY_KEY) is None


def test_a_token_without_a_mark_or_with_that_of_an_earlier_key_gets_one() -> None:
    device = DEVICES.new(EMAIL)
    earlier = Devices(DEVICES.key, "the key before").find([device.token], EMAIL)
    assert earlier is not None
    for token in (device.token[:64], earlier.token):
        assert device_of([token.encode()], GATEWAY_KEY) is None
        assert DEVICES.find([token], EMAIL) == device


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
