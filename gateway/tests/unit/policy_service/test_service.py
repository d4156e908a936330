"""The client's address, as the edge sends it."""

import pytest

from gateway.policy_service.service import read_forwarded


@pytest.mark.parametrize(
    ("given", "peer", "left"),
    [
        ([], None, ()),
        ([b"192.0.2.1"], "192.0.2.1", ()),
        ([b"6.6.6.6, 192.0.2.1"], "192.0.2.1", (b"6.6.6.6",)),
        ([b"6.6.6.6", b"7.7.7.7,192.0.2.1"], "192.0.2.1", (b"6.6.6.6, 7.7.7.7",)),
    ],
)
def test_the_last_hop_is_the_peer_and_earlier_ones_are_not_trusted(
    given: list[bytes], peer: str | None, left: tuple[bytes, ...]
) -> None:
    forwarded = read_forwarded([(b"x-forwarded-for", value) for value in given] + [(b"a", b"1")])
    assert forwarded.peer == peer
    assert forwarded.headers.all(b"x-forwarded-for") == left
    assert forwarded.headers.all(b"a") == (b"1",)
