"""Checkpoints: believed under a known key only, and none may be turned into another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.audit.checkpoints import Checkpoint, CheckpointKeys, CheckpointKind
from common.audit.links import GENESIS, Link

AT = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = CheckpointKeys(("the current key of the tests", "the previous key of the tests"))
HEAD = KEYS.sign(CheckpointKind.HEAD, Link(5, b"5" * 32), AT)


def test_a_signed_head_is_an_anchor() -> None:
    judged = KEYS.judge([HEAD])
    assert judged.signed == {0: GENESIS.hash, 5: b"5" * 32}
    assert (judged.start, judged.forged, judged.is_unproven) == (GENESIS, (), False)


def test_the_newest_start_is_where_the_chain_begins() -> None:
    starts = [KEYS.sign(CheckpointKind.START, Link(n, bytes([n]) * 32), AT) for n in (3, 7, 5)]
    assert KEYS.judge(starts).start == Link(7, b"\x07" * 32)


@pytest.mark.parametrize(
    "forged",
    [
        replace(HEAD, kind=CheckpointKind.START),
        replace(HEAD, link=Link(4, HEAD.link.hash)),
        replace(HEAD, link=Link(5, b"6" * 32)),
        replace(HEAD, made_at=AT + timedelta(seconds=1)),
        replace(HEAD, signature=bytes(32)),
    ],
)
def test_a_changed_checkpoint_is_forged(forged: Checkpoint) -> None:
    assert KEYS.judge([forged]).forged == (forged,)


def test_a_previous_key_still_verifies_its_signatures() -> None:
    old = CheckpointKeys((KEYS.secrets[1],)).sign(CheckpointKind.HEAD, Link(2, b"2" * 32), AT)
    assert 2 in KEYS.judge([old, HEAD]).signed


def test_an_unknown_key_matters_only_for_the_newest_checkpoint() -> None:
    stranger = CheckpointKeys(("a key that was never configured",))
    older = stranger.sign(CheckpointKind.HEAD, Link(2, b"2" * 32), AT)
    newer = stranger.sign(CheckpointKind.HEAD, Link(9, b"9" * 32), AT)
    assert not KEYS.judge([older, HEAD]).is_unproven
    assert KEYS.judge([HEAD, newer]).is_unproven
