"""Where a frame of our own may stand in a stream of WebSocket frames."""

import pytest

from gateway.edge.tunnel import FrameBoundaries

SHORT = b"\x81\x05hello"
MEDIUM = b"\x82\x7e\x01\x00" + b"x" * 256
LONG = b"\x82\x7f" + (70_000).to_bytes(8, "big") + b"y" * 70_000
EMPTY = b"\x89\x00"


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 1000, 1_000_000])
def test_it_finds_the_ends_of_frames_however_they_are_cut(cut: int) -> None:
    stream = SHORT + EMPTY + MEDIUM + LONG + SHORT
    boundaries = FrameBoundaries()
    for at in range(0, len(stream), cut):
        boundaries.follow(stream[at : at + cut])
    assert boundaries.between_frames


@pytest.mark.parametrize("frame", [SHORT, MEDIUM, LONG])
def test_no_place_inside_a_frame_counts(frame: bytes) -> None:
    boundaries = FrameBoundaries()
    for octet in frame[:20][:-1] if frame is not SHORT else frame[:-1]:
        boundaries.follow(bytes([octet]))
        assert not boundaries.between_frames
