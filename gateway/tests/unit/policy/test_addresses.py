"""The client's address is what trusted proxies say, and nothing that a client says."""

from ipaddress import ip_address, ip_network

import pytest

from gateway.policy.addresses import UNKNOWN, AddressRules, parse_address, quota_bucket

RULES = AddressRules((ip_network("10.0.0.0/8"), ip_network("fd00::/8")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [b"6.6.6.6"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [b"198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"6.6.6.6, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"6.6.6.6, 198.51.100.7, 10.2.2.2"], "198.51.100.7"),
        ("10.0.0.1", [b"6.6.6.6", b"198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        ("10.0.0.1", [b"198.51.100.7, unknown, 10.2.2.2"], "10.2.2.2"),
        ("10.0.0.1", [b"198.51.100.7,"], "10.0.0.1"),
        ("10.0.0.1", [b"198.51.100.7:4711"], "198.51.100.7"),
        ("fd00::1", [b"[2001:db8::7]:4711"], "2001:db8::7"),
        ("fd00::1", [b"2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", [b"::ffff:198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"\xff\xfe"], "10.0.0.1"),
    ],
)
def test_the_client_is_the_first_hop_from_the_right_that_is_not_trusted(
    peer: str, forwarded: list[bytes], client: str
) -> None:
    assert RULES.locate(peer, forwarded) == ip_address(client)


def test_a_connection_without_an_address_is_unknown() -> None:
    assert RULES.locate(None, [b"6.6.6.6"]) == UNKNOWN
    assert RULES.locate("/run/edge.sock", [b"6.6.6.6"]) == UNKNOWN


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.4.5", "0x7f.1", "fe80::1%eth0", "a:b", "::g"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None


def test_lists_let_in_and_keep_out() -> None:
    open_to_all = AddressRules(())
    assert open_to_all.admits(ip_address("203.0.113.9"))
    denied = AddressRules((), denied=(ip_network("203.0.113.0/24"),))
    assert not denied.admits(ip_address("203.0.113.9"))
    assert denied.admits(ip_address("198.51.100.7"))
    allowed = AddressRules((), allowed=(ip_network("203.0.113.0/24"),))
    assert allowed.admits(ip_address("203.0.113.9"))
    assert not allowed.admits(ip_address("198.51.100.7"))
    both = AddressRules((), (ip_network("203.0.113.0/24"),), (ip_network("203.0.113.9/32"),))
    assert not both.admits(ip_address("203.0.113.9")), "what is denied is denied"


def test_an_ipv6_client_is_counted_by_its_network() -> None:
    assert quota_bucket(ip_address("2001:db8:1:2:3::9")) == "2001:db8:1:2::"
    assert quota_bucket(ip_address("203.0.113.9")) == "203.0.113.9"
